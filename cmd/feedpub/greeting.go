package main

import (
	"fmt"
	"io"
	"net"
	"path"

	"feedpub/config"
)

// greet tells whoever started the daemon at a terminal what it does, and which addresses to open.
func greet(w io.Writer, c *config.Config, public, private []net.Listener) {
	here := openable(public[0])
	fmt.Fprintf(w, "feedpub publishes %s (%s) and serves it until you press Ctrl-C.\n", c.Site.Title, c.Schedule)
	fmt.Fprintf(w, "  start page  %s\n", here)
	document := preferred(c)
	if document != "" {
		fmt.Fprintf(w, "  feed        %s\n", here+document)
	}
	if address := c.Site.FeedsURL.String(); address != here && document != "" {
		fmt.Fprintf(w, "  for readers %s, when this folder or this daemon is reachable there\n", address+document)
	}
	if len(private) > 0 {
		fmt.Fprintf(w, "  for you     %sstatus, how all of it is\n", openable(private[0]))
	}
}

// preferred is the path of the document to subscribe to: that of the first feed in its first format; empty where no feed has
// a name of its own.
func preferred(c *config.Config) string {
	for _, f := range c.Feeds {
		if f.Each == "" && !f.Gone && f.MovedTo == "" && len(f.Formats) > 0 {
			return path.Join(f.Name, f.Paths[f.Formats[0]])
		}
	}
	return ""
}

// openable is the address of a listener as a browser on this machine takes it.
func openable(ln net.Listener) string {
	if ln.Addr().Network() == "tcp" {
		return config.LocalURL(ln.Addr().String())
	}
	return urlOf(ln)
}
