//go:build !unix

package ingest

const doNotWait = 0
