package publish

import (
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"testing"
	"time"

	"feedpub/feed"
)

func BenchmarkZZTick(b *testing.B) {
	n, _ := strconv.Atoi(os.Getenv("ZZ_N"))
	if n == 0 {
		b.Skip()
	}
	s, p, entry := benchmarkSite(b, n)
	for name, at := range map[string]int{"old": n / 2, "new": n - 1} {
		f, _ := os.Create("/tmp/b/zz." + name + ".prof")
		pprof.StartCPUProfile(f)
		began := time.Now()
		const rounds = 40
		for i := range rounds {
			if _, err := s.PutAll(b.Context(), []feed.Entry{write(entry(at), fmt.Sprintf("<p>Edit %d of %s.</p>", i, name))}); err != nil {
				b.Fatal(err)
			}
			if r, err := p.Publish(b.Context(), All); err != nil || r.Written == 0 {
				b.Fatal(r, err)
			}
		}
		b.Logf("%s %v", name, time.Since(began)/rounds)
		pprof.StopCPUProfile()
		f.Close()
	}
}
