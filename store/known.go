package store

import (
	"context"
	"database/sql"
	"slices"

	"feedpub/feed"
)

// known is what a transaction has found out or written, so that it need not ask again for each article.
type known struct {
	rows     map[place]*row    // stored rows, nil where there is none
	holders  map[string]string // by ID, "source/key" of the stored entry, "" where there is none
	adopted  answer            // something is adopted
	restored answer            // some entry was recovered without knowing its source
}

// A place is where an article is read from.
type place struct{ source, key string }

// An answer is what the database said, once it was asked.
type answer struct{ asked, yes bool }

func newKnown() known {
	return known{rows: map[place]*row{}, holders: map[string]string{}}
}

// lookUp finds what is stored by the keys of the articles, and of those that are new by their IDs, in few queries.
func (t *tx) lookUp(ctx context.Context, es []feed.Entry) error {
	keys := map[string][]string{} // by source
	for i := range es {
		keys[es[i].Source] = append(keys[es[i].Source], es[i].Key)
		if es[i].FormerKey != "" {
			keys[es[i].Source] = append(keys[es[i].Source], es[i].FormerKey)
		}
	}
	for source, keys := range keys {
		for keys := range slices.Chunk(keys, maxParameters-1) {
			if err := t.lookUpKeys(ctx, source, keys); err != nil {
				return err
			}
		}
	}
	var ids []string
	for i := range es {
		if t.known.rows[place{es[i].Source, es[i].Key}] == nil {
			ids = append(ids, es[i].ID)
		}
	}
	for ids := range slices.Chunk(ids, maxParameters) {
		if err := t.lookUpIDs(ctx, ids); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) lookUpKeys(ctx context.Context, source string, keys []string) error {
	args := []any{source}
	for _, key := range keys {
		t.known.rows[place{source, key}] = nil
		args = append(args, key)
	}
	return t.collect(ctx, func(rows *sql.Rows) error {
		var r row
		err := rows.Scan(r.dest()...)
		t.known.rows[place{r.source, r.key}] = &r
		return err
	}, `SELECT `+columns+` FROM entries WHERE source = $1 AND key IN (`+marks(2, len(keys))+`)`, args...)
}

func (t *tx) lookUpIDs(ctx context.Context, ids []string) error {
	args := make([]any, len(ids))
	for i, id := range ids {
		t.known.holders[id] = ""
		args[i] = id
	}
	return t.collect(ctx, func(rows *sql.Rows) error {
		var id, source, key string
		err := rows.Scan(&id, &source, &key)
		t.known.holders[id] = source + "/" + key
		return err
	}, `SELECT id, source, key FROM entries WHERE id IN (`+marks(1, len(ids))+`)`, args...)
}

// saved remembers that the row was written; old is the one before, nil where there was none.
func (k *known) saved(old, r *row) {
	if old != nil {
		k.rows[place{old.source, old.key}] = nil
	}
	k.rows[place{r.source, r.key}] = r
	k.holders[r.id] = r.source + "/" + r.key
}

// anyAdopted says whether anything is adopted; articles that are put only take from it.
func (t *tx) anyAdopted(ctx context.Context) (bool, error) {
	return t.ask(ctx, &t.known.adopted, `SELECT 1 FROM adopted LIMIT 1`)
}

// anyRecovered says whether an entry was recovered without knowing its source.
func (t *tx) anyRecovered(ctx context.Context) (bool, error) {
	return t.ask(ctx, &t.known.restored, `SELECT 1 FROM entries WHERE source = '' LIMIT 1`)
}

func (t *tx) ask(ctx context.Context, a *answer, query string) (bool, error) {
	if a.asked {
		return a.yes, nil
	}
	var one int
	found, err := t.get(ctx, []any{&one}, query)
	*a = answer{asked: err == nil, yes: found}
	return found, err
}
