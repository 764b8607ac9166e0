package page

// The samples that templates are tried with: all that there may be, and nothing at all.

func sampleStarts() []any {
	document := sampleDocument()
	listed := Listed{Title: "Feed", Description: "About", Label: "Feed", Page: "feed/", Documents: []Document{document, document}}
	return []any{Start{
		Site: sampleSite(), Feeds: []Listed{listed, listed}, More: 1, Groups: []Group{{Title: "By tag", Feeds: []Listed{listed, listed}, More: 1}},
		Newest: []Entry{sampleEntry(), {}}, Image: "https://example.org/i.png", Root: "./",
	}, Start{}}
}

func sampleFeeds() []any {
	f := Feed{
		Site: sampleSite(), Title: "Feed", Description: "About", Language: "en", Dir: "auto", URL: "https://example.org/feed/",
		Image: "https://example.org/i.png", Icon: "https://example.org/i.ico", Documents: []Document{sampleDocument(), sampleDocument()},
		Readers: []Reader{{Name: "Reader"}, {Name: "Another"}}, Entries: []Entry{sampleEntry(), sampleEntry(), {}},
		Earlier: []Month{{"March 2026", []Entry{sampleEntry(), {}}}}, More: 1, Newer: "../", Older: "../", Home: "../../", Root: "../../../",
	}
	archived := f
	archived.Archive = "March 2026"
	return []any{f, archived, Feed{}}
}

func sampleSite() Site {
	return Site{Title: "Site", Description: "About", URL: "https://example.org/", FeedsURL: "https://example.org/feeds/", Language: "en", Policy: Policy}
}

func sampleDocument() Document {
	return Document{Label: "Atom", Type: "application/atom+xml", Title: "Feed", Href: "atom.xml", URL: "https://example.org/atom.xml", ID: "atom"}
}

func sampleEntry() Entry {
	e := Entry{
		Title: "Entry", URL: "https://example.org/entry", Language: "en", Dir: "auto", Authors: []string{"Author", "Another"}, Summary: "Summary",
		Content: "<p>Text</p>", Cut: true, Image: "https://example.org/i.png", ImageAlt: "Alt",
	}
	for _, kind := range []string{"audio", "video", "image", "file"} {
		e.Enclosures = append(e.Enclosures, Enclosure{URL: "https://example.org/a", Type: kind + "/x", Title: "Title", Kind: kind, Size: "1 kB"})
	}
	return e
}
