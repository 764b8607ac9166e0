// Package ingest reads articles from folders into entries: Markdown with YAML, TOML or JSON front matter in the
// dialects of Hugo, Jekyll, Zola, Eleventy, Astro, Hexo, Obsidian and the Go blog, plain text, and pages of HTML.
//
// A [Reader] turns one article into an entry, cleaned and sanitised; a [Loader] brings a whole [Source] into the
// store, follows files that were renamed and says which vanished.
//
// An article is refused only where its identity, its dates, its draft or embargo state or its form is in doubt:
// publishing the wrong thing is worse than publishing nothing. Everything else degrades, with a warning, and a
// refused article never stops the others.
package ingest
