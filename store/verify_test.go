package store

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feedpub/feed"
)

func TestVerify(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := openFile(t, path)
	for n := range 200 {
		e := feed.Entry{ID: fmt.Sprintf("tag:example.org,2026-01-01:%d", n), Source: "articles", Key: fmt.Sprintf("%d.md", n), Title: "T",
			Content: strings.Repeat("<p>A body of some length.</p>", 50), Status: feed.Published, Published: start, Updated: start}
		if _, err := s.Put(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	if faults, err := s.Verify(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("of a whole store: got %q, %v", faults, err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := s.CopyTo(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(data) / 2 / 4096 * 4096; i < len(data)-4096; i += 4096 { // every page of the second half
		copy(data[i:], bytes.Repeat([]byte{0xff}, 64))
	}
	if err := os.WriteFile(copied, data, 0o600); err != nil {
		t.Fatal(err)
	}
	damaged := openFile(t, copied)
	if faults, err := damaged.Verify(t.Context()); err == nil && len(faults) == 0 {
		t.Error("of a damaged store: got no fault")
	} else {
		t.Log(len(faults), err)
	}
}
