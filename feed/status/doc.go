// Package status tells how a site is: its feeds and sources, what failed and why, and who reads. The same is a page for
// people, JSON for programs, and what the command status prints.
//
// The page is for who was woken up by it. What needs a hand stands first; the rest can be taken in at a glance. It runs no
// script, asks nobody else for anything, and takes every word of it for a stranger's.
package status
