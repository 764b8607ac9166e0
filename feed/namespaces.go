package feed

// The namespaces of what a format has no element of its own for.
const (
	atomNamespace       = "http://www.w3.org/2005/Atom"
	contentNamespace    = "http://purl.org/rss/1.0/modules/content/"
	dcNamespace         = "http://purl.org/dc/elements/1.1/"
	slashNamespace      = "http://purl.org/rss/1.0/modules/slash/"
	syNamespace         = "http://purl.org/rss/1.0/modules/syndication/"
	wfwNamespace        = "http://wellformedweb.org/CommentAPI/"
	licenseNamespace    = "http://backend.userland.com/creativeCommonsRssModule"
	threadNamespace     = "http://purl.org/syndication/thread/1.0"     // RFC 4685
	historyNamespace    = "http://purl.org/syndication/history/1.0"    // RFC 5005
	tombstonesNamespace = "http://purl.org/atompub/tombstones/1.0"     // RFC 6721
	mediaNamespace      = "http://search.yahoo.com/mrss/"              // https://www.rssboard.org/media-rss
	itunesNamespace     = "http://www.itunes.com/dtds/podcast-1.0.dtd" // see Podcast
	podcastNamespace    = "https://podcastindex.org/namespace/1.0"     // see Podcast
)

// namespaces are declared on the root of a document. Only those that it uses are: whoever makes an element of one
// sets it.
type namespaces struct {
	Atom       string `xml:"xmlns:atom,attr,omitempty"`
	Content    string `xml:"xmlns:content,attr,omitempty"`
	DC         string `xml:"xmlns:dc,attr,omitempty"`
	Slash      string `xml:"xmlns:slash,attr,omitempty"`
	SY         string `xml:"xmlns:sy,attr,omitempty"`
	WFW        string `xml:"xmlns:wfw,attr,omitempty"`
	License    string `xml:"xmlns:creativeCommons,attr,omitempty"`
	Thread     string `xml:"xmlns:thr,attr,omitempty"`
	History    string `xml:"xmlns:fh,attr,omitempty"`
	Tombstones string `xml:"xmlns:at,attr,omitempty"`
	Media      string `xml:"xmlns:media,attr,omitempty"`
	ITunes     string `xml:"xmlns:itunes,attr,omitempty"`
	Podcast    string `xml:"xmlns:podcast,attr,omitempty"`
}
