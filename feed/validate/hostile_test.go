package validate_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"feedpub/feed/validate"
)

// What is made to keep the check busy ends soon, and with few findings.
func TestHostileDocuments(t *testing.T) {
	const head = `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>`
	for name, doc := range map[string]string{
		"empty items":     head + strings.Repeat("<item/>", 100_000),
		"categories":      head + strings.Repeat("<category>a</category>", 100_000) + "</channel></rss>",
		"hours":           head + "<skipHours>" + strings.Repeat("<hour>1</hour>", 100_000) + "</skipHours></channel></rss>",
		"deep":            head + strings.Repeat("<media:group>", 100_000),
		"unknown":         head + strings.Repeat("<a>", 100_000),
		"open tags":       head + "<description>" + strings.Repeat("&lt;a ", 300_000) + "</description></channel></rss>",
		"brackets":        head + "<pubDate>" + strings.Repeat("(", 300_000) + "</pubDate></channel></rss>",
		"address":         head + "<link>" + strings.Repeat("a:", 300_000) + "</link></channel></rss>",
		"e-mail":          head + "<webMaster>" + strings.Repeat("a.", 300_000) + "@</webMaster></channel></rss>",
		"language":        head + "<language>" + strings.Repeat("a-", 100_000) + "a</language></channel></rss>",
		"entities":        `<!DOCTYPE rss [` + strings.Repeat(`<!ENTITY a "b">`, 100_000) + `]>` + head + strings.Repeat("&a;", 100_000) + "</channel></rss>",
		"attributes":      head + "<cloud " + strings.Repeat(`a="b" `, 100_000) + "/></channel></rss>",
		"lines":           head + strings.Repeat("\n<ttl>x</ttl>", 100_000) + "</channel></rss>",
		"JSON items":      `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.Repeat("{},", 100_000) + `{}]}`,
		"JSON depth":      strings.Repeat(`{"a":[`, 100_000),
		"JSON whitespace": `{"version":` + strings.Repeat(" ", 300_000) + `1,"items":[1` + strings.Repeat(" ", 300_000) + `,1]}`,
	} {
		start := time.Now()
		r := validate.Document([]byte(doc), validate.Options{})
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: took %v", name, took)
		} else {
			t.Logf("%s: %v, %d findings", name, took, len(r.Findings))
		}
		if len(r.Findings) == 0 || len(r.Findings) > 200 {
			t.Errorf("%s: got %d findings", name, len(r.Findings))
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	doc, err := os.ReadFile("../testdata/podcast.txtar")
	if err != nil {
		b.Fatal(err)
	}
	text := string(doc)
	start, end := strings.Index(text, "<?xml"), strings.Index(text, "-- atom.xml --")
	item := text[strings.Index(text, "<item>"):strings.Index(text, "</channel>")]
	text = strings.Replace(text[start:end], item, strings.Repeat(item, 100), 1)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		validate.Document([]byte(text), validate.Options{})
	}
}
