package publish

import (
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"time"

	"feedpub/feed/internal/manifest"
)

// listSetting is the name of the setting that says with which list the progress of the feeds was noted.
const listSetting = "list"

// noted is what the setting says: where the list is still that one, what the store says of the feeds' windows is what their
// documents hold, and another process may go on where this one ended.
type noted struct {
	List      string    `json:"list"`                // its digest
	Mark      int64     `json:"mark"`                // the changes up to which it tells of
	Recalled  time.Time `json:"recalled,omitzero"`   // see Publisher.recalled
	Unsettled []string  `json:"unsettled,omitempty"` // see Publisher.unsettled
}

// maxNotedIDs is how many unsettled entries are noted. After a run with more the next one looks at all that there is.
const maxNotedIDs = 2000

// notedOf reads the setting; what is none says nothing.
func notedOf(setting string) (n noted) {
	if json.Unmarshal([]byte(setting), &n) != nil {
		return noted{}
	}
	return n
}

// notedWith is what was noted with the list that lies in the folder; nil where that is another one.
func (p *Publisher) notedWith(ctx context.Context, root *os.Root) (*noted, error) {
	setting, err := p.store.Setting(ctx, listSetting)
	if err != nil {
		return nil, err
	}
	n := notedOf(setting)
	if n.List == "" || n.List != manifest.DigestOf(root) {
		return nil, nil
	}
	return &n, nil
}

func (r *run) noteList(ctx context.Context) error {
	n := noted{List: r.list.digest, Mark: r.mark}
	if ids := r.unsettled.ids; !r.unsettled.many && len(ids) <= maxNotedIDs {
		n.Recalled, n.Unsettled = r.recalled, slices.Sorted(maps.Keys(ids))
	}
	setting, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return r.store.SetSetting(ctx, listSetting, string(setting))
}

// goOn goes on where another process ended, unless a run after that one was cut off.
func (r *run) goOn(mark int64) {
	if r.noted == nil || r.noted.Mark != mark {
		return
	}
	r.continued, r.recalled, r.unsettled = true, r.noted.Recalled, few{}
	for _, id := range r.noted.Unsettled {
		r.unsettled.add(id)
	}
}
