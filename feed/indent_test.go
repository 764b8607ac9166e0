package feed

import (
	"bytes"
	"encoding/json"
	"testing"
)

func FuzzIndented(f *testing.F) {
	for _, doc := range []string{`{}`, `[]`, `{"a":[],"b":{},"c":[1,{"d":"e"}],"f":null}`, `{"a":"\\","b":"\"","c":"\\\"}","d":"{[,:"}`, `"x"`, `-1.5e3`, `[[[""]]]`} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var compact, want bytes.Buffer
		if json.Compact(&compact, doc) != nil {
			t.Skip()
		}
		if err := json.Indent(&want, compact.Bytes(), "", "  "); err != nil {
			t.Fatal(err)
		}
		if got := appendIndented(nil, compact.Bytes()); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s: got\n%s\nwant\n%s", doc, got, want.Bytes())
		}
	})
}
