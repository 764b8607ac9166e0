package validate_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"feedpub/feed/validate"
)

// Each case must bring the findings that it names, on their lines, and no others; a good one brings none.
func TestCases(t *testing.T) {
	names, err := filepath.Glob("../testdata/check/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d archives, %v", len(names), err)
	}
	good, bad := 0, 0
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		frames := make(map[string]string)
		for _, file := range archive.Files {
			kind, frame, _ := strings.Cut(file.Name, " ")
			if kind == "frame" {
				frames[frame] = string(file.Data)
				continue
			}
			for line := range strings.Lines(string(file.Data)) {
				want, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "|")
				testCase(t, filepath.Base(name)+" "+frame+": "+strings.TrimSpace(line), frames[frame], strings.TrimSpace(want), strings.TrimPrefix(text, " "))
				if strings.HasPrefix(want, "good") {
					good++
				} else {
					bad++
				}
			}
		}
	}
	if good < 100 || bad < 250 {
		t.Errorf("got %d good and %d bad documents, want 100 and 250", good, bad)
	}
	t.Logf("%d good, %d bad", good, bad)
}

func testCase(t *testing.T, name, frame, want, text string) {
	t.Helper()
	at := 1 + strings.Count(frame[:strings.Index(frame, "{}")], "\n")
	doc := strings.Replace(frame, "{}", strings.ReplaceAll(text, `\n`, "\n"), 1)
	var codes, got []string
	for code := range strings.SplitSeq(want, ",") {
		if code == "good" {
			continue
		}
		code, line, ok := strings.Cut(code, "@")
		if !ok {
			line = strconv.Itoa(at)
		}
		codes = append(codes, code+"@"+line)
	}
	for _, f := range validate.Document([]byte(doc), validate.Options{}).Findings {
		got = append(got, fmt.Sprintf("%s@%d", f.Code, f.Line))
	}
	slices.Sort(codes)
	slices.Sort(got)
	if !slices.Equal(codes, got) {
		t.Errorf("%s\n\tgot  %v\n\twant %v", name, got, codes)
	}
}
