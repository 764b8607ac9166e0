package store

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// Texts that are new in a process that has run for long are kept too, in place of those that nobody uses any more.
func TestPreparedForgetsTheUnused(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	const often = `SELECT 'often'`
	run := func(query string) {
		t.Helper()
		err := s.inTx(t.Context(), func(x *tx) error { return x.exec(context.Background(), query) })
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 * maxKept {
		query := fmt.Sprintf("SELECT %d", i)
		for range 3 { // it is prepared before the third
			run(query)
			run(often)
		}
		if s.prepared.kept[query] == nil || s.prepared.kept[often] == nil {
			t.Fatalf("%s is not kept, or what is used is not: %d are", query, len(s.prepared.kept))
		}
	}
	if n := len(s.prepared.kept); n != maxKept {
		t.Errorf("%d are kept, want %d", n, maxKept)
	}
}

// A statement that is dropped while a transaction uses it serves that to its end, and none is left open behind the back.
func TestPreparedAtTheSameTime(t *testing.T) {
	s := openFile(t, filepath.Join(t.TempDir(), "store.db"))
	const query = `SELECT 1`
	first, err := s.write.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.write.Prepare(query)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.prepared.keep(query, first); err != nil {
		t.Fatal(err)
	}
	err = s.inTx(t.Context(), func(x *tx) error {
		var one int
		if _, err := x.get(t.Context(), []any{&one}, query); err != nil {
			return err
		}
		if err := s.prepared.keep(query, second); err != nil { // as another goroutine would
			return err
		}
		found, err := x.get(t.Context(), []any{&one}, query)
		if !found {
			t.Error("the transaction lost its statement")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := first.Exec(); err == nil {
		t.Error("the statement that was replaced is still open")
	}

	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 50 {
				err := s.inTx(t.Context(), func(x *tx) error { return x.exec(t.Context(), fmt.Sprintf("SELECT %d", i%10)) })
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
