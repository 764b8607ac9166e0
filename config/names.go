package config

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"feedpub/feed"
)

var (
	nameSegment = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	fileName    = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$`)
	// device is what Windows takes for a device, whatever extension follows.
	device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)
)

// maxName is the length that a feed's whole name may have, so that its documents' paths fit everywhere.
const maxName = 160

// parseFeedName reads the name of a feed: folders parted by slashes.
func parseFeedName(s string) (string, error) {
	if len(s) > maxName {
		return "", fmt.Errorf("%s is longer than %d characters", quote(s), maxName)
	}
	for segment := range strings.SplitSeq(s, "/") {
		if _, err := parseName(segment); err != nil {
			return "", fmt.Errorf("%s: %w", quote(s), err)
		}
		if segment == "archive" {
			return "", fmt.Errorf("%s: the name archive is reserved", quote(s))
		}
	}
	return s, nil
}

// parseName reads a name that can stand in a path and an address.
func parseName(s string) (string, error) {
	switch {
	case !nameSegment.MatchString(s):
		return "", errors.New("a name is 1 to 64 of a-z, 0-9, dot, underscore and hyphen, and begins with a letter or digit")
	case strings.HasSuffix(s, "."):
		return "", errors.New("a name does not end in a dot")
	case device.MatchString(s):
		return "", errors.New("it is the name of a device on Windows")
	}
	return s, nil
}

// extensions are what a document's file name may end in.
func extensions(f feed.Format) []string {
	switch f {
	case feed.RSS:
		return []string{".xml", ".rss"}
	case feed.Atom:
		return []string{".xml", ".atom"}
	default:
		return []string{".json"}
	}
}

// parseFileName reads the name of a format's document.
func parseFileName(f feed.Format) func(string) (string, error) {
	return func(s string) (string, error) {
		switch ext := extensions(f); {
		case !fileName.MatchString(s) || strings.HasSuffix(s, ".") || device.MatchString(s):
			return "", fmt.Errorf("%s is no file name of A-Z, a-z, 0-9, dot, underscore and hyphen", quote(s))
		case strings.EqualFold(s, pageName):
			return "", fmt.Errorf("%s is the feed's page", s)
		case !slices.Contains(ext, strings.ToLower(path.Ext(s))):
			return "", fmt.Errorf("%s does not end in %s", quote(s), strings.Join(ext, " or "))
		}
		return s, nil
	}
}
