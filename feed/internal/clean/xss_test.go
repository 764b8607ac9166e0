package clean

import (
	"strings"
	"testing"

	"feedpub/feed/internal/xss"
)

// What an article may be built to do, alone, and in the places where browsers read HTML by other rules.
func TestHTMLIsHarmless(t *testing.T) {
	for _, payload := range xss.Payloads {
		for _, place := range []string{
			"%s", "<p>a</p>%s<p>b</p>", "<b><i>%s", "<table><tr><td>%s", "<table>%s</table>", "<ul><li>%s</ul>", "<pre>%s</pre>", "<details><summary>%s",
			`<a href="/x">%s</a>`, "<figure>%s</figure>", "<svg>%s</svg>", "<math>%s</math>", "<svg><foreignObject>%s", "<math><mtext>%s",
			"<math><annotation-xml encoding='text/html'>%s", "<select>%s</select>", "<template>%s</template>", "<noscript>%s</noscript>", "<form>%s", "<style>%s",
			"<title>%s", "<iframe>%s", `<p title="%s">`, "<!--%s", "<ruby><rt>%s", "<h1>%s</h2>", "<video>%s</video>",
		} {
			source := strings.Replace(place, "%s", payload, 1)
			got, err := HTML(source, base(t))
			if err != nil {
				t.Errorf("%s: %v", source, err)
				continue
			}
			if bad := xss.Harm(got); bad != "" {
				t.Errorf("%s: got %s, which has %s", source, got, bad)
			}
			if again, err := HTML(got, base(t)); err != nil || again != got {
				t.Errorf("%s: got %s, then %s, %v", source, got, again, err)
			}
			prefixed := PrefixIDs(got, "https://example.org/posts/x/", "e0-")
			if bad := xss.Harm(prefixed); bad != "" {
				t.Errorf("%s: with prefixes %s, which has %s", source, prefixed, bad)
			}
		}
	}
}

// The judge must find what there is to find.
func TestHarm(t *testing.T) {
	for _, bad := range []string{
		"<script>", "<p onclick=x>", `<a href="javascript:x">a</a>`, `<a href="/relative">a</a>`, `<a href="https://">a</a>`, "<svg></svg>", "<math><mi></mi></math>",
		"<!-- x -->", `<img src="data:x">`, `<img srcset="https://e.example/a 1x, javascript:x 2x">`, `<p style="x">`, "<noscript></noscript>", "<form>", "<span>", "<template></template>",
	} {
		if xss.Harm(bad) == "" {
			t.Errorf("%s: nothing found", bad)
		}
	}
}
