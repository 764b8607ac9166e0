package encode

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestDecode(t *testing.T) {
	plain := []byte(strings.Repeat("<item>news</item>", 100))
	for c := Gzip; c < Codings; c++ {
		coded := Bytes(plain, c)
		if len(coded) >= len(plain) || !bytes.Equal(coded, Bytes(plain, c)) {
			t.Errorf("%s: got %d bytes of %d, want fewer, and the same each time", c, len(coded), len(plain))
		}
		if got, err := Decode(coded, c, len(plain)); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: got %d bytes back, %v, want %d", c, len(got), err, len(plain))
		}
		if _, err := Decode(coded, c, len(plain)-1); err == nil {
			t.Errorf("%s: got no error for more bytes than the limit", c)
		}
		if _, err := Decode([]byte("no such coding"), c, 100); err == nil {
			t.Errorf("%s: got no error for other bytes", c)
		}
		if named, ok := Named(c.String()); !ok || named != c {
			t.Errorf("%s: got %s by its name", c, named)
		}
	}
}

// The costs of publishing a document in each coding: time, and what is left of its bytes.
func BenchmarkBytes(b *testing.B) {
	var doc bytes.Buffer
	for i := range 100 {
		fmt.Fprintf(&doc, "<item><title>Story %d</title><guid>tag:example.org,2026:%d</guid><description>%x</description></item>\n", i, i, i*i*7919)
	}
	for c := Gzip; c < Codings; c++ {
		b.Run(c.String(), func(b *testing.B) {
			var coded []byte
			for b.Loop() {
				coded = Bytes(doc.Bytes(), c)
			}
			b.ReportMetric(float64(len(coded))/float64(doc.Len()), "of-plain")
		})
	}
}
