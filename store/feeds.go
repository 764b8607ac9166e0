package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A FeedState is how far the publishing of a feed has come.
type FeedState struct {
	Name       string
	Config     string    // the hash of the configuration that it was published with
	Dirty      bool      // it must be published anew
	Next       time.Time // when its window changes by itself, see NextChange; zero for never
	Updated    time.Time // the feed's updated date
	LastRun    time.Time
	LastChange time.Time // when its documents last changed
	Result     string    // of the last run: empty when all went well, else the error
	Entries    int       // in its window
	Published  bool      // it has documents
}

const feedColumns = `name, config, dirty, next_change, updated, last_run, last_change, result, entries, published`

// FeedStates gives the state of every feed that was ever published or marked and not dropped, by name.
func (s *Store) FeedStates(ctx context.Context) ([]FeedState, error) {
	states, err := s.feedStates(ctx, `SELECT `+feedColumns+` FROM feeds ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("read the feeds' states: %w", err)
	}
	return states, nil
}

// AreFeedsSettled says that no feed is to be published anew, and that each is as it should be.
func (s *Store) AreFeedsSettled(ctx context.Context) (bool, error) {
	var settled bool
	err := s.read.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM feeds WHERE dirty <> 0 OR result <> '')`).Scan(&settled)
	if err != nil {
		return false, fmt.Errorf("read the feeds' states: %w", s.explain(err))
	}
	return settled, nil
}

// FeedState gives the state of one feed, or ErrNotFound.
func (s *Store) FeedState(ctx context.Context, name string) (FeedState, error) {
	states, err := s.feedStates(ctx, `SELECT `+feedColumns+` FROM feeds WHERE name = $1`, name)
	if err == nil && len(states) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return FeedState{}, fmt.Errorf("state of feed %s: %w", name, err)
	}
	return states[0], nil
}

func (s *Store) feedStates(ctx context.Context, query string, args ...any) ([]FeedState, error) {
	var states []FeedState
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var st FeedState
		var next, updated, lastRun, lastChange sql.NullInt64
		err := rows.Scan(&st.Name, &st.Config, &st.Dirty, &next, &updated, &lastRun, &lastChange,
			&st.Result, &st.Entries, &st.Published)
		st.Next, st.Updated, st.LastRun, st.LastChange = moment(next), moment(updated), moment(lastRun), moment(lastChange)
		states = append(states, st)
		return err
	}, query, args...)
	return states, err
}

// SaveFeed stores in one transaction what a run made of a feed: its state, its window as published, in order, and why
// entries left it, by their IDs. The updated date never decreases. The entries of the window count as shown to readers
// from now on.
//
// Only who holds the publishing lock may call it, after MarkDirty and after reading the entries. That makes it safe to
// clear Dirty here: what is put in between has a sequence number after the mark, so the next Changes finds it.
func (s *Store) SaveFeed(ctx context.Context, st FeedState, window []string, left map[string]string) error {
	err := s.inTx(ctx, func(t *tx) error {
		if err := t.saveState(ctx, st); err != nil {
			return err
		}
		if err := t.saveWindow(ctx, st.Name, window); err != nil {
			return err
		}
		return t.saveDepartures(ctx, st.Name, window, left)
	})
	if err != nil {
		return fmt.Errorf("save feed %s: %w", st.Name, err)
	}
	return nil
}

func (t *tx) saveState(ctx context.Context, st FeedState) error {
	return t.exec(ctx, `
		INSERT INTO feeds (`+feedColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (name) DO UPDATE SET
			config = excluded.config, dirty = excluded.dirty, next_change = excluded.next_change,
			updated = CASE WHEN feeds.updated > excluded.updated OR excluded.updated IS NULL
				THEN feeds.updated ELSE excluded.updated END,
			last_run = excluded.last_run, last_change = excluded.last_change, result = excluded.result,
			entries = excluded.entries, published = excluded.published`,
		st.Name, st.Config, bit(st.Dirty), micros(st.Next), micros(st.Updated), micros(st.LastRun),
		micros(st.LastChange), st.Result, st.Entries, bit(st.Published))
}

// saveWindow writes what differs from the stored window.
func (t *tx) saveWindow(ctx context.Context, name string, window []string) error {
	rows, err := t.QueryContext(ctx, `SELECT entry, position FROM feed_entries WHERE feed = $1`, name)
	if err != nil {
		return err
	}
	defer rows.Close()
	old := make(map[string]int)
	for rows.Next() {
		var id string
		var position int
		if err := rows.Scan(&id, &position); err != nil {
			return err
		}
		old[id] = position
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i, id := range window {
		position, stood := old[id]
		delete(old, id)
		if stood && position == i {
			continue
		}
		err := t.exec(ctx, `
			INSERT INTO feed_entries (feed, entry, position) VALUES ($1, $2, $3)
			ON CONFLICT (feed, entry) DO UPDATE SET position = excluded.position`, name, id, i)
		if err != nil {
			return fmt.Errorf("entry %s: %w", id, err)
		}
		if err := t.markShown(ctx, id); err != nil {
			return err
		}
	}
	for id := range old {
		if err := t.exec(ctx, `DELETE FROM feed_entries WHERE feed = $1 AND entry = $2`, name, id); err != nil {
			return err
		}
	}
	return nil
}

// saveDepartures notes who left, and forgets that those who are back ever did.
func (t *tx) saveDepartures(ctx context.Context, name string, window []string, left map[string]string) error {
	for _, id := range slices.Sorted(maps.Keys(left)) {
		err := t.exec(ctx, `
			INSERT INTO departures (entry, feed, reason, left_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (entry, feed) DO UPDATE SET reason = excluded.reason, left_at = excluded.left_at`,
			id, name, left[id], t.now.UnixMicro())
		if err != nil {
			return fmt.Errorf("entry %s: %w", id, err)
		}
	}
	for _, id := range window {
		if err := t.exec(ctx, `DELETE FROM departures WHERE entry = $1 AND feed = $2`, id, name); err != nil {
			return err
		}
	}
	return nil
}

// Window gives the IDs of the entries in a feed's published window, in order.
func (s *Store) Window(ctx context.Context, feed string) ([]string, error) {
	var ids []string
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT entry FROM feed_entries WHERE feed = $1 ORDER BY position`, feed)
	if err != nil {
		return nil, fmt.Errorf("read the window of feed %s: %w", feed, err)
	}
	return ids, nil
}

// A Departure says why an entry is no longer in a feed that once held it.
type Departure struct {
	Feed, Reason string
	At           time.Time
}

// Departures gives the feeds that once held the entry and do not now, by name.
func (s *Store) Departures(ctx context.Context, id string) ([]Departure, error) {
	var ds []Departure
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var d Departure
		var at int64
		err := rows.Scan(&d.Feed, &d.Reason, &at)
		d.At = time.UnixMicro(at).UTC()
		ds = append(ds, d)
		return err
	}, `SELECT feed, reason, left_at FROM departures WHERE entry = $1 ORDER BY feed`, id)
	if err != nil {
		return nil, fmt.Errorf("read the departures of %s: %w", id, err)
	}
	return ds, nil
}

// DropFeed forgets a feed. Its entries stay.
func (s *Store) DropFeed(ctx context.Context, name string) error {
	err := s.inTx(ctx, func(t *tx) error {
		for _, table := range []string{"archive_parts", "archives"} {
			if err := t.exec(ctx, `DELETE FROM `+table+` WHERE feed = $1`, name); err != nil {
				return err
			}
		}
		return t.exec(ctx, `DELETE FROM feeds WHERE name = $1`, name)
	})
	if err != nil {
		return fmt.Errorf("drop feed %s: %w", name, err)
	}
	return nil
}

// NextWindowChange is the earliest moment at which a feed's window changes by the clock alone; zero for never.
func (s *Store) NextWindowChange(ctx context.Context) (time.Time, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT min(next_change) FROM feeds`).Scan(&next)
	if err != nil {
		return time.Time{}, fmt.Errorf("next change of a feed: %w", s.explain(err))
	}
	return moment(next), nil
}

// SaveFeedResult stores how a run that published nothing of the feed ended. What was published before stands.
func (s *Store) SaveFeedResult(ctx context.Context, st FeedState) error {
	err := s.inTx(ctx, func(t *tx) error { return t.saveState(ctx, st) })
	if err != nil {
		return fmt.Errorf("save feed %s: %w", st.Name, err)
	}
	return nil
}

// Holding names the feeds whose published window holds the entry.
func (s *Store) Holding(ctx context.Context, id string) (feeds []string, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		feeds = append(feeds, name)
		return err
	}, `SELECT feed FROM feed_entries WHERE entry = $1 ORDER BY feed`, id)
	if err != nil {
		return nil, fmt.Errorf("feeds that hold %s: %w", id, err)
	}
	return feeds, nil
}
