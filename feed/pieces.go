package feed

import "bytes"

// pieces are a document that Write made, taken apart: what stands before the entries, each entry, and what stands behind.
type pieces struct {
	head    []byte
	entries [][]byte
	tail    []byte
	between string // two entries
}

// takeApart finds the entries of a document that Write made by the lines on which they begin and end; ok is false for a
// document of another's. No other line can look so: outside of CDATA sections line breaks stand between elements only,
// and a string in JSON has none.
func takeApart(doc []byte, format Format) (p pieces, ok bool) {
	opening, closing := "\n    <item>", "\n    </item>"
	switch format {
	case Atom:
		opening, closing = "\n  <entry", "\n  </entry>"
	case JSON:
		opening, closing, p.between = "\n    {", "\n    }", ","
	}
	end := 0
	if format == JSON {
		const items = "\n  \"items\": ["
		if end = bytes.Index(doc, []byte(items)); end < 0 {
			return pieces{}, false
		}
		end += len(items)
	}
	for {
		start := outside(doc, end, opening, format)
		if start < 0 {
			break
		}
		if len(p.entries) == 0 {
			p.head = doc[:start]
		} else if string(doc[end:start]) != p.between {
			return pieces{}, false
		}
		if end = outside(doc, start, closing, format); end < 0 {
			return pieces{}, false
		}
		end += len(closing)
		p.entries = append(p.entries, doc[start:end])
	}
	if len(p.entries) == 0 {
		return pieces{}, false
	}
	p.tail = doc[end:]
	return p, true
}

// outside finds the first such text from the place on that is not within a CDATA section.
func outside(doc []byte, from int, text string, format Format) int {
	for {
		found := bytes.Index(doc[from:], []byte(text))
		if found < 0 || format == JSON {
			return place(from, found)
		}
		section := bytes.Index(doc[from:from+found], []byte("<![CDATA["))
		if section < 0 {
			return place(from, found)
		}
		end := bytes.Index(doc[from+section:], []byte("]]>"))
		if end < 0 {
			return -1
		}
		from += section + end + len("]]>")
	}
}

func place(from, found int) int {
	if found < 0 {
		return -1
	}
	return from + found
}

// with is the document with other entries in place of its own.
func (p pieces) with(entries [][]byte) []byte {
	if len(entries) == 0 && p.between != "" { // JSON writes an empty list on one line
		return append(bytes.Clone(p.head), "]\n}\n"...)
	}
	doc := bytes.Clone(p.head)
	for i, e := range entries {
		if i > 0 {
			doc = append(doc, p.between...)
		}
		doc = append(doc, e...)
	}
	return append(doc, p.tail...)
}

// root is the document's first element, with the namespaces that its entries use.
func (p pieces) root() []byte {
	_, rest, _ := bytes.Cut(p.head, []byte("?>"))
	tag, _, _ := bytes.Cut(rest, []byte("\n  <"))
	return tag
}

// missingFrom are the indices of the entries that do not stand in other as they are.
func (p pieces) missingFrom(other pieces) []int {
	there := make(map[string]bool, len(other.entries))
	for _, e := range other.entries {
		there[string(e)] = true
	}
	var missing []int
	for i, e := range p.entries {
		if !there[string(e)] {
			missing = append(missing, i)
		}
	}
	return missing
}

func (p pieces) pick(indices []int) [][]byte {
	picked := make([][]byte, len(indices))
	for i, at := range indices {
		picked[i] = p.entries[at]
	}
	return picked
}

// Superseded reads of prev, which is published, what does not stand in doc as it is: the feed with the entries that doc
// changes or lacks. It costs no more than they do.
func Superseded(prev, doc []byte, format Format) (*Feed, error) {
	before, ok := takeApart(prev, format)
	now, also := takeApart(doc, format)
	if !ok || !also {
		return Read(prev, format)
	}
	return Read(before.with(before.pick(before.missingFrom(now))), format)
}
