package feed

import "testing"

// Stores hold hashes that were made long ago: the same article must give the same one for good.
func TestSignificantStands(t *testing.T) {
	for want, e := range map[string]Entry{
		"f7c7996e7620608bfa18c2ff515c014b4179bbd554362d630e53e441ef697dff": {},
		"287d9c3627bc51963964610900f864ca122848647b7a984ce19936a23d998c97": {
			Title: "Größe  & more", Summary: " A summary\nof  two lines\u00a0", URL: "https://example.org/a",
			Content:    "<h2>Head</h2>\n<p>One &amp; <em>two</em>\u00a0<br/>three</p><pre>a\n  b</pre><table><tr><td>c</td><td>d</td></tr></table>",
			Authors:    []Author{{Name: "Ann", Email: "ann@example.org", URL: "https://example.org/ann"}, {Name: "Bob"}},
			Enclosures: []Enclosure{{URL: "https://example.org/a.mp3", Type: "audio/mpeg", Length: 7}},
		},
		"42234d882c0390b3fd403512c214c1c033053b126745ef8378317ba6186cbf24": {Content: "a<script>b</script> \x01 c\r\n<!-- d --><p title='e>'>f &lt;g"},
	} {
		if got := e.Significant(); got != want {
			t.Errorf("%+v: got %s, want %s", e, got, want)
		}
	}
}
