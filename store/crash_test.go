package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// childPath in the environment names the store that this process is to fill until it is killed.
const childPath = "FEEDPUB_TEST_CRASH_STORE"

func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		if err := fill(path, os.Getenv(childPath+"_ROUND")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// fill puts articles and prints the ID of each that is acknowledged.
func fill(path, round string) error {
	ctx := context.Background()
	s, err := Open(ctx, path)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		e := article(fmt.Sprintf("%s/%d", round, i))
		if _, err := s.Put(ctx, e); err != nil {
			return err
		}
		fmt.Println(e.ID)
	}
}

// What was acknowledged is there after kill -9, at whatever moment.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	acknowledged := 0
	for round := range 10 {
		ids := fillAndKill(t, path, fmt.Sprint(round), 1+rand.IntN(60))
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatalf("open after a kill: %v", err)
		}
		for _, id := range ids {
			if _, err := s.Entry(t.Context(), id); err != nil {
				t.Errorf("acknowledged before the kill: got %v, want it stored", err)
			}
		}
		var state string
		if err := s.read.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&state); err != nil || state != "ok" {
			t.Errorf("integrity: got %s, %v, want ok", state, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		acknowledged += len(ids)
	}
	t.Logf("%d articles acknowledged in 10 rounds", acknowledged)
}

// fillAndKill runs fill in a process that is killed when it has acknowledged n articles or a few more.
func fillAndKill(t *testing.T, path, round string, n int) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childPath+"="+path, childPath+"_ROUND="+round)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		ids = append(ids, lines.Text())
		if len(ids) == n {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if len(ids) < n {
		t.Fatalf("round %s: got %d articles, want %d: %s", round, len(ids), n, stderr.String())
	}
	return ids
}
