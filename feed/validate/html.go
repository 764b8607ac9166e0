package validate

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"feedpub/feed/internal/pattern"
)

var (
	// htmlText is text that readers take for HTML.
	htmlText = &check{"HTML", "", testHTML}
	// plainText is text that readers show as it stands.
	plainText = &check{"plain text", "", testPlain}
	// plainOrBlank is the same, and may be empty.
	plainOrBlank = &check{"plain text", "", func(v value) []fault { return markupIn(v.text) }}
)

func testPlain(v value) []fault {
	if faults := notBlank(v.text); faults != nil {
		return faults
	}
	return markupIn(v.text)
}

var (
	tagForms    = pattern.New(`(?i)<(/?(a|abbr|b|big|blockquote|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|s|script|small|span|strike|strong|sub|sup|table|td|tr|tt|u|ul)\b[^<>]*|!--.*?--)>`)
	entityForms = pattern.New(`&(#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]{1,30});`)
)

// markupIn warns of markup in what is shown as text.
func markupIn(s string) []fault {
	if tag := tagForms.FindString(s); tag != "" {
		return []fault{{"text-markup", "holds markup, as " + quoted(tag), "write plain text: readers show the markup as it stands, or drop it"}}
	}
	if entity := entityForms.FindString(s); entity != "" && html.UnescapeString(entity) != entity {
		return []fault{{"text-markup", "holds a reference of HTML, as " + quoted(entity), "escape it once, not twice"}}
	}
	return nil
}

// maxHTMLFaults bounds what is said of one text.
const maxHTMLFaults = 5

// testHTML warns of what readers drop, and of what is dangerous in those that do not.
func testHTML(v value) []fault {
	if !strings.ContainsAny(v.text, "<&") {
		return nil
	}
	var faults []fault
	seen := make(map[string]bool)
	z := html.NewTokenizer(strings.NewReader(v.text))
	z.SetMaxBuf(1 << 20)
	for len(faults) < maxHTMLFaults {
		t := z.Next()
		if t == html.ErrorToken {
			break
		}
		if t != html.StartTagToken && t != html.SelfClosingTagToken {
			continue
		}
		token := z.Token()
		for _, f := range testTag(token.Data, token.Attr, v.node != nil && v.node.base) {
			if !seen[f.code] {
				seen[f.code] = true
				faults = append(faults, f)
			}
		}
	}
	return faults
}

func testTag(name string, attrs []html.Attribute, based bool) []fault {
	var faults []fault
	switch {
	case dangerous[name]:
		faults = append(faults, fault{"html-security", fmt.Sprintf("holds <%s>, which readers drop for safety", name), "leave it out"})
	case !known[name]:
		faults = append(faults, fault{"html-undefined", fmt.Sprintf("holds <%s>, which HTML does not have", name), "write the < of text as &lt;"})
	}
	for _, a := range attrs {
		key := strings.ToLower(a.Key)
		switch {
		case strings.HasPrefix(key, "on"):
			faults = append(faults, fault{"html-security", fmt.Sprintf("holds the attribute %s, which readers drop for safety", key), "leave it out"})
		case key == "style" && unsafeStyle(a.Val):
			faults = append(faults, fault{"html-style", "holds a style that readers drop for safety", "leave it out"})
		case addresses[key]:
			faults = append(faults, testAddress(key, trim(a.Val), based)...)
		}
	}
	return faults
}

func testAddress(key, s string, based bool) []fault {
	scheme := strings.ToLower(schemeForm.FindString(s))
	switch {
	case scheme == "javascript:" || scheme == "vbscript:":
		return []fault{{"html-security", fmt.Sprintf("holds a script in %s", key), "leave it out"}}
	case scheme == "" && !based && !strings.HasPrefix(s, "#"):
		return []fault{{"html-relative-url", fmt.Sprintf("holds a relative address in %s, %s", key, quoted(s)), "write it whole: readers do not agree what it is relative to"}}
	}
	return nil
}

var (
	dangerous = set("applet base body embed form frame frameset head html iframe input layer link meta noframes noscript object script style title button select textarea option optgroup")
	addresses = set("href src action cite longdesc poster background")
	known     = set(`a abbr acronym address area article aside audio b bdi bdo big blink blockquote br canvas caption center
cite code col colgroup command data datagrid datalist dd del details dfn dialog dir div dl dt em event-source fieldset
figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd keygen label legend li m main map mark menu
meter multicol nav nextid nobr noscript ol output p picture pre progress q rb rp rt rtc ruby s samp search section slot
small sound source spacer span strike strong sub summary sup table tbody td template tfoot th thead time tr track tt u ul
var video wbr math svg g path circle rect line polyline polygon ellipse text tspan defs use desc mi mo mn mrow msup msub
mfrac msqrt mtext mtable mtr mtd mstyle mover munder munderover mspace semantics annotation lineargradient stop`)
	styleForm = pattern.New(`(?i)expression|javascript|vbscript|url\s*\(|position\s*:|behavior|-moz-binding|@import|\\|/\*`)
)

func unsafeStyle(s string) bool { return styleForm.MatchString(s) }
