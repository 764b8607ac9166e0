package validate

import (
	"encoding/xml"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

const xhtmlNamespace = "http://www.w3.org/1999/xhtml"

// startMarkup takes an element within a text construct or content: what it may be is for the type to say.
func (w *walk) startMarkup(n *node) {
	holder := w.top
	w.markup++
	if w.markup == 1 {
		holder.inner = append(holder.inner, n)
	}
	if holder.attr("type") == "xhtml" && n.name.Space == xhtmlNamespace {
		w.checkXHTML(n)
	}
}

// checkXHTML says of an element of XHTML what is said of HTML.
func (w *walk) checkXHTML(n *node) {
	var attrs []html.Attribute
	for _, a := range n.attrs {
		switch {
		case a.Name.Space == "":
			attrs = append(attrs, html.Attribute{Key: a.Name.Local, Val: a.Value})
		case a.Name == xml.Name{Space: xmlNamespace, Local: "base"}:
			w.top.base = true
		}
	}
	for _, f := range testTag(n.name.Local, attrs, w.top.base) {
		w.find(f.code, n.offset, fmt.Sprintf("<%s> %s", w.top.spelled(), f.message), f.remedy)
	}
}

// checkText is of a text construct (RFC 4287, 3.1).
func checkText(w *walk, n *node) {
	switch kind, ok := n.lookUp("type"); {
	case !ok || kind == "text":
		w.checkNoElements(n)
		if len(n.inner) == 0 {
			w.checkValue(value{n.value(), n, w}, plainText, "text-blank", fmt.Sprintf("<%s>", n.spelled()), n.offset)
		}
	case kind == "html":
		w.checkNoElements(n)
		w.checkFilled(n)
		w.checkHTML(n)
	case kind == "xhtml":
		w.checkDiv(n)
	}
}

func (w *walk) checkFilled(n *node) {
	if n.value() == "" && len(n.inner) == 0 {
		w.find("text-blank", n.offset, fmt.Sprintf("<%s> is empty", n.spelled()), "fill it, or leave it out")
	}
}

func (w *walk) checkHTML(n *node) {
	w.checkValue(value{n.value(), n, w}, htmlText, "html-undefined", fmt.Sprintf("<%s>", n.spelled()), n.offset)
}

func (w *walk) checkNoElements(n *node) {
	if len(n.inner) > 0 {
		w.find("atom-text-element", n.inner[0].offset, fmt.Sprintf("<%s> holds <%s>, and its type says that it holds text alone", n.spelled(), n.inner[0].name.Local), `escape the markup and write type="html", or put it into a div and write type="xhtml"`)
	}
}

// checkDiv wants the one div of XHTML, which is no part of the text (RFC 4287, 3.1.1.3).
func (w *walk) checkDiv(n *node) {
	const remedy = `put all of it into one <div xmlns="http://www.w3.org/1999/xhtml">`
	div := xml.Name{Space: xhtmlNamespace, Local: "div"}
	switch {
	case len(n.inner) != 1 || n.inner[0].name != div:
		w.find("atom-xhtml-div", n.offset, fmt.Sprintf("<%s> is of type xhtml, and does not hold one div of XHTML", n.spelled()), remedy)
	case n.value() != "":
		w.find("atom-xhtml-div", n.offset, fmt.Sprintf("<%s> is of type xhtml, and holds text outside of its div", n.spelled()), remedy)
	}
}

// checkContent is of atom:content (RFC 4287, 4.1.3).
func checkContent(w *walk, n *node) {
	kind, typed := n.lookUp("type")
	kind = strings.ToLower(kind)
	if _, ok := n.lookUp("src"); ok {
		w.checkElsewhere(n, kind, typed)
		return
	}
	media, _, _ := strings.Cut(kind, ";")
	switch media = trim(media); {
	case !typed || kind == "text" || kind == "html" || kind == "xhtml":
		if kind != "xhtml" && n.value() == "" && len(n.inner) == 0 {
			return // as good as none; a title may be all there is to say
		}
		checkText(w, n)
	case !mediaTypeForm.MatchString(kind):
		w.find("atom-content-type-value", n.offset, fmt.Sprintf("the type of <content> is %s, which is not a media type", quoted(n.attr("type"))), "write text, html, xhtml, or a media type like image/png")
	case strings.HasPrefix(media, "multipart/") || strings.HasPrefix(media, "message/"):
		w.find("atom-content-composite", n.offset, "the type of <content> is "+media+", which is composed of others", "write the part that is meant")
	case isXMLType(media):
		if len(n.inner) != 1 {
			w.find("atom-content-xml", n.offset, "<content> is of type "+media+", and does not hold one element", "put one element into it")
		}
	case strings.HasPrefix(media, "text/"):
		w.checkNoElements(n)
		if media == "text/html" {
			w.find("atom-content-html", n.offset, "the type of <content> is text/html, which most readers do not show", `write type="html"`)
			w.checkHTML(n)
		}
	default:
		w.checkNoElements(n)
		w.checkValue(value{n.value(), n, w}, base64ed, "atom-content-base64", "<content>", n.offset)
	}
}

// checkElsewhere is of content that lies at another address.
func (w *walk) checkElsewhere(n *node, kind string, typed bool) {
	if n.value() != "" || len(n.inner) > 0 {
		w.find("atom-content-filled", n.offset, "<content> has src, and is not empty", "leave one of them out")
	}
	switch {
	case !typed:
		w.find("atom-content-untyped", n.offset, "<content> has src, and no type", "add the media type of what lies there")
	case !mediaTypeForm.MatchString(kind):
		w.find("atom-content-type-value", n.offset, fmt.Sprintf("the type of <content> is %s, which is not a media type; with src it must be one", quoted(kind)), "write it like text/html")
	}
}

func isXMLType(media string) bool {
	return strings.HasSuffix(media, "+xml") || strings.HasSuffix(media, "/xml") || media == "text/xml-external-parsed-entity" ||
		media == "application/xml-external-parsed-entity" || media == "application/xml-dtd"
}

// needsSummary tells content that a reader cannot show (RFC 4287, 4.1.2).
func needsSummary(n *node) bool {
	if _, ok := n.lookUp("src"); ok {
		return true
	}
	kind, typed := n.lookUp("type")
	kind = strings.ToLower(kind)
	return typed && strings.Contains(kind, "/") && !strings.HasPrefix(kind, "text/") && !isXMLType(kind)
}
