package clean

import (
	"testing"

	"feedpub/feed/internal/pattern"
)

func TestPatterns(t *testing.T) {
	if err := pattern.Check(); err != nil {
		t.Error(err)
	}
}
