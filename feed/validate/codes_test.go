package validate_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"testing"

	"feedpub/feed/validate"
)

var update = flag.Bool("update", false, "rewrite the list of codes")

// The codes are stable: whoever filters by them wants no surprise.
func TestCodes(t *testing.T) {
	var b bytes.Buffer
	for _, c := range validate.Codes() {
		fmt.Fprintf(&b, "%s: %s: %s (%s)\n", c.Severity, c.Code, c.Explanation, c.Source)
		if !regexp.MustCompile(`^[A-Za-z]+(-[A-Za-z0-9_]+)+$`).MatchString(c.Code) || c.Explanation == "" || c.Source == "" {
			t.Errorf("got %+v", c)
		}
	}
	const name = "testdata/codes.txt"
	if *update {
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the codes changed; run go test -update and look at the difference: %v", err)
	}
}
