package publish

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
	"feedpub/store"
)

// What is kept of the list from run to run is what it would be if the store were asked for all of it: by a daemon, and by one
// process after the other.
func TestListIsKeptAsItWouldBeReadWhole(t *testing.T) {
	listIsKept(t, (*desk).sameProcess)
	t.Run("from process to process", func(t *testing.T) { listIsKept(t, (*desk).nextProcess) })
	t.Run("after a process that was cut off", func(t *testing.T) { listIsKept(t, (*desk).afterCut) })
}

func (d *desk) sameProcess(p *Publisher) *Publisher { return p }
func (d *desk) nextProcess(*Publisher) *Publisher   { return d.publisher() }

// sometimesAnother is the same process, which is not the only one.
func (d *desk) sometimesAnother(p *Publisher) *Publisher {
	if rand.IntN(3) == 0 {
		d.publish()
	}
	return p
}

// afterCut is the next process where the one before marked its work, and did none of it.
func (d *desk) afterCut(*Publisher) *Publisher {
	last, err := d.store.LastChange(d.Context())
	if err == nil {
		err = d.store.MarkDirty(d.Context(), []string{"few", "news", "tag/a", "tag/b", "tag/c"}, last)
	}
	if err != nil {
		d.Fatal(err)
	}
	return d.publisher()
}

// Nor is it another one where more changed than is looked at one by one.
func TestListIsKeptWhereManyChanged(t *testing.T) {
	defer func(n int) { manyIDs = n }(manyIDs)
	manyIDs = 6
	listIsKept(t, (*desk).sameProcess)
}

func listIsKept(t *testing.T, next func(*desk, *Publisher) *Publisher) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 5))
	few := spec("few")
	few.Limit = 3
	tagged := eachTag()
	tagged.Limit = 2
	d := newDesk(t, few, archived("news", 4), tagged)
	p := d.publisher()
	tags := []string{"a", "b", "c"}
	articles := map[int]feed.Entry{}
	again := func() string {
		t.Helper()
		if err := d.store.MarkDirty(t.Context(), []string{"few"}, 0); err != nil {
			t.Fatal(err)
		}
		p = next(d, p)
		p.settled = settled{}
		if _, err := p.Publish(t.Context(), All); err != nil {
			t.Fatal(err)
		}
		return d.read(".feedpub.json")
	}
	rounds := 25
	if os.Getenv("MANY_ROUNDS") != "" {
		rounds = 150
	}
	for round := range rounds {
		d.now = d.now.Add(time.Duration(1+r.IntN(400)) * time.Second)
		for range 1 + r.IntN(3) {
			n := r.IntN(300)
			e, known := articles[n]
			if !known {
				e = dated(n, r.IntN(60), tags[r.IntN(3)])
				e.Dated = n%5 != 0
				if !e.Dated {
					e.Published = time.Time{}
				}
			}
			e.Embargo, e.Expiry, e.Status = time.Time{}, time.Time{}, feed.Published
			switch r.IntN(8) {
			case 0:
				e.Status = feed.Draft
			case 1:
				e.Embargo = d.now.Add(time.Duration(r.IntN(90)) * time.Minute)
			case 2:
				e.Expiry = d.now.Add(time.Duration(r.IntN(90)) * time.Minute)
			case 3:
				e.Tags = []string{tags[r.IntN(3)]}
			case 4:
				if known {
					_, _ = d.store.Withdraw(t.Context(), e.ID, "Gone.")
				}
			case 5:
				if known {
					_, _ = d.store.Restore(t.Context(), e.ID)
				}
			}
			e = write(e, fmt.Sprintf("<p>Edit %d.</p>", r.IntN(100)))
			articles[n] = e
			d.put(e)
		}
		p = next(d, p)
		if _, err := p.Publish(t.Context(), All); err != nil {
			t.Fatal(err)
		}
		kept := again()
		p.recalled = time.Time{}
		if err := d.store.SetSetting(t.Context(), listSetting, ""); err != nil { // so that it knows nothing
			t.Fatal(err)
		}
		if whole := again(); whole != kept {
			t.Fatalf("round %d: the list is\n%s\nread whole it is\n%s", round, kept, whole)
		}
		if r.IntN(10) == 0 { // another process publishes
			d.publish()
		}
	}
}

// A run that was cut off after it had marked its work has told nobody of what changed; the next process looks at everything.
func TestListAfterACutOff(t *testing.T) {
	news := spec("news")
	news.Limit = 1
	d := newDesk(t, news)
	for n := range 4 { // the first has left long ago
		d.put(article(n + 1))
		d.now = d.now.Add(time.Hour)
		d.publish()
	}
	d.put(write(article(1), "<p>Edited.</p>"))
	edited, err := d.store.Entry(t.Context(), article(1).ID)
	if err != nil {
		t.Fatal(err)
	}
	d.afterCut(nil).Publish(t.Context(), All)
	var list manifest.Manifest
	if err := json.Unmarshal([]byte(d.read(".feedpub.json")), &list); err != nil {
		t.Fatal(err)
	}
	if n := slices.IndexFunc(list.Entries, func(e manifest.Entry) bool { return e.ID == edited.ID }); n < 0 || !list.Entries[n].Updated.Equal(edited.Updated) {
		t.Errorf("the list does not tell of the edit: %+v", list.Entries)
	}
}

// What was withdrawn before its article came is on the list also where no article changed.
func TestListTellsOfAdoptedWithdrawals(t *testing.T) {
	d := newDesk(t, spec("news"))
	d.put(article(1))
	d.publish()
	d.now = d.now.Add(time.Minute)
	const id = "https://old.example.org/1"
	old := store.Adopted{ID: id, URL: "https://example.org/old/1", Published: noon(1), Updated: noon(1)}
	if err := d.store.Adopt(t.Context(), []store.Adopted{old}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Withdraw(t.Context(), id, "A note"); err != nil {
		t.Fatal(err)
	}
	d.put(article(2))
	d.publish()
	if !strings.Contains(d.read(".feedpub.json"), id) {
		t.Error("the list does not tell of the withdrawal")
	}
}
