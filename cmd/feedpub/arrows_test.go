package main

import (
	"os/exec"
	"strings"
	"testing"
)

// mayImport says which of our packages a room may import. Leaves know nobody but smaller leaves; feed stands on leaves; the rooms under
// feed/ stand on feed, the store and leaves, and do not know each other; only the program imports them all.
var mayImport = map[string][]string{
	"feed/internal/browser":  {},
	"feed/internal/clean":    {"feed/internal/pattern"},
	"feed/internal/durable":  {},
	"feed/internal/encode":   {},
	"feed/internal/fetch":    {},
	"feed/internal/manifest": {"feed/internal/durable"},
	"feed/internal/page":     {"feed", "feed/internal/clean"},
	"feed/internal/pattern":  {},
	"feed/internal/xss":      {},
	"feed/internal/strict":   {"feed/internal/pattern"},
	"feed":                   {"feed/internal/clean", "feed/internal/strict"},
	"store":                  {"feed"},
	"config":                 {"feed"},
	"feed/audience":          {"feed", "store", "feed/internal/"},
	"feed/ingest":            {"feed", "store", "feed/internal/"},
	"feed/publish":           {"feed", "store", "feed/internal/"},
	"feed/status":            {"feed", "store", "feed/internal/"},
	"feed/web":               {"feed", "store", "feed/internal/"},
	"feed/validate":          {"feed", "feed/internal/"},
	"cmd/feedpub":            {"feed", "store", "config", "feed/audience", "feed/ingest", "feed/publish", "feed/status", "feed/validate", "feed/web"},
	"cmd/feedpub/bench":      {},
	"cmd/feedpub/bench/ask":  {},
}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}: {{join .Imports \" \"}}", "feedpub/...").Output()
	if err != nil {
		t.Fatal("go list:", err)
	}
	for line := range strings.Lines(string(out)) {
		name, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		room := strings.TrimPrefix(name, "feedpub/")
		allowed, known := mayImport[room]
		if !known {
			t.Errorf("%s is not in the layout", room)
		}
		for imported := range strings.FieldsSeq(imports) {
			other, ours := strings.CutPrefix(imported, "feedpub/")
			if ours && !permits(allowed, other) {
				t.Errorf("%s imports %s", room, other)
			}
		}
	}
}

func permits(allowed []string, room string) bool {
	for _, a := range allowed {
		if room == a || strings.HasSuffix(a, "/") && strings.HasPrefix(room, a) {
			return true
		}
	}
	return false
}
