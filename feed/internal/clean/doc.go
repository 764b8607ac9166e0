// Package clean turns strangers' text and HTML into what may stand in a feed: valid UTF-8 of XML characters, and
// HTML of an allow-list with absolute URLs. It is a leaf: it knows no entry and no feed.
package clean
