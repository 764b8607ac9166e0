package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Stamp is what tells of a file, without reading it, that it was not written since: its size, and the moments, in nanoseconds
// since 1970, when its content changed last, which programs may set as they like, and when anything of it did, which they may not;
// the latter is 0 where the system has none.
type Stamp struct {
	Size, Modified, Changed int64
}

// Slots is how many parts the files of a source fall into by their keys, evenly however they lie in folders. Who knows in
// which slots something changed need not read the stamps of all.
const Slots = 128

// SlotOf is the slot of a file.
func SlotOf[K string | []byte](key K) int {
	h := uint32(2166136261) // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
	for i := range len(key) {
		h = (h ^ uint32(key[i])) * 16777619
	}
	return int(h % Slots)
}

// Files gives to each the stamps of a source's files in those slots as they were when they were read last, in no order.
func (s *Store) Files(ctx context.Context, source string, slots []int, each func(key string, was Stamp)) error {
	for chunk := range slices.Chunk(slots, maxParameters-1) {
		args := make([]any, len(chunk))
		for i, slot := range chunk {
			args[i] = slot
		}
		if err := s.files(ctx, source, each, `slot IN (`+marks(2, len(chunk))+`)`, args); err != nil {
			return err
		}
	}
	return nil
}

// FilesBy gives the stamps of a source's files as they were when they were read last, by some keys.
func (s *Store) FilesBy(ctx context.Context, source string, keys []string) (map[string]Stamp, error) {
	found := map[string]Stamp{}
	for chunk := range slices.Chunk(keys, maxParameters/2) {
		var args []any
		for _, key := range chunk {
			args = append(args, SlotOf(key), key)
		}
		if err := s.files(ctx, source, func(key string, was Stamp) { found[key] = was }, filesByKey(len(chunk)), args); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// filesByKey is the condition that a file has one of n keys, whose slots stand before them in the arguments, from $2 on.
func filesByKey(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("(CAST($%d AS BIGINT), $%d)", 2*i+2, 2*i+3)
	}
	return `(slot, key) IN (VALUES ` + strings.Join(rows, ", ") + `)`
}

// filesWhere stands alone, so that a test can ask for its plan.
const filesWhere = `SELECT key, size, modified, changed FROM files WHERE source = $1 AND `

func (s *Store) files(ctx context.Context, source string, each func(key string, was Stamp), where string, args []any) error {
	err := s.collect(ctx, func(rows *sql.Rows) error {
		var key string
		var was Stamp
		if err := rows.Scan(&key, &was.Size, &was.Modified, &was.Changed); err != nil {
			return err
		}
		each(key, was)
		return nil
	}, filesWhere+where, append([]any{source}, args...)...)
	if err != nil {
		return fmt.Errorf("read the files of source %s: %w", source, err)
	}
	return nil
}

// SaveFiles notes the stamps of files that were read, and forgets files that are gone.
func (s *Store) SaveFiles(ctx context.Context, source string, read map[string]Stamp, gone []string) error {
	if len(read)+len(gone) == 0 {
		return nil
	}
	err := s.inTx(ctx, func(t *tx) error {
		values := make([]any, 0, 6*len(read))
		inOrder := func(a, b string) int { return cmp.Or(SlotOf(a)-SlotOf(b), strings.Compare(a, b)) } // that of the table
		for _, key := range slices.SortedFunc(maps.Keys(read), inOrder) {
			stamp := read[key]
			values = append(values, source, SlotOf(key), key, stamp.Size, stamp.Modified, stamp.Changed)
		}
		err := t.insertRows(ctx, `INSERT INTO files (source, slot, key, size, modified, changed)`, 6, values,
			`ON CONFLICT (source, slot, key) DO UPDATE SET size = excluded.size, modified = excluded.modified, changed = excluded.changed`)
		if err != nil {
			return err
		}
		for _, key := range gone {
			if err := t.exec(ctx, `DELETE FROM files WHERE source = $1 AND slot = $2 AND key = $3`, source, SlotOf(key), key); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("note the files of source %s: %w", source, err)
	}
	return nil
}
