package store

import "testing"

func TestPositional(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`: `SELECT 1`,
		`SELECT a FROM b WHERE c = $1 AND d IN ($2, $3)`: `SELECT a FROM b WHERE c = ? AND d IN (?, ?)`,
		`SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10`: `SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`,
		`SELECT $1, $1`: `SELECT $1, $1`,
		`SELECT $2, $1`: `SELECT $2, $1`,
		`SELECT $10`:    `SELECT $10`,
		`SELECT a FROM b WHERE c > $1 || '#' AND d < $2 || '$' AND $3`: `SELECT a FROM b WHERE c > $1 || '#' AND d < $2 || '$' AND $3`,
	} {
		if got := positional(query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}
