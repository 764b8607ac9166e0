// Package feed holds the nouns of a published feed, writes them as RSS 2.0, Atom 1.0 and JSON Feed 1.1 with
// gorilla/feeds, reads them back with gofeed, and checks what was written before anyone else sees it.
//
// It is the ground floor: it knows no database, no HTTP and no clock. An [Entry] comes in cleaned and sanitised;
// [Feed.Write] makes a document of it, [Check] reads that document back and compares, and [CheckSuccessor] holds
// it against the document that readers have now.
package feed
