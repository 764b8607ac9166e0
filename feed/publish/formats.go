package publish

import (
	"context"
	"fmt"
	"path"

	"feedpub/feed"
	"feedpub/feed/internal/page"
)

// formats are the documents of one folder on their way to readers, one for each format of the channel.
type formats struct {
	names   []string
	works   []*draft
	docs    [][]byte // nil where the document before stands
	reports []DocumentReport
	carried [][]string // the IDs that each carries; none where something failed
}

// A paper is a document with its place below the published folder.
type paper struct {
	Document
	name string
}

// papers are the channel's documents in a folder: its own, or a part of its archive.
func (c channel) papers(folder string) []paper {
	papers := make([]paper, len(c.Documents))
	for i, d := range c.Documents {
		papers[i] = paper{d, path.Join(folder, d.File)}
	}
	return papers
}

// compose renders and checks the documents, side by side.
func compose(papers []paper, work func(i int) *draft) *formats {
	n := len(papers)
	f := &formats{make([]string, n), make([]*draft, n), make([][]byte, n), make([]DocumentReport, n), make([][]string, n)}
	for i, p := range papers {
		f.names[i], f.works[i] = p.name, work(i)
	}
	beside(n, n, f.compose)
	return f
}

func (f *formats) compose(i int) {
	report, work := &f.reports[i], f.works[i]
	report.Path = f.names[i]
	doc, carried, fallbacks, err := work.render()
	report.Fallbacks = fallbacks
	if err != nil {
		report.Error = fmt.Sprintf("%v; the last good document stands", err)
		if doc, err = work.withoutWithdrawn(); err != nil {
			report.Error += "; " + err.Error()
		}
		if doc == nil {
			return
		}
		report.Error += " without its withdrawn entries"
	}
	report.Bytes = len(doc)
	f.docs[i], f.carried[i] = doc, carried
}

// whole says that each document says what it should.
func (f *formats) whole() bool {
	for _, report := range f.reports {
		if report.Error != "" || len(report.Fallbacks) > 0 {
			return false
		}
	}
	return true
}

// standing is a document as readers have it from now on; nil for none.
func (f *formats) standing(i int) []byte {
	if f.docs[i] == nil {
		return f.works[i].prev.doc
	}
	return f.docs[i]
}

// put replaces the documents and the page beside them, side by side, since each waits for the disk. The error is the
// page's; the documents' are in their reports.
func (r *run) put(ctx context.Context, f *formats, name string, data page.Feed, entries []feed.Entry) error {
	var err error
	n := len(f.docs) + 1
	beside(n, n, func(i int) {
		if i == len(f.docs) {
			err = r.putFeedPage(ctx, name, data, entries)
		} else if f.docs[i] != nil {
			r.replace(f, i)
		}
	})
	return err
}

func (r *run) replace(f *formats, i int) {
	report, work, err := &f.reports[i], f.works[i], error(nil)
	report.Changed, err = r.list.replace(f.names[i], work.format.MediaType(), work.prev.doc, f.docs[i])
	if err != nil {
		report.Error, report.Blocked = fmt.Sprintf("%v (in %s)", err, r.config.Public), true
	}
}
