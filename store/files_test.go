package store

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

func testFiles(t *testing.T, s *Store) {
	stamps, keys, slots := map[string]Stamp{}, []string{"none.md"}, []int{}
	for i := range maxParameters {
		key := fmt.Sprintf("a/%d.md", i)
		keys = append(keys, key)
		stamps[key] = Stamp{int64(i), int64(-i), int64(2 * i)}
	}
	for slot := range Slots {
		slots = append(slots, slot)
	}
	ctx := t.Context()
	want := func(what string, got map[string]Stamp, err error) {
		t.Helper()
		if err != nil || !maps.Equal(got, stamps) {
			t.Errorf("%s: got %d files %v, %v, want %d", what, len(got), got, err, len(stamps))
		}
	}
	for range 2 {
		if err := s.SaveFiles(ctx, "s", stamps, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveFiles(ctx, "other", map[string]Stamp{"a/1.md": {7, 7, 7}}, []string{"a/2.md"}); err != nil {
			t.Fatal(err)
		}
		all := map[string]Stamp{}
		err := s.Files(ctx, "s", slots, func(key string, was Stamp) { all[key] = was })
		want("all", all, err)
		by, err := s.FilesBy(ctx, "s", keys)
		want("by key", by, err)
		delete(stamps, "a/5.md")
		stamps["a/6.md"] = Stamp{}
		if err := s.SaveFiles(ctx, "s", map[string]Stamp{"a/6.md": {}}, []string{"a/5.md", "none.md"}); err != nil {
			t.Fatal(err)
		}
	}
	slot := SlotOf("a/6.md")
	maps.DeleteFunc(stamps, func(key string, _ Stamp) bool { return SlotOf(key) != slot })
	some := map[string]Stamp{}
	err := s.Files(ctx, "s", []int{slot}, func(key string, was Stamp) { some[key] = was })
	want("of a slot", some, err)
}

// What is noted of a file is found by its whole key.
func TestFilesByKeyPlan(t *testing.T) {
	s := openFile(t, t.TempDir()+"/store.db")
	for _, step := range plan(t, s, filesWhere+filesByKey(2)) {
		if strings.Contains(step, " files ") && !strings.Contains(step, "slot=? AND key=?") {
			t.Errorf("got %q, want a search by the whole key", step)
		}
	}
}
