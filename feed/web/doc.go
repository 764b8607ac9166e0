// Package web serves the published folder to feed readers and people, from memory. It gives out exactly the
// documents on the folder's list and nothing else that lies there, and it never asks the database: the last good
// bytes are served whatever the job or the store is doing.
//
// How it answers follows what real feed readers do. Several know only one of ETag and Last-Modified, so both are
// always sent, with 304 too; a caching time below a quarter of an hour makes some come every minute; an error on a
// feed's address makes others give the feed up.
package web
