package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// This file holds what only SQLite knows.

const (
	busyTimeout = 10 * time.Second // how long a write waits for another process's
	readers     = 4                // connections for reading
	magic       = "SQLite format 3\x00"
)

// writePragmas let a transaction of an import stay in memory until it ends, and let the log grow to 16 MB before it is
// folded into the file, so that pages of indexes, which every transaction writes, are folded in less often.
var writePragmas = []string{"cache_size(-8000)", "wal_autocheckpoint(4000)"}

//go:embed migrations/*.sql
var migrations embed.FS

func openSQLite(ctx context.Context, path string) (*Store, error) {
	path, err := prepareFile(path)
	if err != nil {
		return nil, err
	}
	s := &Store{Now: time.Now, path: path}
	if s.write, err = sql.Open("sqlite", dsn(path, "_txlock", "immediate")); err != nil {
		return nil, err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn(path, "_query_only", "1")); err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(s.explain(err), s.Close())
	}
	if s.file, err = os.Stat(path); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Lost is ErrLost when the store's file is no longer the one that was opened. What is written then is lost with the
// old file. Such a store is to be closed before the new one is opened: closing removes the log that lies at the path,
// whose ever it is.
func (s *Store) Lost() error {
	if info, err := os.Stat(s.path); errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(info, s.file) {
		return fmt.Errorf("%w: %s", ErrLost, s.path)
	}
	return nil
}

// dsn names the file as a URI, the only form in which a path may hold ?, # and %. synchronous=FULL makes each commit
// reach the disk before it returns: in WAL mode, NORMAL would lose acknowledged articles with the power.
func dsn(path, option, value string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive
	}
	q := url.Values{
		"_busy_timeout": {fmt.Sprint(busyTimeout.Milliseconds())},
		"_foreign_keys": {"1"},
		"_synchronous":  {"FULL"},
		"_error_rc":     {"1"},
		option:          {value},
	}
	if option == "_txlock" { // the one that writes
		q["_pragma"] = writePragmas
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// prepareFile makes the file and its folder where they are missing, readable by their owner only, for drafts are in
// it; SQLite gives its log the same mode. It gives back the path under which every process knows the file.
func prepareFile(path string) (string, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", fmt.Errorf("it is a folder; name a file in it, such as %s", filepath.Join(path, "store.db"))
	} else if err == nil && !info.Mode().IsRegular() {
		return "", errors.New("it is no regular file; name another path")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("make its folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return "", fmt.Errorf("%w; feedpub must be able to write there: change the owner or name another path", err)
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, len(magic))
	if n, err := io.ReadFull(f, head); n > 0 && string(head[:n]) != magic {
		return "", errors.New("it is no SQLite database; move it away or name another path")
	} else if err != nil && err != io.EOF {
		return "", err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// migrate brings the tables up to date. Where something is to be done it takes the publishing lock, so that of two
// processes one does it, and none while another publishes with the older tables.
func (s *Store) migrate(ctx context.Context) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, dir,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	latest := sources[len(sources)-1].Version
	lock := flock.New(s.lockPath())
	for start := time.Now(); ; {
		if ready, err := s.ready(ctx, latest); ready || err != nil {
			return err
		}
		locked, err := lock.TryLock()
		if err != nil {
			return fmt.Errorf("lock %s: %w", lock.Path(), err)
		}
		if locked {
			return errors.Join(s.upgrade(ctx, provider, latest), lock.Unlock())
		}
		if time.Since(start) > busyTimeout {
			return fmt.Errorf("%w: waited %s for %s to bring the tables up to date", ErrLocked, busyTimeout, lock.Path())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ready says whether the file is in WAL mode and has the latest tables. It writes nothing.
func (s *Store) ready(ctx context.Context, latest int64) (bool, error) {
	var mode string
	if err := s.read.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return false, err
	}
	var tables int
	if err := s.read.QueryRowContext(ctx,
		`SELECT count(*) FROM sqlite_master WHERE name = 'goose_db_version'`).Scan(&tables); err != nil {
		return false, err
	}
	if mode != "wal" || tables == 0 {
		return false, nil
	}
	var version sql.NullInt64
	if err := s.read.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version); err != nil {
		return false, err
	}
	if version.Int64 > latest {
		return false, fmt.Errorf("its tables have version %d, this feedpub knows %d; use a newer feedpub",
			version.Int64, latest)
	}
	return version.Int64 == latest, nil
}

func (s *Store) upgrade(ctx context.Context, provider *goose.Provider, latest int64) error {
	if ready, err := s.ready(ctx, latest); ready || err != nil {
		return err
	}
	if _, err := s.write.ExecContext(ctx, `PRAGMA journal_mode = WAL`); err != nil {
		return err
	}
	_, err := provider.Up(ctx)
	return err
}

// lockPath is the file whose lock is the publishing lock.
func (s *Store) lockPath() string { return s.path + ".lock" }

// explain says plainly what SQLite's error codes mean.
func (s *Store) explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: waited %s for %s", ErrLocked, busyTimeout, s.path)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w; %s is damaged or no database: put a backup in its place, or move it away", err, s.path)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w; the disk of %s is full: make room there", err, s.path)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%w; feedpub must be able to write to %s and its folder", err, s.path)
	}
	return err
}

// positional writes the placeholders of a query as ? where they stand in their order, each once: SQLite searches for each
// numbered one among all by its name, which takes longer than to store what it stands for.
func positional(query string) string {
	var b strings.Builder
	for n, rest := 1, query; ; n++ {
		before, after, found := strings.Cut(rest, "$")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		number := strconv.Itoa(n)
		if rest, found = strings.CutPrefix(after, number); !found || rest != "" && rest[0] >= '0' && rest[0] <= '9' {
			return query
		}
		b.WriteByte('?')
	}
}

// CopyTo writes a copy of the store as it is now to a new SQLite file, so that what a run would do can be tried on it.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	// The connections for reading may not write, not even elsewhere.
	if _, err := s.write.ExecContext(ctx, `VACUUM INTO $1`, path); err != nil {
		return fmt.Errorf("copy the store to %s: %w", path, s.explain(err))
	}
	return nil
}
