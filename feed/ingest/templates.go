package ingest

type templates struct {
	reader   *Reader
	jekyll   bool
	warnings []string
}

func (t *templates) expand(s string) string { return s }
