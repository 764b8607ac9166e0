package publish

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"feedpub/feed/internal/manifest"
)

// lookAgain is how long a process goes on from what another noted, and a daemon trusts that nobody else touched the published documents while the store and the list
// stay as they are. What somebody removed is written again after it.
const lookAgain = 10 * time.Minute

// settled is how a run left things when nothing was left to do.
type settled struct {
	list os.FileInfo // nil when something was left to do
	mark int64       // up to which changes of the store all is published
	at   time.Time
}

// kept is the list of published files as the last run wrote it, which need not be read while the file is the same.
type kept struct {
	info os.FileInfo
	list *manifest.Manifest
}

func (p *Publisher) isKept(root *os.Root) bool {
	info, err := root.Stat(manifest.Name)
	return err == nil && p.kept.info != nil && sameFile(p.kept.info, info)
}

func sameFile(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// settle notes that nothing is left to do, if that is so.
func (p *Publisher) settle(ctx context.Context, r *run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.settled = settled{at: r.at}
	if p.config.DryRun || r.report.Failed+r.report.Blocked+r.report.Refused > 0 {
		return
	}
	if whole, err := p.store.AreFeedsSettled(ctx); err != nil || !whole {
		return
	}
	if info, err := os.Stat(filepath.Join(p.config.Public, manifest.Name)); err == nil {
		p.settled.list, p.settled.mark = info, r.mark
	}
}

// idle says that there is nothing to do, at the cost of a look at the store's counter and at the list: no entry was
// written since all was published, no time has come, and the list is as it was left.
func (p *Publisher) idle(ctx context.Context) (bool, error) {
	p.mu.Lock()
	s := p.settled
	p.mu.Unlock()
	now := p.now()
	if s.list == nil || now.Before(s.at) || now.Sub(s.at) > lookAgain {
		return false, nil
	}
	info, err := os.Stat(filepath.Join(p.config.Public, manifest.Name))
	if err != nil || !sameFile(info, s.list) {
		return false, nil
	}
	last, err := p.store.LastChange(ctx)
	if err != nil || last != s.mark {
		return false, err
	}
	due, err := p.Due(ctx, now)
	return !due, err
}
