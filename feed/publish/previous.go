package publish

import (
	"context"
	"time"

	"feedpub/feed"
	"feedpub/feed/internal/manifest"
)

// previous is a document as it is published now, read as far as somebody asks. One that is not listed, or that cannot be
// read, has nothing to say: it was not ours, or somebody damaged it, and it is written anew.
type previous struct {
	format feed.Format
	proof  *feed.Proof
	doc    []byte // nil where there is none
	// proven says that these bytes passed the check, with the configuration that the feed has now: what stays of them
	// need not be checked again.
	proven bool
	read   bool
	feed   *feed.Feed
}

// previous reads the bytes of a document, and looks whether they are as they were written.
func (r *run) previous(ctx context.Context, path string, format feed.Format, reconfigured bool) (*previous, error) {
	file, ours := r.list.file(path)
	if !ours {
		return &previous{format: format, proof: &r.proof}, nil
	}
	doc, err := r.list.read(path)
	if err != nil {
		return nil, err
	}
	p := &previous{format: format, proof: &r.proof, doc: doc, proven: !reconfigured && doc != nil && manifest.Digest(doc) == file.SHA256}
	if doc == nil || p.proven {
		return p, nil
	}
	if p.whole() == nil {
		r.log.WarnContext(ctx, "published document unreadable, written anew", "path", path)
	}
	return p, nil
}

// whole is all that the document says; nil where there is none to read.
func (p *previous) whole() *feed.Feed {
	if !p.read && p.doc != nil {
		p.read = true
		if f, err := feed.Read(p.doc, p.format); err == nil {
			p.feed = f
		}
	}
	return p.feed
}

// superseded is what the document says of itself, with the entries that do not stand in doc as they are; nil where there
// is none to read.
func (p *previous) superseded(doc []byte) *feed.Feed {
	if p.doc == nil {
		return nil
	}
	if p.read {
		return p.feed
	}
	f, err := feed.Superseded(p.doc, doc, p.format)
	if err != nil {
		return p.whole()
	}
	return f
}

// check holds doc, which comes after the document, against what it should say, and against what readers have.
func (p *previous) check(doc []byte, want *feed.Feed, left map[string]string) error {
	if p.proven {
		p.proof.Trust(p.doc, want, p.format)
	}
	if err := p.proof.Check(doc, want, p.format); err != nil {
		return err
	}
	was := p.superseded(doc)
	if was == nil {
		return nil
	}
	if p.format == feed.JSON { // its feed has no date: what was read is that of an entry, which may leave
		undated := *was
		undated.Updated = time.Time{}
		was = &undated
	}
	return feed.CheckSuccessor(was, want, left)
}
