package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"feedpub/feed"
)

// A Probe is what is known of the file of an enclosure whose source does not tell its length or its type.
type Probe struct {
	URL          string
	Source, File string // the file below its source's folder, where the article names it by a path
	Length       int64  // bytes, 0 where nobody has told
	Type         string // its media type, empty where nobody has told
	Failures     int    // how often in a row its server did not tell
	Due          bool   // its server is to be asked
}

// Probes are the enclosures to be looked at: those that may lie in a source's folder, and at most limit others whose
// servers are to be asked now, those of the newest entries first.
func (s *Store) Probes(ctx context.Context, now time.Time, limit int) ([]Probe, error) {
	var probes []Probe
	scan := func(rows *sql.Rows) error {
		var p Probe
		err := rows.Scan(&p.URL, &p.Source, &p.File, &p.Length, &p.Type, &p.Failures, &p.Due)
		probes = append(probes, p)
		return err
	}
	const known = `coalesce(p.length, 0), coalesce(p.type, ''), coalesce(p.failures, 0)`
	err := s.collect(ctx, scan, `
		SELECT u.url, u.source, u.file, `+known+`, coalesce(u.again <= $1, 0)
		FROM untold AS u LEFT JOIN probes AS p ON p.url = u.url
		WHERE u.file <> '' ORDER BY u.url, u.source, u.file`, now.UnixMicro())
	if err == nil {
		err = s.collect(ctx, scan, `
			SELECT u.url, '', '', `+known+`, 1
			FROM untold AS u JOIN entries AS e ON e.id = u.entry LEFT JOIN probes AS p ON p.url = u.url
			WHERE u.again <= $1 AND u.file = '' AND e.listed = 1
			GROUP BY u.url ORDER BY max(e.visible_from) DESC, u.url LIMIT $2`, now.UnixMicro(), limit)
	}
	if err != nil {
		return nil, fmt.Errorf("read which enclosures are untold: %w", err)
	}
	return probes, nil
}

// SaveProbe notes what was found out, or with p.Length 0 that nothing was; its server is asked again at that moment,
// never where again is zero. Entries with the enclosure get its length and type; changed says that there were such.
// Their updated date stands.
func (s *Store) SaveProbe(ctx context.Context, p Probe, again time.Time) (changed bool, err error) {
	err = s.inTx(ctx, func(t *tx) error {
		err := t.exec(ctx, `
			INSERT INTO probes (url, length, type, failures) VALUES ($1, $2, $3, $4)
			ON CONFLICT (url) DO UPDATE SET length = excluded.length, type = excluded.type, failures = excluded.failures`,
			p.URL, p.Length, p.Type, p.Failures)
		if err != nil {
			return err
		}
		if changed, err = t.complete(ctx, p); err != nil {
			return err
		}
		if p.Length > 0 {
			if err := t.exec(ctx, `DELETE FROM untold WHERE url = $1 AND file = ''`, p.URL); err != nil {
				return err
			}
		}
		return t.exec(ctx, `UPDATE untold SET again = $1 WHERE url = $2`, micros(again), p.URL)
	})
	if err != nil {
		return false, fmt.Errorf("note what is known of %s: %w", p.URL, err)
	}
	return changed, nil
}

// complete gives the entries with an untold enclosure what was found out of it.
func (t *tx) complete(ctx context.Context, p Probe) (changed bool, err error) {
	ids, err := t.untoldIn(ctx, p.URL)
	if err != nil {
		return false, err
	}
	for _, in := range ids {
		var old row
		if _, err := t.get(ctx, old.dest(), `SELECT `+columns+` FROM entries WHERE id = $1`, in.entry); err != nil {
			return false, err
		}
		e, err := old.entry()
		if err != nil {
			return false, err
		}
		for i := range e.Enclosures {
			if c := &e.Enclosures[i]; c.URL == p.URL {
				p.tell(c, in.told)
			}
		}
		next := old
		if next.enclosures, err = list(e.Enclosures); err != nil {
			return false, err
		}
		if next == old {
			continue
		}
		if err := t.save(ctx, &old, &next, &e); err != nil {
			return false, err
		}
		changed = true
	}
	return changed, nil
}

// An untold is an enclosure of an entry, and the length that the entry's source told of it, 0 for none.
type untold struct {
	entry string
	told  int64
}

// untoldIn are the entries with the untold enclosure.
func (t *tx) untoldIn(ctx context.Context, url string) (found []untold, err error) {
	err = t.collect(ctx, func(rows *sql.Rows) error {
		var u untold
		err := rows.Scan(&u.entry, &u.told)
		found = append(found, u)
		return err
	}, `SELECT entry, told FROM untold WHERE url = $1 ORDER BY entry`, url)
	return found, err
}

// tell gives the enclosure what was found out. What its source told, or its name, stands.
func (p *Probe) tell(c *feed.Enclosure, told int64) {
	if p.Length > 0 && told == 0 {
		c.Length = p.Length
	}
	if p.Type != "" && !c.Typed() {
		c.Type = p.Type
	}
}

// tellAll gives the enclosures of a newly read article what is known of them, and gives back as they were those that are
// to be looked at.
func (t *tx) tellAll(ctx context.Context, e *feed.Entry) (ask []feed.Enclosure, err error) {
	for i := range e.Enclosures {
		c := &e.Enclosures[i]
		if c.Length > 0 && c.Typed() {
			continue
		}
		var p Probe
		found, err := t.get(ctx, []any{&p.Length, &p.Type}, `SELECT length, type FROM probes WHERE url = $1 AND length > 0`, c.URL)
		if err != nil {
			return nil, err
		}
		if !found || c.File != "" {
			ask = append(ask, *c)
		}
		p.tell(c, c.Length)
	}
	return ask, nil
}

// noteUntold notes which enclosures of an entry are to be looked at.
func (t *tx) noteUntold(ctx context.Context, e *feed.Entry, ask []feed.Enclosure) error {
	if err := t.exec(ctx, `DELETE FROM untold WHERE entry = $1`, e.ID); err != nil {
		return err
	}
	for _, c := range ask {
		err := t.exec(ctx, `
			INSERT INTO untold (entry, url, source, file, told, again) VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT DO NOTHING`,
			e.ID, c.URL, e.Source, c.File, c.Length)
		if err != nil {
			return err
		}
	}
	return nil
}
