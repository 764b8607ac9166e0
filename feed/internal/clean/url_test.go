package clean

import (
	"net/url"
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://example.org/a?b=c&d=e#f", "https://example.org/a?b=c&d=e#f"},
		{"HTTPS://Example.ORG", "https://example.org/"},
		{"/posts/x/", "https://example.org/posts/x/"},
		{"/../../x", "https://example.org/x"},
		{"https://e.example/a/../b/./c", "https://e.example/b/c"},
		{"pic.png", "https://example.org/posts/x/pic.png"},
		{"//cdn.example/a", "https://cdn.example/a"},
		{"https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"},
		{"https://e.example/100%?q=[a]|ü#a#b", "https://e.example/100%25?q=%5Ba%5D%7C%C3%BC#a%23b"},
		{"https://e.example/%C3%A4%2F", "https://e.example/%C3%A4%2F"},
		{"http://[::1]:8080/x", "http://[::1]:8080/x"},
		{"#note", "https://example.org/posts/x/#note"},
		{`https://e.example/a\b`, "https://e.example/a%5Cb"},
	}
	for _, test := range tests {
		got, err := URL(test.in, base(t))
		if err != nil || got != test.want {
			t.Errorf("URL(%q): got %q, %v, want %q", test.in, got, err, test.want)
		}
	}
	for _, bad := range []string{
		"javascript:alert(1)", "data:text/html,x", "https://user:pw@example.org/x", "http://[::1", "https://example.org/\nx",
		"https://exa mple.org/", `C:\x.png`, "https:///x", "mailto:a@example.org", "https://a%00b/", "http:foo", "ftp://e.example/", "https://.../", "//\xc20",
	} {
		if got, err := URL(bad, base(t)); err == nil {
			t.Errorf("URL(%q): got %q, want an error", bad, got)
		}
	}
}

// What no resolver and no browser takes is no URL.
func TestURLHosts(t *testing.T) {
	label, long := strings.Repeat("a", 63), strings.Repeat("a.", 126)
	for _, good := range []string{"https://e.example.", "https://e.example:65535", "https://" + label + ".example", "https://" + long + "a", "https://" + long + "a."} {
		if _, err := URL(good, nil); err != nil {
			t.Errorf("URL(%q): got %v", good, err)
		}
	}
	for _, bad := range []string{
		"https://e.example:65536", "https://e.example:99999999999999999999", "https://[::1]:65536", "https://a..b", "https://.e.example", "https://e.example..",
		"https://" + label + "a.example", "https://" + long + "aa", "https://" + strings.Repeat("ü", 60) + ".example",
	} {
		if got, err := URL(bad, nil); err == nil {
			t.Errorf("URL(%q): got %q, want an error", bad, got)
		}
	}
}

func FuzzURL(f *testing.F) {
	f.Add("https://bücher.example/ä b?[|]#a#b")
	f.Add("//a/..")
	f.Fuzz(func(t *testing.T, ref string) {
		got, err := URL(ref, base(t))
		if err != nil {
			return
		}
		if u, err := url.Parse(got); err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
			t.Errorf("URL(%q): got %q, %v", ref, got, err)
		}
		for i := range len(got) {
			if c := got[i]; c <= ' ' || c >= 0x7F {
				t.Errorf("URL(%q): got %q, which is not ASCII", ref, got)
			}
		}
		if again, err := URL(got, base(t)); err != nil || again != got {
			t.Errorf("URL(%q): got %q, then %q, %v", ref, got, again, err)
		}
	})
}
