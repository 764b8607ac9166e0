// Package ingest reads articles into entries: from folders Markdown with YAML, TOML or JSON front matter in the
// dialects of Hugo, Jekyll, Zola, Eleventy, Astro, Hexo, Obsidian and the Go blog, plain text, pages of HTML, feeds and
// WordPress exports; and feeds on the web.
//
// What reads a kind of file makes records of it; a [Reader] turns each into an entry, cleaned and sanitised, the same way
// for all kinds. A [Loader] brings a whole [Source] into the store, follows files that were renamed and says which
// vanished.
//
// An article is refused only where its identity, its dates, its draft or embargo state or its form is in doubt:
// publishing the wrong thing is worse than publishing nothing. Everything else degrades, with a warning, and a
// refused article never stops the others.
package ingest
