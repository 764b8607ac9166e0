package publish

import (
	"fmt"
	"runtime/debug"

	"golang.org/x/sync/errgroup"
)

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
