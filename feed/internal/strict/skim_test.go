package strict

import (
	"encoding/xml"
	"reflect"
	"testing"
)

// watching makes the pass look at all text: it is handed on.
type watching struct{}

func (watching) Start(xml.Name, string, []xml.Attr, int64) {}
func (watching) End(int64)                                 {}
func (watching) Text([]byte, int64)                        {}

// What is found does not depend on whether text is skimmed.
func FuzzSkim(f *testing.F) {
	for _, doc := range []string{
		"<a>text &lt;b&gt; &#39;&#xA;&#x9;\n<b/>more\n<c>]]&gt;</c>&amp;</a>",
		"<a>\n\n<b/>text</a>tail", "<a/>text", "<a>text", "<a>text</b>", "<a>]]></a>", "<a>\n]]></a>", "<a>\u00e9\n&eacute;</a>",
		"<a>\n\x01</a>", "<a>\nx\xff</a>", "<a>\n\ufffd</a>", "<a>\n\ufffe</a>", "<a>\r\n&#xD800;</a>", "<a>&#0;</a>", "<a>& </a>", "<a>&lt</a>",
		"<a><![CDATA[x\n]]>\n<![CDATA[<b>&]]>y<b/></a>", "<a><![CDATA[x\n]]", "<a>\n<![CDATA[]]>]]></a>", "<![CDATA[x]]><a/>", "<a/><![CDATA[x]]>", "<a><![CDATA[\n\x01]]></a>",
		"<a><![CDATA[x > ]] <b>]]>text</a>", "<a><!-- > -->text\n<!-- \x02 --></a>", "<a b='x > y'>text</a>", "<a b=\"1\"c='2'>text\n</a>", "<a>x<?p > ?>y\n<z:b/></a>",
		"<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>text</a>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;text</a>", "<a>text\n<b></a></b>", "text<a/>",
		"<rss><channel>\n<item><title>a &amp; b</title>\n<x:y/></item></channel></rss>", "<feed>\n<entry>\ntext\n<c d='1' d='2'/></entry></feed>",
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		o := XMLOptions{MaxDepth: 8}
		skimmed := XML(doc, o)
		o.Visitor = watching{}
		if whole := XML(doc, o); !reflect.DeepEqual(skimmed, whole) {
			t.Errorf("%q: skimmed: %+v, whole: %+v", doc, skimmed, whole)
		}
	})
}
