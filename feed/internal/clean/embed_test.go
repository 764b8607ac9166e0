package clean

import "testing"

func TestEmbedded(t *testing.T) {
	link := func(address, text string) string { return `<p><a href="` + address + `">` + text + "</a></p>" }
	tests := []struct{ name, in, want string }{
		{"frame", `<p>a</p><iframe src="https://maps.example/?q=1&amp;r" allow=x></iframe><p>b</p>`,
			"<p>a</p>" + link("https://maps.example/?q=1&amp;r", "https://maps.example/?q=1&amp;r") + "<p>b</p>"},
		{"frame with a title", `<iframe src="//e.example/x" title="A &lt;film&gt;"></iframe>`, link("https://e.example/x", "A &lt;film&gt;")},
		{"relative", `<iframe src="../chart.html">no frames</iframe>`, link("https://example.org/posts/chart.html", "https://example.org/posts/chart.html")},
		{"within a figure", `<figure><iframe src="https://player.vimeo.com/video/1"></iframe><figcaption>F</figcaption></figure>`,
			"<figure>" + link("https://player.vimeo.com/video/1", "https://player.vimeo.com/video/1") + "<figcaption>F</figcaption></figure>"},
		{"within a paragraph", `<p>a <iframe src="https://e.example/x"></iframe> b</p>`, "<p>a </p>" + link("https://e.example/x", "https://e.example/x") + " b"},
		{"YouTube", `<iframe width="560" height="315" src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?si=x" title="Song"></iframe>`,
			link("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "Song")},
		{"a list of YouTube", `<iframe src="https://www.youtube.com/embed/videoseries?list=x" title="L"></iframe>`, link("https://www.youtube.com/embed/videoseries?list=x", "L")},
		{"loaded later", `<iframe src="about:blank" data-src="https://e.example/x" title="X"></iframe>`, link("https://e.example/x", "X")},
		{"no page", `a<iframe></iframe><iframe src=""></iframe><iframe src="javascript:alert(1)"></iframe><iframe src="data:text/html,x"></iframe>b`, "ab"},
		{"counters", `a<iframe src="https://t.example/" width=0 height="0"></iframe><iframe src="https://t.example/" height="1px"></iframe>` +
			`<iframe src="https://t.example/" style="display: none"></iframe><noscript><iframe src="https://t.example/"></iframe></noscript>b`, "ab"},
		{"no markup of the frame", `<iframe src="https://e.example/x" title="X"><b>old</b> <!-- --></iframe>a`, link("https://e.example/x", "X") + "a"},
		{"formula", `<p>Let <math><msup><mi>a</mi><mn>2</mn></msup><mo>=</mo><mi>b</mi></math>.</p>`, "<p>Let a2=b.</p>"},
		{"formula in TeX", `<math><semantics><mi>a</mi><annotation encoding="application/x-tex">a &lt; \frac{1}{2}</annotation></semantics></math>`, `<code>a &lt; \frac{1}{2}</code>`},
		{"formula with a text", `<math alttext="a^2"><mi>a</mi></math>`, "<code>a^2</code>"},
		{"formula in another language", `<math><mi>a</mi><annotation encoding="x">no</annotation><annotation-xml><ci>no</ci></annotation-xml><mi>b</mi></math>`, "ab"},
		{"formula beside its picture", `<p><span class="katex"><span class="katex-mathml"><math><mi>x</mi></math></span><span aria-hidden="true">x</span></span></p>`, "<p>x</p>"},
		{"formula without an end", `<p>a <math><mi>x</mi><p>b</p>`, "<p>a </p><p>b</p>"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := HTML(test.in, base(t))
			if err != nil || got != test.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}
