// Feedpub publishes feeds: articles come in from folders and feeds into a store, and a job on a schedule turns what is stored
// into RSS 2.0, Atom 1.0 and JSON Feed 1.1, checks every document by reading it back, and only then replaces what
// readers see.
//
// The tour of the house, along the way of one article:
//
//	config          what the site is, where its articles lie, which feeds it has
//	feed/ingest     a file, or an item of a feed, becomes a feed.Entry, cleaned and sanitised once
//	store           keeps it: the ID stands, and Put says whether anything changed
//	feed/publish    the job: finds the feeds that a change touches, selects, writes, checks, replaces
//	feed            the nouns; the three writers, the reader, the check
//	feed/web        serves the published folder to readers, from memory
//	feed/audience   counts who reads, and how requests are answered
//	feed/status     shows how the site is, to those who run it
//	feed/validate   holds any feed against the specifications, for the command check
//	cmd/feedpub     ties them together: one file a command
//
// Rooms do not know each other: ingest and publish meet in the store, publish and web in the published folder.
package main
