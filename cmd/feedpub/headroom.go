package main

import (
	"os"
	"runtime"
	"runtime/debug"
	goMetrics "runtime/metrics"
)

// A run that ends soon need not look for free memory as often as Go does by itself, with so little in use: that was a tenth of
// what a run costs. Up to headroom may be put on the heap between two looks, but not more than four times what is in use.
const headroom = 48 << 20

// withHeadroom lets the heap grow so far, again after each look. With much in use it is as Go does by itself.
func withHeadroom() {
	if os.Getenv("GOGC") != "" {
		return // who runs it knows better
	}
	inUse := []goMetrics.Sample{{Name: "/gc/heap/live:bytes"}}
	goMetrics.Read(inUse)
	debug.SetGCPercent(int(min(400, max(100, headroom*100/max(1, inUse[0].Value.Uint64())))))
	runtime.AddCleanup(new([64]byte), func(int) { withHeadroom() }, 0) // so large that it shares its memory with nothing that stays
}
