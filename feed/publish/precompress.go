package publish

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"feedpub/feed/internal/durable"
	"feedpub/feed/internal/encode"
	"feedpub/feed/internal/manifest"
)

// A document in a coding lies beside it: news/rss.xml.gz. It is replaced right after the document, and noted on the list
// with it, so that the run after a crash between the two makes it anew.

// wanted are the codings in which a document of so many bytes is to lie there. Static hosts read _redirects themselves.
func (l *list) wanted(name string, size int64) []encode.Coding {
	if size < encode.MinSize || name == redirectsName {
		return nil
	}
	return l.codings
}

// isEncoded says whether a document has the codings of the configuration, no others, and all their files.
func (l *list) isEncoded(name string, f manifest.File) bool {
	return l.hasCodings(name, f) && !l.isCodedMissing(name, f)
}

func (l *list) hasCodings(name string, f manifest.File) bool {
	return slices.EqualFunc(l.wanted(name, f.Size), f.Coded, func(c encode.Coding, listed manifest.Coded) bool {
		return c.String() == listed.Coding
	})
}

func (l *list) isCodedMissing(name string, f manifest.File) bool {
	return slices.ContainsFunc(f.Coded, func(listed manifest.Coded) bool {
		c, known := encode.Named(listed.Coding)
		if !known || listed.SHA256 == "" {
			return false
		}
		info, err := l.root.Lstat(name + c.Ext())
		return err != nil || info.Size() != listed.Size
	})
}

// encode brings the codings beside a document to its bytes, which were old before, and gives what the list is to say of
// them.
func (l *list) encode(name string, f manifest.File, old, doc []byte) (coded []manifest.Coded, err error) {
	info, err := l.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	wanted := l.wanted(name, int64(len(doc)))
	var errs []error
	for c := encode.Gzip; c < encode.Codings; c++ {
		ours, err := l.ownsCoded(name, f, c, old, doc)
		switch {
		case err != nil:
		case !slices.Contains(wanted, c):
			if ours {
				err = durable.Remove(l.root, name+c.Ext())
			}
		case !ours:
			err = fmt.Errorf("%s is there already and was not written by feedpub; move it away, or take %s out of precompress", name+c.Ext(), c)
		default:
			var now manifest.Coded
			if now, err = l.writeCoded(name, c, doc, info.ModTime()); err == nil {
				coded = append(coded, now)
			}
		}
		errs = append(errs, err)
	}
	return coded, errors.Join(errs...)
}

// writeCoded writes the document in a coding, where that is smaller. Servers tell when its bytes changed by the file, so
// its time is the document's.
func (l *list) writeCoded(name string, c encode.Coding, doc []byte, modified time.Time) (manifest.Coded, error) {
	path, data := name+c.Ext(), encode.Bytes(doc, c)
	if len(data) >= len(doc) {
		return manifest.Coded{Coding: c.String()}, durable.Remove(l.root, path)
	}
	if err := durable.WriteFileAt(l.root, path, data, modified); err != nil {
		// No coding is better than one of the document before.
		return manifest.Coded{}, errors.Join(fmt.Errorf("replace %s: %w", path, err), durable.Remove(l.root, path))
	}
	return manifest.Coded{Coding: c.String(), SHA256: manifest.Digest(data), Size: int64(len(data))}, nil
}

// ownsCoded says whether the file of a coding may be written and removed: it is listed, is not there, or holds one of
// the documents. By the last is known what was left by a crash, or by a list that was lost.
func (l *list) ownsCoded(name string, f manifest.File, c encode.Coding, docs ...[]byte) (bool, error) {
	if slices.ContainsFunc(f.Coded, func(listed manifest.Coded) bool { return listed.Coding == c.String() && listed.SHA256 != "" }) {
		return true, nil
	}
	if _, err := l.root.Lstat(name + c.Ext()); os.IsNotExist(err) {
		return true, nil
	}
	data, err := l.read(name + c.Ext())
	if err != nil || data == nil {
		return false, err
	}
	return slices.ContainsFunc(docs, func(doc []byte) bool {
		plain, err := encode.Decode(data, c, len(doc))
		return err == nil && len(doc) > 0 && bytes.Equal(plain, doc)
	}), nil
}

// dropCodings removes what lies beside a document that is removed.
func (l *list) dropCodings(name string) error {
	file, _ := l.file(name)
	doc, err := l.read(name)
	if err != nil {
		return err
	}
	for c := encode.Gzip; c < encode.Codings; c++ {
		ours, err := l.ownsCoded(name, file, c, doc)
		if err == nil && ours {
			err = durable.Remove(l.root, name+c.Ext())
		}
		if err != nil {
			return fmt.Errorf("remove %s: %w", name+c.Ext(), err)
		}
	}
	return nil
}

// codingsSetting is the name of the setting that says in which codings all documents lie there, those of archives too.
const codingsSetting = "precompress"

// encodeRest encodes the documents that this run did not write and that have not the codings of the configuration, as
// after a change of it. Archives are looked at only after such a change.
func (r *run) encodeRest(ctx context.Context) error {
	if r.config.DryRun {
		return nil
	}
	codings := fmt.Sprint(r.list.codings)
	done, err := r.store.Setting(ctx, codingsSetting)
	if err != nil {
		return err
	}
	names := r.list.paths()
	if done != codings {
		names = r.list.all()
	}
	whole := true
	for _, name := range names {
		if err := r.encodeLater(name); err != nil {
			whole = false
			r.log.ErrorContext(ctx, "document not compressed", "path", name, "error", err)
		}
	}
	if err := r.list.settleParts("."); err != nil || !whole || done == codings {
		return err
	}
	return r.store.SetSetting(ctx, codingsSetting, codings)
}

// encodeLater brings the codings beside a document to those of the configuration.
func (r *run) encodeLater(name string) error {
	f, _ := r.list.file(name)
	if f.SHA256 == "" || r.list.hasCodings(name, f) {
		return nil
	}
	doc, err := r.list.read(name)
	if err != nil || manifest.Digest(doc) != f.SHA256 {
		return err // else somebody changed it, and it will be written anew
	}
	f.Coded, err = r.list.encode(name, f, doc, doc)
	r.list.set(f)
	return err
}
