package publish

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"
)

// An outcome is what became of a channel in a run.
type outcome struct {
	begun     bool
	postponed bool // it has to recover something, which others may take
	progress  progress
	report    FeedReport
}

// publishAll publishes channels, side by side: while one waits for the disk another is written and checked. What was begun
// when ctx ends is finished.
func (r *run) publishAll(ctx context.Context, work []channel) {
	outcomes := make([]outcome, len(work))
	begin := func(i int) {
		if ctx.Err() == nil {
			outcomes[i] = r.publish(context.WithoutCancel(ctx), work[i])
		}
	}
	atOnce := runtime.GOMAXPROCS(0)
	if r.alone = !r.isTrusted() && len(r.list.order) > 0; r.alone {
		atOnce = 1
	}
	beside(len(work), atOnce, begin)
	if slices.ContainsFunc(outcomes, func(o outcome) bool { return o.postponed }) {
		r.alone = true
		publishAgain(outcomes, begin)
	}
	for i, o := range outcomes {
		if !o.begun {
			continue
		}
		r.done = append(r.done, o.progress)
		r.report.add(o.report)
		if a := o.progress.archive; a != nil && a.whole {
			r.incomplete[work[i].Name] = false
		}
	}
}

// publishAgain publishes the channels that have something to recover, and then the others, which may take it.
func publishAgain(outcomes []outcome, begin func(i int)) {
	before := slices.Clone(outcomes)
	for i, o := range before {
		if o.postponed {
			begin(i)
		}
	}
	for i, o := range before {
		if o.begun {
			begin(i)
			outcomes[i].report.follow(o.report)
		}
	}
}

// beside calls do for each of n indices, so many at once, and waits for them. A panic of one is the caller's once
// all have ended, so that what catches it there does.
func beside(n, atOnce int, do func(i int)) {
	faults := make([]any, n)
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range n {
		group.Go(func() error {
			defer func() {
				if fault := recover(); fault != nil {
					faults[i] = fmt.Sprintf("%v\n%s", fault, debug.Stack())
				}
			}()
			do(i)
			return nil
		})
	}
	_ = group.Wait()
	for _, fault := range faults {
		if fault != nil {
			panic(fault)
		}
	}
}
