package publish

import (
	"context"
	"errors"
	"fmt"

	"feedpub/feed"
	"feedpub/store"
)

// reasons says of every entry that is published in the channel, but not in its new window, why it leaves: those of the window before, and what is gone of the documents. An entry
// without a reason is not in the result, and the successor rule will not let it go.
func (r *run) reasons(ctx context.Context, c channel, reconfigured bool, window []feed.Entry, gone []string) (map[string]string, error) {
	stays := map[string]bool{}
	for _, e := range window {
		stays[e.ID] = true
	}
	before, err := r.store.Window(ctx, c.Name)
	if err != nil {
		return nil, err
	}
	before = append(before, gone...)
	left := map[string]string{}
	for _, id := range before {
		if stays[id] || left[id] != "" {
			continue
		}
		e, err := r.store.Entry(ctx, id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("why %s left: %w", id, err)
		}
		if why := r.reason(c, &e, reconfigured, window); why != "" {
			left[id] = why
		}
	}
	return left, nil
}

func (r *run) reason(c channel, e *feed.Entry, reconfigured bool, window []feed.Entry) string {
	status := e.StatusAt(r.at)
	switch {
	case status == feed.Scheduled:
		return "embargoed"
	case status != feed.Published:
		return string(status) // draft, expired, withdrawn
	case !c.Select.Matches(e) && !reconfigured:
		return "no longer selected"
	case len(window) >= c.Limit && feed.Compare(window[len(window)-1], *e) < 0:
		return "newer entries"
	case reconfigured:
		return "configuration"
	}
	return ""
}
