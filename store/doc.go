// Package store keeps entries, tombstones, the progress of feeds and how many read them, in a SQLite file.
//
// An entry's ID, once given, stands: Put finds the stored entry by where the article came from, its source and key,
// whatever else about it has changed. Each change takes the next sequence number, so that a publisher finds what
// happened since its last run without looking at what did not.
//
// SQL stands in the method that runs it, in the words that SQLite and PostgreSQL share; what only SQLite knows is in
// dialect.go and the migrations. Times are stored as microseconds since 1970 UTC, which reach far beyond the years 1000 to 9999; no time
// is NULL. Booleans are 0 and 1. Lists (authors, tags, enclosures) are JSON, an empty one is the empty string.
package store
