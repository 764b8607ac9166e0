package manifest

import (
	"encoding/json"
	"strconv"
	"time"
	"unicode/utf8"
)

// encode puts one record on a line, so that a list kept in a repository gives diffs that people can read. Its bytes are
// those of encoding/json, which takes ten times as long for them; the list is written at each change.
func (m *Manifest) encode() []byte {
	const file, entry = 256, 512 // bytes of most of them
	b := make([]byte, 0, file*len(m.Files)+entry*len(m.Entries)+1024)
	b = append(b, `{"files": [`...)
	b = appendLines(b, m.Files, File.appendJSON)
	b = append(b, "],\n\"archives\": ["...)
	b = appendLines(b, m.Archives, Archive.appendJSON)
	b = append(b, "],\n\"entries\": ["...)
	b = appendLines(b, m.Entries, Entry.appendJSON)
	b = append(b, "],\n\"facets\": ["...)
	b = appendLines(b, m.Facets, Facet.appendJSON)
	return append(b, "]}\n"...)
}

func encodePart(files []File) []byte {
	b := appendLines([]byte(`{"files": [`), files, File.appendJSON)
	return append(b, "]}\n"...)
}

func appendLines[T any](b []byte, records []T, appendJSON func(T, []byte) []byte) []byte {
	for i, r := range records {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(r, append(b, '\n'))
	}
	return b
}

func (f File) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"path":`...), f.Path)
	b = appendString(append(b, `,"type":`...), f.Type)
	b = appendString(append(b, `,"sha256":`...), f.SHA256)
	b = strconv.AppendInt(append(b, `,"size":`...), f.Size, 10)
	b = appendTime(append(b, `,"changed":`...), f.Changed)
	for i, c := range f.Coded {
		if i == 0 {
			b = append(b, `,"coded":[`...)
		} else {
			b = append(b, ',')
		}
		b = c.appendJSON(b)
	}
	if len(f.Coded) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

func (c Coded) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"coding":`...), c.Coding)
	b = appendString(append(b, `,"sha256":`...), c.SHA256)
	b = strconv.AppendInt(append(b, `,"size":`...), c.Size, 10)
	return append(b, '}')
}

func (a Archive) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"feed":`...), a.Feed)
	for i, f := range a.Files {
		if i == 0 {
			b = append(b, `,"files":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendString(b, f)
	}
	if len(a.Files) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

func (e Entry) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"id":`...), e.ID)
	b = appendMember(b, `,"source":`, e.Source)
	b = appendMember(b, `,"key":`, e.Key)
	b = appendMember(b, `,"url":`, e.URL)
	b = appendTime(append(b, `,"published":`...), e.Published)
	b = appendTime(append(b, `,"updated":`...), e.Updated)
	b = appendMember(b, `,"raw":`, e.Raw)
	if e.Withdrawn != nil {
		b = appendTime(append(b, `,"withdrawn":`...), *e.Withdrawn)
	}
	b = appendMember(b, `,"note":`, e.Note)
	return append(b, '}')
}

func (f Facet) appendJSON(b []byte) []byte {
	b = appendString(append(b, `{"kind":`...), f.Kind)
	b = appendString(append(b, `,"name":`...), f.Name)
	b = appendString(append(b, `,"value":`...), f.Value)
	return append(b, '}')
}

// appendMember appends a member that is left out when it is empty.
func appendMember(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return appendString(append(b, name...), value)
}

func appendTime(b []byte, t time.Time) []byte {
	b = t.AppendFormat(append(b, '"'), time.RFC3339Nano)
	return append(b, '"')
}

// appendString leaves what may have to be escaped to encoding/json.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c >= utf8.RuneSelf {
			escaped, _ := json.Marshal(s) // a string never fails
			return append(b, escaped...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}
