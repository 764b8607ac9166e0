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
	for chunk := range slices.Chunk(values, maxParameters/columns*columns) {
		var b strings.Builder
		b.WriteString(into + " VALUES ")
		for i := 0; i < len(chunk); i += columns {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("(" + marks(i+1, columns) + ")")
		}
		if err := t.exec(ctx, b.String()+" "+otherwise, chunk...); err != nil {
			return err
		}
	}
	return nil
}
