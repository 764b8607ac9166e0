package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// How many characters a summary has at most, and with how many a whole sentence is enough of one.
const (
	summaryLength = 300
	summaryEnough = 80
)

// Summary is plain text to introduce an article with: the first sentences of its paragraphs, up to the next heading or
// line, below which footnotes stand. A sentence too long is cut at a word. Where there are no paragraphs, headings, code
// and tables have to do, else what the first picture shows; it is empty where nothing says anything.
func Summary(content string) string {
	nodes, err := html.ParseFragment(strings.NewReader(content), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return ""
	}
	var prose prose
	for _, n := range nodes {
		prose.read(n)
	}
	prose.endParagraph()
	switch {
	case len(prose.paragraphs) > 0:
		return firstSentences(prose.paragraphs)
	case Text(content) != "":
		return firstSentences(strings.Split(Text(content), "\n"))
	}
	return firstSentences([]string{foldLine(alternative(nodes))})
}

// prose collects what is written in paragraphs.
type prose struct {
	paragraphs []string
	current    strings.Builder
	size       int // bytes in paragraphs
	full       bool
}

func (p *prose) read(n *html.Node) {
	switch {
	case p.full:
		return
	case n.Type == html.TextNode:
		p.current.WriteString(n.Data)
		return
	case n.Type != html.ElementNode:
		return
	case n.DataAtom == atom.Br:
		p.current.WriteByte(' ')
		return
	}
	ends := isBlock(n.DataAtom)
	if ends {
		p.endParagraph()
	}
	if (heading[n.DataAtom] || n.DataAtom == atom.Hr) && len(p.paragraphs) > 0 {
		p.full = true
		return
	}
	if isAside(n) {
		return
	}
	for c := range n.ChildNodes() {
		p.read(c)
	}
	if ends {
		p.endParagraph()
	}
}

func (p *prose) endParagraph() {
	text := foldLine(p.current.String())
	p.current.Reset()
	if text == "" || strings.HasPrefix(text, "http") && strings.Contains(text, "://") && !strings.Contains(text, " ") { // an address alone
		return
	}
	p.paragraphs = append(p.paragraphs, text)
	p.size += len(text)
	p.full = p.full || p.size > summaryLength*utf8.UTFMax
}

// isAside says that an element is none of the sentences around it: a picture with its caption, code, the mark of a
// footnote, how a character is read.
func isAside(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Pre, atom.Table, atom.Figure, atom.Audio, atom.Video, atom.Aside, atom.Details, atom.Rt, atom.Rp:
		return true
	case atom.Sup:
		return n.FirstChild != nil && n.FirstChild.DataAtom == atom.A
	}
	return heading[n.DataAtom]
}

// alternative is the text that stands for the first picture that has one.
func alternative(nodes []*html.Node) string {
	for _, root := range nodes {
		if alt := altOf(root); alt != "" {
			return alt
		}
		for n := range root.Descendants() {
			if alt := altOf(n); alt != "" {
				return alt
			}
		}
	}
	return ""
}

func altOf(n *html.Node) string {
	if n.DataAtom == atom.Img {
		for _, a := range n.Attr {
			if a.Key == "alt" {
				return strings.TrimSpace(a.Val)
			}
		}
	}
	return ""
}

func foldLine(s string) string { return strings.Join(strings.Fields(String(s)), " ") }

// firstSentences is as many sentences as go into a summary.
func firstSentences(paragraphs []string) string {
	var b strings.Builder
	size := 0
	for _, rest := range paragraphs {
		for sentence := ""; rest != ""; {
			sentence, rest = cutSentence(rest)
			n := utf8.RuneCountInString(strings.TrimSpace(sentence))
			if size+n > summaryLength {
				if size < summaryEnough {
					b.WriteString(cutWords(sentence, summaryLength-size))
				}
				return strings.TrimSpace(b.String())
			}
			b.WriteString(sentence)
			size += utf8.RuneCountInString(sentence)
		}
		b.WriteByte(' ')
		size++
	}
	return strings.TrimSpace(b.String())
}

// cutSentence parts the first sentence, with the space after it, from the rest of a paragraph. One too long for a
// summary need not be looked at to its end.
func cutSentence(s string) (sentence, rest string) {
	for i := 0; i < min(len(s), 2*summaryLength*utf8.UTFMax); {
		mark, n := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune(endMarks, mark) {
			i += n
			continue
		}
		next := strings.TrimLeft(s[i+n:], endMarks+`"')]}»”’›」』】）`)
		after := strings.TrimLeft(next, " ")
		if ends(s[:i], mark, next, after) {
			return s[:len(s)-len(after)], after
		}
		i = len(s) - len(next)
	}
	return s, ""
}

const endMarks = ".!?…。！？｡؟۔।"

// ends says that a sentence ends with the mark that stands between before and next; after is next without spaces.
func ends(before string, mark rune, next, after string) bool {
	first, _ := utf8.DecodeRuneInString(after)
	switch {
	case after == "" || strings.ContainsRune("。！？｡", mark):
		return true
	case !strings.HasPrefix(next, " ") || unicode.IsLower(first):
		return false
	}
	return mark != '.' || !isAbbreviated(before, first)
}

// isAbbreviated says that a full stop belongs to the word before it: an initial, "U.S.", "Dr.", "No. 5", "3. Mai".
func isAbbreviated(before string, next rune) bool {
	word := strings.TrimLeft(before[strings.LastIndexByte(before, ' ')+1:], `"'([{«“‘„‹`)
	lower := strings.ToLower(word)
	switch {
	case abbreviations[lower], numbered[lower] && unicode.IsDigit(next):
		return true
	case len(word) <= 2 && strings.Trim(word, "0123456789") == "" && word != "":
		return unicode.IsLetter(next)
	}
	for part := range strings.SplitSeq(word, ".") {
		if n := utf8.RuneCountInString(part); n == 0 || n > 2 || n > 1 && part == word || strings.ContainsFunc(part, isNoLetter) {
			return false
		}
	}
	return true
}

func isNoLetter(r rune) bool { return !unicode.IsLetter(r) }

// The abbreviations that a capital letter or a number follows most often in the middle of a sentence.
var (
	abbreviations = words("dr mr mrs ms prof st sr jr vs gen col sgt capt cpt lt cmdr rev hon gov sen rep pres approx ca cf al " +
		"mme mlle sra sig hr fr bzw vgl inkl zzgl mt ft")
	numbered = words("no nos nr n núm num vol fig figs p pp pg pág s ch sec eq art abs kap bd " +
		"jan feb mar apr jun jul aug sep sept oct okt nov dec dez")
)

func words(list string) map[string]bool {
	is := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		is[word] = true
	}
	return is
}

// cutWords is the beginning of s with a mark that it goes on: at most limit characters, to the end of a word. A word
// longer than half of that is cut between characters as readers see them: an emoji or a letter with its accents is whole.
func cutWords(s string, limit int) string {
	cut, word, size := 0, 0, 0
	for g := uniseg.NewGraphemes(s); g.Next(); {
		from, to := g.Positions()
		if size += utf8.RuneCountInString(s[from:to]); size > limit {
			break
		}
		if cut = to; s[from:to] == " " && size > limit/2 {
			word = from
		}
	}
	if word > 0 {
		cut = word
	}
	if kept := strings.TrimRight(s[:cut], " ,;:、，；："); kept != "" {
		return kept + "…"
	}
	return ""
}
