package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"feedpub/config"
	"feedpub/feed/publish"
)

// The areas of what lies on this machine.
const (
	ofConfiguration = "configuration"
	ofStore         = "store"
	ofSchedule      = "schedule"
	ofFolder        = "published folder"
	ofPermissions   = "permissions"
	ofDisk          = "disk"
	ofClock         = "clock"
	ofDaemon        = "daemon"
)

// codeConfiguration is of remarks after which the program ends as it does for wrong configurations.
const codeConfiguration = "configuration"

// configuration reads it; where it has mistakes, which are remarked on, it is nil.
func (d *doctor) configuration(folder ...string) (*config.Config, error) {
	c, err := d.app.load(folder...)
	var mistakes config.Errors
	if errors.As(err, &mistakes) {
		for _, m := range mistakes {
			d.remarks = append(d.remarks, remark{ofConfiguration, isError, codeConfiguration, "", 0, m.Error(), "correct it there; feedpub config shows what is in force"})
		}
		d.skip("everything else", "it depends on the configuration", "")
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	name := c.File
	if name == "" {
		name = "no " + config.FileName + ", every default stands"
	}
	d.good(ofConfiguration, "%s: %s, %s", name, counted(len(c.Sources), "source"), counted(len(c.Feeds), "feed"))
	for _, s := range c.Sources {
		d.source(s)
	}
	return c, nil
}

func (d *doctor) source(s config.Source) {
	if s.Folder == "" {
		return
	}
	if _, err := os.ReadDir(s.Folder); err != nil {
		fix := "make the folder, or correct sources: folder"
		if errors.Is(err, fs.ErrPermission) {
			fix = "let the user who runs feedpub read it"
		}
		d.remark(remark{ofConfiguration, isError, "source-unreadable", near(s.Folder), 0, fmt.Sprintf("the folder of the source %s cannot be read: %v", s.Name, reason(err)), fix})
	}
}

// reason is an error without the path, which stands beside it.
func reason(err error) error {
	var of *fs.PathError
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// store looks at the store, and at what it says of the last runs.
func (d *doctor) store(ctx context.Context, c *config.Config) {
	if isAbsent(c.Store) {
		d.skip(ofStore, near(c.Store)+" is not there: nothing was stored yet", "run feedpub generate or feedpub serve")
		return
	}
	s, err := d.app.openToRead(ctx, c)
	if errors.Is(err, fs.ErrPermission) {
		d.skip(ofStore, "this user may not write "+near(c.Store)+", which even reading it wants", "run feedpub doctor as the user who owns it")
		return
	}
	if err != nil {
		d.remark(remark{ofStore, isError, "store-unusable", near(c.Store), 0, err.Error(), "put a backup in its place, or move it away: an empty store takes over what is published"})
		return
	}
	defer s.close()
	faults, err := s.store.Verify(ctx)
	if err != nil {
		faults = append(faults, err.Error())
	}
	if len(faults) > 0 {
		d.remark(remark{ofStore, isError, "store-damaged", near(c.Store), 0, fmt.Sprintf("the store is damaged: %s", strings.Join(faults[:min(len(faults), 3)], "; ")),
			"stop feedpub, put a backup in its place, or move it away: an empty store takes over what is published. Look after the disk"})
	} else {
		d.good(ofStore, "%s is whole", near(c.Store))
	}
	d.runs(ctx, s)
}

// overdue is how long after its time a run may come.
const overdue = 15 * time.Minute

// runs remarks on what the last runs had to tell, and on one that did not come.
func (d *doctor) runs(ctx context.Context, s *site) {
	status, err := d.app.status(ctx, s)
	if err != nil {
		d.remark(remark{ofSchedule, isError, "status", "", 0, err.Error(), ""})
		return
	}
	for _, f := range status.Feeds {
		if f.Error != "" {
			d.remark(remark{ofSchedule, isError, "feed-failed", f.Name, 0, "its last run failed, and the last good documents stand: " + f.Error, "feedpub status tells the whole; mend it, and run feedpub generate"})
		}
	}
	for _, source := range status.Sources {
		if source.IsWrong() {
			d.remark(remark{ofSchedule, isWarning, "source-wrong", source.Name, 0, "not all of the source could be taken when it was read last", "feedpub status names each article with what is wrong"})
		}
	}
	last, err := s.lastRead(ctx)
	switch now := d.app.now(); {
	case err != nil || last.IsZero():
		d.skip(ofSchedule, "there was no run yet", "run feedpub generate or feedpub serve")
	case last.After(now.Add(time.Minute)):
		d.remark(remark{ofClock, isError, "clock-back", "", 0, fmt.Sprintf("the last run is noted for %s, which is to come", last.Format(time.RFC3339)), "set the clock; embargoes and dates follow it"})
	case now.After(s.config.Schedule.Next(last).Add(overdue)):
		d.remark(remark{ofSchedule, isWarning, "overdue", "", 0, fmt.Sprintf("the last run was at %s, and the schedule is %s", last.Format(time.RFC3339), s.config.Schedule),
			"run feedpub serve, or feedpub generate from cron"})
	default:
		d.good(ofSchedule, "the last run was at %s", last.Format(time.RFC3339))
	}
}

// folder compares the published folder with its list.
func (d *doctor) folder(c *config.Config) {
	d.public = c.Public
	listed, flaws, err := publish.Examine(c.Public)
	if err == nil && len(flaws) > 0 { // perhaps somebody is publishing
		listed, flaws, err = publish.Examine(c.Public)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.skip(ofFolder, "nothing was published yet to "+near(c.Public), "run feedpub generate or feedpub serve")
		return
	case err != nil:
		d.remark(remark{ofFolder, isError, "folder-unreadable", near(c.Public), 0, err.Error(), "let the user who runs feedpub read it; feedpub generate makes a damaged list anew"})
		return
	}
	d.listed = listed
	for _, f := range flaws {
		d.remark(remark{ofFolder, isError, "folder-changed", f.Path, 0, f.Reason, "remove it, if it is there, and run feedpub generate, which writes it anew; see who else writes to the folder"})
	}
	if len(flaws) == 0 {
		d.good(ofFolder, "%s: %s, all as they were written", near(c.Public), documents(len(listed)))
	}
}

// times looks for documents that changed at times to come.
func (d *doctor) times() {
	now := d.app.now()
	for _, f := range d.listed {
		if f.Changed.After(now.Add(time.Minute)) {
			d.remark(remark{ofClock, isWarning, "time-to-come", f.Path, 0, fmt.Sprintf("it is noted to have changed at %s, which is to come", f.Changed.Format(time.RFC3339)),
				"set the clock: it was ahead when this was published, or is behind now. Until then readers are told no Last-Modified"})
		}
	}
}

// daemon asks whether a daemon answers on this machine, and with this site.
func (d *doctor) daemon(ctx context.Context, c *config.Config) (runs bool) {
	_, err := d.app.health(ctx, c.Serve.URL()+"readyz")
	switch {
	case errors.Is(err, errNoAnswer):
		d.skip(ofDaemon, fmt.Sprintf("none answers at %s", c.Serve.URL()), "start feedpub serve, unless cron or CI publishes")
		return false
	case err != nil:
		d.remark(remark{ofDaemon, isError, "daemon-not-ready", c.Serve.URL(), 0, err.Error(), "see its log; another program may listen there: then choose another serve.listen"})
		return true
	}
	another, err := d.isAnother(ctx, c)
	switch {
	case err != nil:
		d.remark(remark{ofDaemon, isError, "daemon-silent", c.Serve.URL(), 0, "the daemon there does not answer for a feed: " + err.Error(), "look into its log, and start it again if it hangs"})
	case another:
		d.remark(remark{ofDaemon, isError, "daemon-other", c.Serve.URL(), 0, "the daemon there serves another site, or another folder than " + near(c.Public), "stop it, or choose another serve.listen for this site"})
	default:
		d.good(ofDaemon, "it serves at %s", c.Serve.URL())
	}
	return true
}

// isAnother tells whether the daemon that answers is not this site's: it is asked for a feed of this one. The error is of one
// that gives no answer.
func (d *doctor) isAnother(ctx context.Context, c *config.Config) (bool, error) {
	base, err := url.Parse(c.Serve.URL())
	if err != nil {
		return false, err
	}
	feeds := slices.DeleteFunc(chosen(c, d.listed), func(f publish.Listed) bool { return f.Type == "text/html" })
	if len(feeds) == 0 {
		return false, nil
	}
	if _, err := d.goTo(ctx, base, nil); err != nil {
		return false, nil // it answered, but a container may know no name to ask for feeds at
	}
	v := &visit{url: base.JoinPath(feeds[0].Path).String(), own: &feeds[0]}
	ours := func() bool {
		if d.ask(ctx, v); v.err == nil && v.look.Status >= http.StatusInternalServerError {
			v.err = fmt.Errorf("%d %s", v.look.Status, http.StatusText(v.look.Status))
		}
		return v.err == nil && v.look.Status == http.StatusOK && d.same(v)
	}
	if ours() {
		return false, nil
	}
	if v.err == nil {
		d.rereadOnce(ctx, v) // it may have published meanwhile
		d.reread = false     // what is seen from outside may have to be compared anew too
		if ours() {
			return false, nil
		}
	}
	return v.err == nil, v.err
}

// isExample tells whether a host is one of those that are for documentation (RFC 2606, RFC 6761).
func isExample(host string) bool {
	labels := strings.Split(strings.TrimSuffix(strings.ToLower(host), "."), ".")
	top := labels[len(labels)-1]
	if slices.Contains([]string{"example", "test", "invalid"}, top) {
		return true
	}
	return len(labels) > 1 && labels[len(labels)-2] == "example" && slices.Contains([]string{"com", "net", "org"}, top)
}

// isHere tells whether a host is this machine.
func isHere(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() || strings.EqualFold(host, "localhost")
}
