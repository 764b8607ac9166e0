package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"feedpub/config"
	"feedpub/feed/status"
	"feedpub/store"
)

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "status",
		Short:   "Tell each feed's last run, next run, what failed, and who reads",
		Example: "  feedpub status --json",
		Args:    args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := a.inSite(cmd.Context(), a.openToRead, func(s *site) error {
				found, err := a.status(cmd.Context(), s)
				if err != nil {
					return err
				}
				return a.printStatus(found)
			})
			if errors.Is(err, errNoStore) {
				return a.printStatus(a.noStatus())
			}
			return err
		},
	}
}

// status is how the site is.
func (a *app) status(ctx context.Context, s *site) (status.Site, error) {
	return a.statusBy(ctx, s, status.ReadAudience)
}

// statusBy is how the site is, with as much of its audience as read gives.
func (a *app) statusBy(ctx context.Context, s *site, read audienceReader) (status.Site, error) {
	now := a.now()
	audience, readings, err := read(ctx, s.store, now)
	if err != nil {
		return status.Site{}, err
	}
	feeds, err := a.feedStatuses(ctx, s, readings)
	if err != nil {
		return status.Site{}, err
	}
	sources, err := a.sourceStatuses(ctx, s)
	if err != nil {
		return status.Site{}, err
	}
	return status.Site{
		Title: s.config.Site.Title, At: now.UTC(), Verdict: status.Verdict(sources, feeds),
		Feeds: feeds, Sources: sources, Audience: audience,
	}, nil
}

// An audienceReader is status.ReadAudience, or ReadReaders where nobody asks for days.
type audienceReader func(context.Context, *store.Store, time.Time) (status.Audience, map[string]status.Reading, error)

// verdict is how the site is in a line.
func (a *app) verdict(ctx context.Context, s *site) (string, error) {
	states, err := s.shownStates(ctx)
	if err != nil {
		return "", err
	}
	feeds := make([]status.Feed, len(states))
	for i, st := range states {
		feeds[i] = status.Feed{Name: st.Name, Error: st.Result}
	}
	sources, err := a.sourceStatuses(ctx, s)
	return status.Verdict(sources, feeds), err
}

// noStatus is how a site is of which nothing was stored yet.
func (a *app) noStatus() status.Site {
	return status.Site{
		At: a.now().UTC(), Verdict: status.Verdict(nil, nil), Feeds: []status.Feed{}, Sources: []status.Source{},
		Audience: status.Audience{Services: []status.Count{}, Programs: []status.Count{}, Days: []status.Day{}},
	}
}

// shownStates are the states of the feeds that may be told of. One that is not in the configuration by its name, as that of a
// tag, and that has no documents and no problem, may be of articles under embargo alone, and its name would tell of them.
func (s *site) shownStates(ctx context.Context) ([]store.FeedState, error) {
	states, err := s.store.FeedStates(ctx)
	return slices.DeleteFunc(states, func(st store.FeedState) bool {
		return !st.Published && st.Result == "" && !slices.ContainsFunc(s.config.Feeds, func(f config.Feed) bool { return f.Each == "" && f.Name == st.Name })
	}), err
}

func (a *app) feedStatuses(ctx context.Context, s *site, readings map[string]status.Reading) ([]status.Feed, error) {
	states, err := s.shownStates(ctx)
	if err != nil {
		return nil, err
	}
	sizes, err := s.publisher.Sizes()
	if err != nil {
		return nil, err
	}
	feeds, runs := make([]status.Feed, len(states)), map[string]jobRuns{} // by schedule
	for i, st := range states {
		f := status.Feed{
			Name: st.Name, URL: s.config.Site.FeedsURL.JoinPath(st.Name, "/").String(), Entries: st.Entries, Bytes: sizes[st.Name],
			Waiting: st.Dirty, Error: st.Result, LastRun: moment(st.LastRun), LastChange: moment(st.LastChange), NextWindow: moment(st.Next),
			Reading: readings[st.Name],
		}
		if configured := feedOf(s.config, st.Name); configured != nil {
			r, known := runs[configured.Schedule.String()]
			if !known {
				if r, err = a.runsOf(ctx, s, configured.Schedule); err != nil {
					return nil, err
				}
				runs[configured.Schedule.String()] = r
			}
			f.NextRun = moment(r.next)
			if r.last.After(st.LastRun) { // it had nothing to do with the feed then
				f.LastRun = moment(r.last)
			}
		}
		feeds[i] = f
	}
	return feeds, nil
}

// jobRuns are when a daemon ran the job of a schedule last, zero where it never did, and when it does next.
type jobRuns struct{ last, next time.Time }

func (a *app) runsOf(ctx context.Context, s *site, schedule config.Schedule) (r jobRuns, err error) {
	if r.last, err = s.store.LastRun(ctx, jobName(schedule)); err != nil {
		return r, err
	}
	from := r.last
	if from.IsZero() {
		from = a.now() // only a daemon keeps times; it would begin now
	}
	r.next = schedule.Next(from)
	return r, nil
}

func (a *app) printStatus(s status.Site) error {
	return a.print(s, func(w io.Writer) {
		printFeeds(w, s.Feeds)
		printSourceStatuses(w, s.Sources)
		printAudience(w, s.Audience)
		fmt.Fprintln(w, s.Verdict)
	})
}

func printFeeds(w io.Writer, feeds []status.Feed) {
	if len(feeds) == 0 {
		return // the verdict says so
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "FEED\tENTRIES\tSIZE\tREADERS\tLAST RUN\tLAST CHANGE\tNEXT RUN\tRESULT")
	for _, f := range feeds {
		fmt.Fprintf(t, "%s\t%d\t%s\t%d\t%s\t%s\t%s\t%s\n", f.Name, f.Entries, status.Bytes(f.Bytes), f.Readers,
			clock(f.LastRun), clock(f.LastChange), clock(f.NextRun), f.Result())
	}
	t.Flush()
}

func clock(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.Format(time.RFC3339)
}

// printAudience prints who reads; nothing where nobody asked for anything yet.
func printAudience(w io.Writer, a status.Audience) {
	today := status.Day{}
	if len(a.Days) > 0 {
		today = a.Days[len(a.Days)-1]
	}
	if a.Readers == 0 && today.Requests == 0 {
		return
	}
	fmt.Fprintf(w, "Readers: %d, %d of them at services, %d direct.\n", a.Readers, a.Subscribers, a.Clients)
	for _, c := range []struct {
		where  string
		counts []status.Count
	}{{"at services", a.Services}, {"direct", a.Programs}} {
		if len(c.counts) > 0 {
			names := make([]string, len(c.counts))
			for i, n := range c.counts {
				names[i] = fmt.Sprintf("%s %d", n.Name, n.Readers)
			}
			fmt.Fprintf(w, "  %s: %s\n", c.where, strings.Join(names, ", "))
		}
	}
	fmt.Fprintf(w, "Today: %d requests, %s not modified, %d failed; %s sent, %s saved.\n", today.Requests,
		status.Percent(today.NotModified, today.Requests), today.Failed, status.Bytes(today.Sent), status.Bytes(today.Saved))
}
