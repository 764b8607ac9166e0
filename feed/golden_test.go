package feed

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted documents in testdata")

// Each archive holds a feed as JSON and the documents that it makes; what is above the first file says what it is
// about.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d archives, %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			f := readGoldenFeed(t, archive)
			for _, format := range Formats {
				compareGolden(t, archive, f, format)
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func readGoldenFeed(t *testing.T, archive *txtar.Archive) *Feed {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(goldenFile(archive, "feed")))
	d.DisallowUnknownFields()
	f := new(Feed)
	if err := d.Decode(f); err != nil {
		t.Fatal(err)
	}
	f.SelfURL = make(map[Format]string)
	for _, format := range Formats {
		f.SelfURL[format] = "https://feeds.example.org/news/" + format.FileName()
	}
	return f
}

func compareGolden(t *testing.T, archive *txtar.Archive, f *Feed, format Format) {
	t.Helper()
	doc := mustWrite(t, f, format)
	if err := Check(doc, f, format); err != nil {
		t.Errorf("%s: %v", format, err)
	}
	doc = append(bytes.TrimSuffix(doc, []byte("\n")), '\n') // a txtar file ends in one
	if *update {
		setGoldenFile(archive, format.FileName(), doc)
	} else if want := goldenFile(archive, format.FileName()); !bytes.Equal(doc, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", format, doc, want)
	}
}

func goldenFile(archive *txtar.Archive, name string) []byte {
	for _, f := range archive.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

func setGoldenFile(archive *txtar.Archive, name string, data []byte) {
	for i := range archive.Files {
		if archive.Files[i].Name == name {
			archive.Files[i].Data = data
			return
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: name, Data: data})
}

func mustWrite(t testing.TB, f *Feed, format Format) []byte {
	t.Helper()
	var doc bytes.Buffer
	if err := f.Write(&doc, format); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return doc.Bytes()
}
