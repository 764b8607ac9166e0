package store

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// maxParameters of one statement is below what any database takes.
const maxParameters = 200

// marks are n placeholders from the number first: "$3, $4, $5".
func marks(first, n int) string {
	var b strings.Builder
	for i := first; i < first+n; i++ {
		if i > first {
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i))
	}
	return b.String()
}

// anys are values for as many marks.
func anys(values []string) []any {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return args
}

// insertRows writes rows of so many columns, whose values lie one after the other, several with a statement: into is its
// beginning, and otherwise its end.
func (t *tx) insertRows(ctx context.Context, into string, columns int, values []any, otherwise string) error {
	query, size := "", 0
	for chunk := range slices.Chunk(values, maxParameters/columns*columns) {
		if len(chunk) != size {
			size = len(chunk)
			query = into + " VALUES " + rowMarks(size, columns) + " " + otherwise
		}
		if err := t.exec(ctx, query, chunk...); err != nil {
			return err
		}
	}
	return nil
}

// rowMarks are placeholders for n values in rows: "($1, $2), ($3, $4)".
func rowMarks(n, columns int) string {
	var b strings.Builder
	for i := 0; i < n; i += columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + marks(i+1, columns) + ")")
	}
	return b.String()
}
