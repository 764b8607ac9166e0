package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Setting gives what SetSetting stored under the name, "" where it never did.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	var value string
	err := s.read.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = $1`, name).Scan(&value)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read setting %s: %w", name, s.explain(err))
	}
	return value, nil
}

// SetSetting stores a value under a name. What is stored there already is not written again.
func (s *Store) SetSetting(ctx context.Context, name, value string) error {
	if _, part := ctx.Value(together{}).(*tx); !part { // else what it is cannot be read
		if old, err := s.Setting(ctx, name); err != nil || old == value {
			return err
		}
	}
	err := s.inTx(ctx, func(t *tx) error {
		return t.exec(ctx, `
			INSERT INTO settings (name, value) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	})
	if err != nil {
		return fmt.Errorf("store setting %s: %w", name, err)
	}
	return nil
}

// LastRun gives when a job last ran, zero where it never did.
func (s *Store) LastRun(ctx context.Context, job string) (time.Time, error) {
	var last sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT last_run FROM jobs WHERE name = $1`, job).Scan(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("read the last run of %s: %w", job, s.explain(err))
	}
	return moment(last), nil
}

// SetLastRun stores when a job last ran.
func (s *Store) SetLastRun(ctx context.Context, job string, t time.Time) error {
	err := s.inTx(ctx, func(tx *tx) error {
		return tx.exec(ctx, `
			INSERT INTO jobs (name, last_run) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET last_run = excluded.last_run`, job, t.UnixMicro())
	})
	if err != nil {
		return fmt.Errorf("store the last run of %s: %w", job, err)
	}
	return nil
}
