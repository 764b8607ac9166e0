package ingest

import (
	"fmt"
	"html"
	"strings"

	"feedpub/feed/internal/pattern"
)

var (
	shortcodeArg  = pattern.New("([\\w-]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|`([^`]*)`|(\\S+))")
	shortcodeWord = pattern.New(`"([^"]*)"|(\S+)`)
	endShortcode  = pattern.New(`\{\{[<%]\s*/\s*highlight\s*[>%]\}\}`)
)

// shortcode takes Hugo's {{< … >}} and {{% … %}}: figures, code, references and films are shown; of others only
// what stands between them is.
func (t *templates) shortcode(whole, inside string) {
	if strings.HasPrefix(inside, "/*") && strings.HasSuffix(inside, "*/") && len(inside) >= 4 { // an article about shortcodes
		t.out = append(t.out, whole[:3]+inside[2:len(inside)-2]+whole[len(whole)-3:]...)
		return
	}
	name, args, _ := strings.Cut(strings.Join(strings.Fields(inside), " "), " ")
	switch name {
	case "figure":
		t.figure(arguments(args))
	case "highlight":
		t.fenced(firstWord(args), t.block(endShortcode))
	case "ref", "relref":
		t.out = append(t.out, t.siteLink(firstWord(args))...)
	case "youtube":
		id := firstWord(args)
		if named := arguments(args)["id"]; named != "" {
			id = named
		}
		t.out = append(t.out, fmt.Sprintf(`<a href="%[1]s">%[1]s</a>`, html.EscapeString("https://www.youtube.com/watch?v="+id))...)
	default:
		t.warn(whole)
		t.drop()
	}
}

// figure writes a picture with its caption.
func (t *templates) figure(args map[string]string) {
	if args["src"] == "" {
		return
	}
	alt := args["alt"]
	if alt == "" {
		alt = args["caption"]
	}
	image := `<img src="` + html.EscapeString(args["src"]) + `" alt="` + html.EscapeString(alt) + `">`
	if args["link"] != "" {
		image = `<a href="` + html.EscapeString(args["link"]) + `">` + image + `</a>`
	}
	var caption []string
	for _, part := range []string{args["title"], args["caption"], args["attr"]} {
		if part != "" {
			caption = append(caption, html.EscapeString(part))
		}
	}
	if len(caption) > 0 {
		image += "<figcaption>" + strings.Join(caption, " ") + "</figcaption>"
	}
	t.out = append(t.out, "\n\n<figure>"+image+"</figure>\n\n"...)
}

func arguments(s string) map[string]string {
	args := map[string]string{}
	for _, m := range shortcodeArg.FindAllStringSubmatch(s, -1) {
		args[strings.ToLower(m[1])] = oneLine(strings.ReplaceAll(m[2], `\"`, `"`) + m[3] + m[4])
	}
	return args
}

func firstWord(s string) string {
	m := shortcodeWord.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	return m[1] + m[2]
}
