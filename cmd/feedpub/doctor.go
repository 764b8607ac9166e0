package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"feedpub/feed/publish"
	"feedpub/feed/validate"
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor [FOLDER|URL]",
		Short: "Look at the site, its machine and what readers get, and say what to mend",
		Long: `Look at the configuration, the store, the published folder, who may write them, the disk
and the clock; whether the daemon answers; and from outside, at site.feeds_url, whether
readers get the very documents that were published, with the right types, validators, 304,
compression, self links, HTTPS and hubs, through whatever stands in front. It changes
nothing, and the daemon may run meanwhile. What cannot be looked at is said, with the reason.

With a URL it looks from outside at that feed, or at the feeds that the page there names.
It goes where that leads as long as it is public; in your own network it asks nothing but the
port of the address given, and what the configuration's network.allow names.

It ends with 0 where there are warnings at most, with 1 where something must be mended, and
with 2 where the configuration has mistakes.`,
		Example: "  feedpub doctor\n  feedpub doctor mysite --json\n  feedpub doctor https://feeds.example.org/news/rss.xml",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return newDoctor(a).look(cmd.Context(), args...)
		},
	}
}

func newDoctor(a *app) *doctor {
	return &doctor{app: a, slow: 3 * time.Second, patience: 30 * time.Second, catchUp: time.Second}
}

// A doctor looks at a site, and remarks on it.
type doctor struct {
	app      *app
	slow     time.Duration // an answer that takes longer is remarked on
	patience time.Duration // with all the questions about one document
	catchUp  time.Duration // that a daemon may take to serve what another process published
	remarks  []remark

	// Of what is looked at from outside:
	asker   *validate.Asker
	private bool             // it lies in a network that is not public
	public  string           // the published folder, empty of a stranger's site
	listed  []publish.Listed // what lies there
	reread  bool             // that was looked at again, since something else came
}

// look looks at the configured site, that of the folder if one is given, or at what lies at an address, and tells of it.
func (d *doctor) look(ctx context.Context, args ...string) error {
	if len(args) > 0 && isAddress(args[0]) {
		return d.report(d.stranger(ctx, args[0]))
	}
	return d.report(d.site(ctx, args...))
}

// level is how bad what a remark says is.
type level string

const (
	isGood    level = "ok"
	isSkipped level = "skipped" // it was not looked at
	isWarning level = "warning" // readers or caches stumble over it
	isError   level = "error"   // it must be mended
)

// A remark is one thing that was found out.
type remark struct {
	Area    string `json:"area"`
	Level   level  `json:"level"`
	Code    string `json:"code,omitempty"`    // of what is not good; it stays the same
	Subject string `json:"subject,omitempty"` // an address or a path
	Others  int    `json:"others,omitempty"`  // subjects of which the same can be said
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

// remark adds a remark; what was said before of another subject is not said again.
func (d *doctor) remark(r remark) {
	for i := range d.remarks {
		if o := &d.remarks[i]; o.Code != "" && o.Code == r.Code && o.Area == r.Area && o.Level == r.Level && o.Subject != r.Subject {
			o.Others++
			return
		}
	}
	d.remarks = append(d.remarks, r)
}

func (d *doctor) good(area, format string, args ...any) {
	d.remark(remark{Area: area, Level: isGood, Message: fmt.Sprintf(format, args...)})
}

func (d *doctor) skip(area, message, fix string) {
	d.remark(remark{Area: area, Level: isSkipped, Message: "not looked at: " + message, Fix: fix})
}

// has tells whether there is something to remark on in an area.
func (d *doctor) has(area string) bool {
	for _, r := range d.remarks {
		if r.Area == area && (r.Level == isWarning || r.Level == isError) {
			return true
		}
	}
	return false
}

func (d *doctor) count(l level) (n int) {
	for _, r := range d.remarks {
		if r.Level == l {
			n++
		}
	}
	return n
}

// report prints what was found. An error of the examination itself comes first.
func (d *doctor) report(err error) error {
	if err != nil {
		return err
	}
	errors, warnings := d.count(isError), d.count(isWarning)
	result := map[string]any{"errors": errors, "warnings": warnings, "remarks": d.remarks}
	if err := d.app.print(result, func(w io.Writer) { d.print(w, errors, warnings) }); err != nil || errors == 0 {
		return err
	}
	return &exitError{code: d.exitCode(), err: fmt.Errorf("%s to mend", counted(errors, "thing"))}
}

func (d *doctor) exitCode() int {
	for _, r := range d.remarks {
		if r.Code == codeConfiguration {
			return exitUsage
		}
	}
	return exitFailed
}

func (d *doctor) print(w io.Writer, errors, warnings int) {
	for _, r := range d.remarks {
		fmt.Fprintf(w, "%-8s %s: %s", r.Level, r.Area, r.Message)
		if r.Subject != "" {
			fmt.Fprintf(w, " [%s]", r.Subject)
		}
		if r.Others > 0 {
			fmt.Fprintf(w, " and %s", counted(r.Others, "other"))
		}
		fmt.Fprintln(w)
		if r.Fix != "" {
			fmt.Fprintf(w, "         fix: %s\n", r.Fix)
		}
	}
	switch {
	case errors+warnings > 0:
		fmt.Fprintf(w, "%s, %s.\n", counted(errors, "error"), counted(warnings, "warning"))
	case d.count(isSkipped) > 0:
		fmt.Fprintln(w, "All that could be looked at is well.")
	default:
		fmt.Fprintln(w, "All is well.")
	}
}

// counted is "1 error", "2 errors".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// site looks at the configured site, that of the folder if one is given.
func (d *doctor) site(ctx context.Context, folder ...string) error {
	c, err := d.configuration(folder...)
	if err != nil || c == nil {
		return err
	}
	d.store(ctx, c)
	d.folder(c)
	d.permissions(c)
	d.disk(c)
	d.times()
	runs := d.daemon(ctx, c)
	d.outside(ctx, c, runs)
	return nil
}
