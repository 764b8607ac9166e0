package feed

import (
	"encoding/xml"
	"reflect"
	"testing"
)

// The IDs and languages are those that encoding/xml finds when it reads the document whole.
func FuzzReadExact(f *testing.F) {
	for _, doc := range []string{
		`<feed xmlns="http://www.w3.org/2005/Atom"><id> urn:x </id><title>a &lt; b</title><entry xml:lang="de"><id>urn:1</id><content type="html">&lt;p&gt;</content></entry><entry><source><id>urn:no</id></source><id>urn:2</id></entry></feed>`,
		`<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><id>no</id><a:id>yes<b>no</b>yes</a:id></a:entry><a:author><a:id>no</a:id></a:author></a:feed>text`,
		`<feed xmlns="http://www.w3.org/2005/Atom"><id/><id>2</id><entry xml:lang="a" xml:lang="b"/>text</feed><feed>`, `<feed xmlns="http://www.w3.org/2005/Atom"><entry>`, `<feed/>text`, ``,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var whole struct {
			ID      string `xml:"http://www.w3.org/2005/Atom id"`
			Entries []struct {
				ID       string `xml:"http://www.w3.org/2005/Atom id"`
				Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			} `xml:"http://www.w3.org/2005/Atom entry"`
		}
		want := exactAtom{}
		if xml.Unmarshal(doc, &whole) == nil {
			want.ID = whole.ID
			for _, e := range whole.Entries {
				want.Entries = append(want.Entries, exactEntry(e))
			}
		}
		if got := readExact(doc); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v; want %+v", doc, got, want)
		}
	})
}
