package audience

import (
	"regexp"
	"strconv"
	"strings"
)

// An agent is what a User-Agent says.
type agent struct {
	service     bool   // it reads for many
	name        string // of the service, or of the program
	id          string // of the feed at the service; empty where it tells none
	subscribers int64  // unknown where it tells none
}

const unknown = -1

// mostSubscribers is how many a service may say that it reads for. Who says more is not believed.
const mostSubscribers = 10_000_000

// maxAgent is how much of a User-Agent is looked at, and maxID how long a feed's id at a service may be.
const (
	maxAgent = 512
	maxID    = 64
)

// Services that tell for how many they read, by words that only their User-Agent has.
var services = []struct{ words, name string }{
	{"feedbin", "Feedbin"},
	{"feedly", "Feedly"},
	{"inoreader", "Inoreader"},
	{"newsblur", "NewsBlur"},
	{"theoldreader", "The Old Reader"},
	{"bazqux", "BazQux"},
	{"dreamwidth", "Dreamwidth"},
}

// Programs that people read with, or that go by for other reasons, by words of their User-Agent; the first that is there
// counts. They are few on purpose: their names go where strangers' words must not go.
var programs = []struct{ words, name string }{
	{"netnewswire", "NetNewsWire"},
	{"newsboat", "newsboat"},
	{"liferea", "Liferea"},
	{"thunderbird", "Thunderbird"},
	{"freshrss", "FreshRSS"},
	{"miniflux", "Miniflux"},
	{"tiny tiny rss", "Tiny Tiny RSS"},
	{"commafeed", "CommaFeed"},
	{"nextcloud-news", "Nextcloud News"},
	{"akregator", "Akregator"},
	{"reeder", "Reeder"},
	{"rss2email", "rss2email"},
	{"vienna", "Vienna"},
	{"quiterss", "QuiteRSS"},
	{"rssguard", "RSS Guard"},
	{"antennapod", "AntennaPod"},
	{"gpodder", "gPodder"},
	{"feedparser", "feedparser"},
	{"sfeed", "sfeed"},
	{"emacs elfeed", "Elfeed"},
	{"simplepie", "SimplePie"},
	{"bot", Crawlers},
	{"crawl", Crawlers},
	{"spider", Crawlers},
	{"slurp", Crawlers},
	{"curl/", "scripts"},
	{"wget/", "scripts"},
	{"python", "scripts"},
	{"go-http-client", "scripts"},
	{"mozilla/", "browsers"},
}

// Crawlers is the program of what reads for search engines and the like. It is no reader.
const Crawlers = "crawlers"

// otherPrograms are those that are not known.
const otherPrograms = "others"

var countPattern = regexp.MustCompile(`\b(\d+) (?:subscribers?|readers?)\b`)

// How services name a feed, by words without which looking for it is of no use.
var idPatterns = []struct {
	words   string
	pattern *regexp.Regexp
}{
	{"feed-id", regexp.MustCompile(`\bfeed-id[:=] ?([\w.-]+)`)},            // Feedbin, The Old Reader
	{"newsblur.com/site/", regexp.MustCompile(`newsblur\.com/site/(\d+)`)}, // NewsBlur
	{"for http", regexp.MustCompile(`\bfor (https?://[\w.-]+)`)},           // Dreamwidth: the account that shows the feed
}

// parseAgent reads a User-Agent. Nothing of it is kept but a number and, of a service, the feed's id.
func parseAgent(s string) agent {
	s = s[:min(len(s), maxAgent)]
	lower := strings.ToLower(s)
	for _, service := range services {
		if strings.Contains(lower, service.words) {
			return parseService(service.name, lower)
		}
	}
	for _, program := range programs {
		if strings.Contains(lower, program.words) {
			return agent{name: program.name}
		}
	}
	return agent{name: otherPrograms}
}

// parseService reads the User-Agent of a service, in lower case.
func parseService(name, s string) agent {
	a := agent{service: true, name: name, subscribers: unknown}
	if strings.Contains(s, "subscriber") || strings.Contains(s, "reader") {
		if m := countPattern.FindStringSubmatch(s); m != nil {
			n, err := strconv.ParseInt(m[1], 10, 64)
			if err != nil || n > mostSubscribers {
				return agent{name: otherPrograms}
			}
			a.subscribers = n
		}
	}
	for _, id := range idPatterns {
		if !strings.Contains(s, id.words) {
			continue
		}
		if m := id.pattern.FindStringSubmatch(s); m != nil && len(m[1]) <= maxID {
			a.id = m[1]
			break
		}
	}
	return a
}
