package feed

import "regexp"

var (
	// declaration is the XML declaration (https://www.w3.org/TR/xml/#NT-XMLDecl), which only ever stands first.
	declaration = regexp.MustCompile(`^<\?xml\s+version\s*=\s*(?:"1\.[0-9]+"|'1\.[0-9]+')(?:\s+encoding\s*=\s*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>`)

	encodingName = regexp.MustCompile(`(encoding\s*=\s*["'])([^"']*)(["'])`)
)

// declaredEncoding is the encoding that the document's XML declaration names, else utf-8.
func declaredEncoding(doc []byte) string {
	d := declaration.Find(doc[:min(len(doc), 1024)])
	if m := encodingName.FindSubmatch(d); m != nil {
		return string(m[2])
	}
	return "utf-8"
}
