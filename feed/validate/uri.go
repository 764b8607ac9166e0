package validate

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"feedpub/feed/internal/pattern"
)

var (
	// reference is a URI or IRI, perhaps a relative one (RFC 3986, 4.1; RFC 3987).
	reference = &check{"a URI", "escape what no URI may hold, as %20 for a space", func(v value) []fault { return testURI(v, false) }}
	// absolute is one with a scheme.
	absolute = &check{"a full URL", "write it whole: https://example.org/page", func(v value) []fault { return testURI(v, true) }}
	// iri is the name of a thing, compared letter by letter (RFC 4287, 4.2.6).
	iri = &check{"an absolute IRI", "write a URL, or mint a tag: URI (RFC 4151)", func(v value) []fault {
		if faults := testURI(v, true); len(faults) > 0 {
			return faults
		}
		return valid(!malformedName(v.text))
	}}
	// webURL is a full URL that can be fetched, httpURL one by HTTP.
	webURL  = fetched("http", "https", "ftp")
	httpURL = fetched("http", "https")
)

func fetched(schemes ...string) *check {
	return &check{"a full URL of the web", "write it whole: https://example.org/page", func(v value) []fault {
		if faults := testURI(v, true); len(faults) > 0 {
			return faults
		}
		scheme, _, _ := strings.Cut(strings.ToLower(v.text), ":")
		return valid(slices.Contains(schemes, scheme))
	}}
}

var (
	schemeForm = pattern.New(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	escapeForm = pattern.New(`%([^0-9A-Fa-f]|.[^0-9A-Fa-f]|.?$)`)
	// A server of the web is a name or an address, perhaps with a port.
	serverForm = pattern.New(`^(\[[0-9A-Fa-f:.]+\]|[^\s\[\]:@/?#]+)(:[0-9]*)?$`)
	urnForm    = pattern.New(`(?i)^urn:[a-z0-9][a-z0-9-]{0,31}:[^\s]+$`)
	tagForm    = pattern.New(`^tag:([A-Za-z0-9.-]+|[^\s@:/,]+@[A-Za-z0-9.-]+),[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?:`)
)

func testURI(v value, full bool) []fault {
	s := v.text
	scheme := strings.TrimSuffix(schemeForm.FindString(s), ":")
	switch {
	case s == "":
		return valid(!full)
	case strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`") || escapeForm.MatchString(s) || strings.Count(s, "#") > 1:
		return invalid
	case full && (scheme == "" || len(s) == len(scheme)+1):
		return invalid
	case !webServer(s, strings.ToLower(scheme)):
		return invalid
	}
	if scheme == "" {
		first, _, _ := strings.Cut(s, "/")
		return valid(!strings.Contains(strings.SplitN(strings.SplitN(first, "?", 2)[0], "#", 2)[0], ":"))
	}
	if !schemes[strings.ToLower(scheme)] && !strings.HasPrefix(strings.ToLower(scheme), "x-") {
		return []fault{{"url-scheme", fmt.Sprintf("has the scheme %q, which nobody registered", scheme), "take one of https://www.iana.org/assignments/uri-schemes"}}
	}
	if v.walk != nil && v.node.vocab == rss && strings.IndexFunc(s, func(r rune) bool { return r > 0x7F }) >= 0 {
		return []fault{{"url-not-ascii", "has letters that a URI has not", "write the host in punycode, and the rest with % escapes"}}
	}
	return nil
}

// webServer says whether a URL of the web names a server as RFC 3986, 3.2 has it.
func webServer(s, scheme string) bool {
	if scheme != "http" && scheme != "https" && scheme != "ftp" {
		return true
	}
	rest := s[len(scheme)+1:]
	if !strings.HasPrefix(rest, "//") {
		return false
	}
	authority := rest[2:]
	if i := strings.IndexAny(authority, "/?#"); i >= 0 {
		authority = authority[:i]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	_, err := url.Parse(s)
	return serverForm.MatchString(authority) && err == nil
}

// malformedName says whether a URN or a tag: URI is not of the form that its scheme has.
func malformedName(s string) bool {
	switch lower := strings.ToLower(s); {
	case strings.HasPrefix(lower, "urn:uuid:"):
		return !uuidForm.MatchString(s[len("urn:uuid:"):])
	case strings.HasPrefix(lower, "urn:"):
		return !urnForm.MatchString(s)
	case strings.HasPrefix(lower, "tag:"):
		return !tagForm.MatchString(s)
	}
	return false
}

// schemes are the registered ones that a feed may hold.
var schemes = set(`aaa about acap acct acr adiumxtra aim apt attachment aw bitcoin bitcoincash blob callto cap chrome
cid coap coaps com-eventbrite-attendee content crid cvs data dav dict did dlna-playcontainer dns dntp doi drm dtn ed2k
elsi example facetime fax feed feedready file filesystem finger fish ftp geo gg git gizmoproject go gopher gtalk h323 ham
hcp http https hydrazone iax icap icon im imap info iotdisco ipfs ipn ipns ipp ipps irc irc6 ircs iris itms jabber jar
javascript jms keyparc lastfm ldap ldaps leaptofrogans lid magnet mailserver mailto maps market matrix message mid mms
modem mongodb moz msnim msrp msrps mtqp mumble mupdate mvn news nfs ni nih nntp notes ocf oid opaquelocktoken pack palm
paparazzi pkcs11 platform pop pres prospero proxy psyc pttp query redis rediss reload res resource rmi rsync rtmfp rtmp
rtsp rtsps rtspu secondlife service session sftp sgn shttp sieve sip sips skype smb sms smtp snews snmp soldat spotify
ssh steam stun stuns submit svn tag teamspeak tel telnet tftp things thismessage tip tn3270 tool turn turns tv udp
unreal urn ut2004 vemmi ventrilo videotex view-source vnc wais webcal wpid ws wss wtai wyciwyg xcon xfire xmlrpc.beep
xmpp xri ymsgr z39.50 z39.50r z39.50s acast at nostr gemini web3 ssb podcast pcast itpc`)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		m[word] = true
	}
	return m
}
