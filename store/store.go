package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"feedpub/feed"
)

var (
	// ErrNotFound says that the store has nothing by that name.
	ErrNotFound = errors.New("not found")
	// ErrLost says that the store's file was removed or replaced while the store was open.
	ErrLost = errors.New("the store's file was removed or replaced")
	// ErrLocked says that another process held a lock for longer than was waited.
	ErrLocked = errors.New("locked by another process")
)

// A Store keeps entries and the progress of feeds. Several processes may have the same one open, and all methods may
// be called at the same time.
type Store struct {
	// Now is the clock, time.Now unless set before the first use.
	Now func() time.Time
	// Make makes the content of entries that were put without, with Unmade; it may be nil where none are, and may be called
	// by several goroutines. Set it before the first use.
	Make func(*feed.Entry) error

	file  fs.FileInfo // of the SQLite file when it was opened
	path  string      // of the SQLite file, absolute, without symbolic links
	read  *sql.DB     // several connections that cannot write
	write *sql.DB     // one connection: SQLite has one writer at a time

	prepared prepared           // statements of write
	making   singleflight.Group // of contents, see makeOnce
	kinds    kinds              // of facets, see Keep
	turn     turn               // of writing
}

// Open opens the store that url names, the path of a SQLite file, and makes it where there is none. It brings an older
// store's tables up to date. Close it after use.
func Open(ctx context.Context, url string) (*Store, error) {
	scheme, _, found := strings.Cut(url, "://")
	switch {
	case url == "":
		return nil, errors.New("open store: no path given")
	case found && (scheme == "postgres" || scheme == "postgresql"):
		return nil, errors.New("open store: PostgreSQL is not supported yet; give the path of a SQLite file")
	}
	s, err := openSQLite(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", url, err)
	}
	return s, nil
}

// Close closes the store. The last one to close it folds the write-ahead log into the file.
func (s *Store) Close() error {
	return errors.Join(s.read.Close(), s.write.Close())
}

// A tx is a write transaction, at one moment.
type tx struct {
	*sql.Tx
	make     func(*feed.Entry) error // see Store.makeContent
	prepared *prepared
	now      time.Time
	stmts    map[string]*sql.Stmt
	seq      sequence
	known    known
	texts    packer      // of the articles that are put, see packAhead
	kinds    []feed.Kind // see keptKinds; nil until it is asked for

	// What is written when the transaction ends.
	listings  map[string]listing  // by the entries' IDs, see noteLines
	spellings []any               // kind, value and label of each facet that is new in listings, as it was spelt first
	spelt     map[feed.Facet]bool // those in spellings, without their labels
	months    map[touched]int64   // see touchMonths
}

// Together has all that do writes by the context that it is given be one transaction: either everything is stored or
// nothing, and the disk is waited for once. What do reads of the store is as it was before.
func (s *Store) Together(ctx context.Context, do func(context.Context) error) error {
	return s.inTx(ctx, func(t *tx) error { return do(context.WithValue(ctx, together{}, t)) })
}

// together is what a context holds the transaction under that writes are part of.
type together struct{}

// inTx runs work in a write transaction, which is kept unless work gives an error; or as part of one, see Together.
func (s *Store) inTx(ctx context.Context, work func(*tx) error) error {
	if t, ok := ctx.Value(together{}).(*tx); ok {
		return work(t)
	}
	if err := s.prepareWanted(ctx); err != nil {
		return s.explain(err)
	}
	s.turn.begin(ctx)
	defer s.turn.end()
	sqlTx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(err)
	}
	defer sqlTx.Rollback() // does nothing after Commit
	t := &tx{
		Tx: sqlTx, make: s.makeContent, prepared: &s.prepared, now: canonical(s.Now()), stmts: map[string]*sql.Stmt{}, known: newKnown(),
		listings: map[string]listing{}, spelt: map[feed.Facet]bool{}, months: map[touched]int64{},
	}
	err = work(t)
	for _, save := range []func(context.Context) error{t.saveListings, t.saveMonths, t.saveSeq} {
		if err == nil {
			err = save(ctx)
		}
	}
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // it ended the transaction
	}
	if err != nil {
		return s.explain(err)
	}
	return s.explain(sqlTx.Commit())
}

// stmt prepares a query once for the whole transaction, or for all. The context to run it with does not end: the end of ctx ends
// the transaction, and to watch for it in every one of many short statements costs more than some of them.
func (t *tx) stmt(ctx context.Context, query string) (*sql.Stmt, context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if st := t.stmts[query]; st != nil {
		return st, ctx, nil
	}
	st := t.prepared.in(ctx, t.Tx, query) // closed with the transaction
	if st == nil {
		var err error
		if st, err = t.PrepareContext(ctx, positional(query)); err != nil {
			return nil, nil, err
		}
	}
	t.stmts[query] = st
	return st, ctx, nil
}

// exec runs a query that gives no rows.
func (t *tx) exec(ctx context.Context, query string, args ...any) error {
	st, ctx, err := t.stmt(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx, args...)
	return err
}

// get scans the first row of a query into dest; found is false where there is none.
func (t *tx) get(ctx context.Context, dest []any, query string, args ...any) (found bool, err error) {
	st, ctx, err := t.stmt(ctx, query)
	if err != nil {
		return false, err
	}
	err = st.QueryRowContext(ctx, args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// collect runs a query and gives each of its rows to scan, which must not use the transaction.
func (t *tx) collect(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	st, ctx, err := t.stmt(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// A sequence is the sequence numbers that a transaction has taken.
type sequence struct{ first, last int64 }

// nextSeq takes the next sequence number. The first one locks the counter's row until the transaction ends, so numbers
// become visible in their order; the others are counted here.
func (t *tx) nextSeq(ctx context.Context) (int64, error) {
	if t.seq.last > 0 {
		t.seq.last++
		return t.seq.last, nil
	}
	_, err := t.get(ctx, []any{&t.seq.first}, `UPDATE counters SET value = value + 1 WHERE name = 'seq' RETURNING value`)
	t.seq.last = t.seq.first
	return t.seq.last, err
}

// saveSeq writes the last sequence number that nextSeq took.
func (t *tx) saveSeq(ctx context.Context) error {
	if t.seq.last == t.seq.first {
		return nil
	}
	return t.exec(ctx, `UPDATE counters SET value = $1 WHERE name = 'seq'`, t.seq.last)
}

// collect runs a query and gives each of its rows to scan.
func (s *Store) collect(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := s.read.QueryContext(ctx, positional(query), args...)
	if err != nil {
		return s.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return s.explain(rows.Err())
}
