package ingest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/netip"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/sync/errgroup"

	"feedpub/feed"
	"feedpub/feed/internal/fetch"
	"feedpub/store"
)

// A Web asks for documents on the web, unless they are what they were; *fetch.Client does.
type Web interface {
	Get(ctx context.Context, url string, known fetch.Validators) (*fetch.Response, error)
	Head(ctx context.Context, url string) (*fetch.Head, error)
}

// NewWeb goes to the public web, and to the networks that are allowed beside it. It says who asks.
func NewWeb(userAgent string, allow []netip.Prefix) Web {
	return fetch.New(fetch.Options{UserAgent: userAgent, Allow: allow, MaxBytes: feed.MaxSize})
}

// visit is what is kept of a feed on the web from one run to the next.
type visit struct {
	Feed    string           // the address it was configured with; the rest is of no use with another
	Moved   string           // where to ask instead, when the server said so for good
	Known   fetch.Validators // of what was read last
	Again   time.Time        // when to ask again: before, the server said, it is of no use
	Error   string           // why it was not read the last time
	Refused []string         // what was wrong with what was read last
}

const (
	longestRest = time.Hour      // between two visits, whatever the server's cache says
	goneRest    = 24 * time.Hour // before a feed is asked for again that is gone for good
)

const (
	askedAtOnce = 8               // feeds at the same time
	longestAsk  = 2 * time.Minute // for all feeds of a run: who does not answer by then is asked the next time
)

// A FeedReport is what came of one feed on the web. Err says why it was not read.
type FeedReport struct {
	Report
	Err error
}

// LoadFeeds reads sources' feeds on the web into the store, and gives a report for each. They are asked for side by side,
// so that those that do not answer hold up no other, and stored in their order. What a feed no longer holds is kept: it
// holds only the newest. A server is asked again only for what changed, and not before it wants to be.
func (l *Loader) LoadFeeds(ctx context.Context, sources []Source) []FeedReport {
	reports := make([]FeedReport, len(sources))
	visits := make([]*asking, len(sources))
	asks := new(errgroup.Group)
	asks.SetLimit(askedAtOnce)
	limited, cancel := context.WithTimeout(ctx, longestAsk)
	defer cancel()
	for i, src := range sources {
		visits[i], reports[i].Err = l.prepare(ctx, src, &reports[i].Report)
		if a := visits[i]; a != nil && a.due {
			asks.Go(func() error { a.ask(limited); return nil })
		}
	}
	_ = asks.Wait() // what failed is in the visits
	for i, a := range visits {
		if a != nil && reports[i].Err == nil {
			reports[i].Err = a.take(ctx)
		}
	}
	return reports
}

// An asking is a visit to one feed: it is asked for, and then what it answered is taken in.
type asking struct {
	run  *load
	was  visit
	due  bool // the server wants to be asked again
	resp *fetch.Response
	err  error
}

func (l *Loader) prepare(ctx context.Context, src Source, report *Report) (*asking, error) {
	run, err := l.begin(ctx, src, nil, report)
	if err != nil {
		return nil, err
	}
	was, err := run.lastVisit(ctx)
	return &asking{run: run, was: was, due: l.Force || !l.Now().Before(was.Again)}, err
}

func (a *asking) ask(ctx context.Context) {
	a.resp, a.err = a.run.Web.Get(ctx, cmp.Or(a.was.Moved, a.was.Feed), a.was.Known)
}

// take stores what the server answered, and notes the visit.
func (a *asking) take(ctx context.Context) error {
	run := a.run
	if !a.due {
		r, err := a.was.report()
		*run.report = r
		return err
	}
	next, err := run.visit(ctx, a.was, a.resp, a.err)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		next.Error = err.Error()
	}
	data, jsonErr := json.Marshal(next)
	if jsonErr != nil {
		return jsonErr
	}
	if saveErr := run.Store.SetSetting(ctx, run.visitSetting(), string(data)); saveErr != nil {
		return errors.Join(err, fmt.Errorf("note the visit to %s: %w", run.src.Feed, saveErr))
	}
	if err != nil || run.same {
		return err
	}
	return run.noteReader(ctx)
}

// NextVisit is when the source's feed may be asked for again, by its server's word; zero for at any time.
func (l *Loader) NextVisit(ctx context.Context, src Source) (time.Time, error) {
	run := &load{Loader: l, src: src}
	was, err := run.lastVisit(ctx)
	return was.Again, err
}

func (run *load) visitSetting() string { return "visit/" + run.src.Name }

func (run *load) lastVisit(ctx context.Context) (visit, error) {
	fresh := visit{Feed: run.src.Feed}
	data, err := run.Store.Setting(ctx, run.visitSetting())
	if err != nil || data == "" {
		return fresh, err
	}
	var was visit
	if err := json.Unmarshal([]byte(data), &was); err != nil || was.Feed != run.src.Feed {
		return fresh, nil // it is asked for as if for the first time
	}
	if !run.same || run.Reread {
		was.Known = fetch.Validators{} // all of it is to be read again
	}
	return was, nil
}

// report tells of a feed that was not asked for, or has not changed, what was told when it was read.
func (v *visit) report() (Report, error) {
	var r Report
	for _, reason := range v.Refused {
		r.refuse(errors.New(reason))
	}
	if v.Error != "" {
		return r, fmt.Errorf("%s; asked again after %s", v.Error, v.Again.UTC().Format(time.RFC3339))
	}
	return r, nil
}

// visit reads what the server answered. It gives what is to be kept of that, also where it fails.
func (run *load) visit(ctx context.Context, was visit, resp *fetch.Response, err error) (visit, error) {
	next := was
	next.Error, next.Again = "", time.Time{}
	if err != nil {
		return run.failed(next, err)
	}
	if resp.Permanent != "" {
		next.Moved = resp.Permanent
		run.report.Warnings = append(run.report.Warnings, fmt.Sprintf("%s: the feed moved to %s; put that into the configuration", was.Feed, resp.Permanent))
	}
	if resp.MaxAge > 0 {
		next.Again = run.Now().Add(min(resp.MaxAge, longestRest))
	}
	if resp.NotModified {
		next.Known = resp.Validators
		unchanged, _ := next.report()
		run.report.Refused, run.report.Problems = unchanged.Refused, unchanged.Problems
		return next, nil
	}
	next.Known = fetch.Validators{} // it is read again, unless all of it can be
	if err := run.readFeed(ctx, inUTF8(resp.Body, resp.ContentType)); err != nil {
		return next, err
	}
	next.Known, next.Refused = resp.Validators, nil
	for _, p := range run.report.Problems {
		next.Refused = append(next.Refused, p.Error())
	}
	return next, nil
}

// failed is a visit that gave no feed.
func (run *load) failed(next visit, err error) (visit, error) {
	var status *fetch.StatusError
	if errors.As(err, &status) {
		rest := status.RetryAfter
		if status.Code == http.StatusGone {
			rest = goneRest
			err = fmt.Errorf("%w: the feed is over; take it out of the configuration, its entries are kept", err)
		}
		if rest > 0 {
			next.Again = run.Now().Add(rest)
		}
	}
	if errors.Is(err, fetch.ErrRefusedAddress) {
		err = fmt.Errorf("%w; network.allow names the networks to go to all the same", err)
	}
	return next, err
}

// readFeed reads the articles of a feed into the store. The error says that it is no feed.
func (run *load) readFeed(ctx context.Context, raw []byte) error {
	f := &readFile{name: run.src.Feed, seen: map[string]string{}}
	for rec := range feedItems(raw) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if rec.err != nil && rec.item == 0 {
			return fmt.Errorf("read %s: %w", run.src.Feed, rec.err)
		}
		known, err := run.Store.Alike(ctx, run.src.Name, store.ByKey, []string{rec.key})
		if err != nil {
			return err
		}
		f.known = known
		if _, err := run.article(ctx, f, &madeArticle{rec: rec}); err != nil {
			return err
		}
		if err := run.flushFull(ctx); err != nil {
			return err
		}
	}
	return run.flush(ctx)
}

// inUTF8 is a document in UTF-8 that is in the charset which its server names (RFC 7303, 3), where it says nothing of that
// itself. What it says itself is for who reads it.
func inUTF8(body []byte, contentType string) []byte {
	_, params, err := mime.ParseMediaType(contentType)
	if err != nil || params["charset"] == "" || utf8.Valid(body) || bytes.Contains(body[:min(len(body), 200)], []byte("encoding")) {
		return body
	}
	encoding, _ := charset.Lookup(params["charset"])
	if encoding == nil {
		return body
	}
	decoded, err := encoding.NewDecoder().Bytes(body)
	if err != nil {
		return body
	}
	return decoded
}
