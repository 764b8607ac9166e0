package store

import (
	"context"
	"database/sql"
	"fmt"
)

// maxFaults is how many faults of a damaged store are told.
const maxFaults = 20

// Verify reads the whole store and says what is damaged in it, a line for each fault; none where it is whole. It is an error
// when the damage keeps it from being read at all. Others may use the store meanwhile.
func (s *Store) Verify(ctx context.Context) (faults []string, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		if line != "ok" {
			faults = append(faults, line)
		}
		return nil
	}, fmt.Sprintf(`PRAGMA integrity_check(%d)`, maxFaults))
	if err != nil || len(faults) > 0 {
		return faults, wrapVerify(err)
	}
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var table, parent string
		var row, key sql.NullInt64
		if err := rows.Scan(&table, &row, &parent, &key); err != nil {
			return err
		}
		if len(faults) < maxFaults {
			faults = append(faults, fmt.Sprintf("row %d of %s belongs to a row of %s that is not there", row.Int64, table, parent))
		}
		return nil
	}, `PRAGMA foreign_key_check`)
	return faults, wrapVerify(err)
}

func wrapVerify(err error) error {
	if err != nil {
		return fmt.Errorf("verify the store: %w", err)
	}
	return nil
}
