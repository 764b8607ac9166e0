package ingest

import (
	"strings"
	"testing"
)

// blogPost is an article as most are.
const blogPost = `---
title: "A bridge for the town: what it costs, and who pays"
date: 2026-03-01T10:00:00Z
slug: a-bridge-for-the-town
tags: [town, bridges, money]
author: Jo Doe
summary: 'The council''s decision, and the three offers on the table.'
categories:
  - News
  - Local
draft: false
---

The council has decided to buy a bridge. It cost less than [expected](https://example.org/offers?a=1&b=2), and *most*
citizens like it. What remains to be decided is its colour.

## What it costs

- The bridge itself: one million.
- Its paint: ten thousand.
`

// What reading an article costs beside its Markdown: its front matter, whether fields stand where none are read, and what
// the fields mean.
func BenchmarkFrontMatter(b *testing.B) {
	raw := []byte(blogPost + strings.Repeat("\nA paragraph of some length — with all that is said in such — goes on for a line or two, and ends.\n", 30))
	r := newReader(b)
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		for rec := range records("2026/a.md", raw) {
			rec.body = "" // it is Markdown's
			if a, err := r.article("s", "2026/a.md", false, &rec); err != nil || len(a.Tags) != 5 {
				b.Fatal(a, err)
			}
		}
	}
}
