package publish

// A Report says what a run did.
type Report struct {
	Feeds   []FeedReport `json:"feeds"`             // the feeds that had work, in order
	Written int          `json:"written"`           // documents replaced
	Checked int          `json:"checked"`           // documents written and checked
	Failed  int          `json:"failed"`            // documents that failed their check; the last good ones stand
	Blocked int          `json:"blocked"`           // documents that could not be replaced, for no fault of their own
	Refused int          `json:"refused"`           // entries that failed their check
	DryRun  bool         `json:"dry_run,omitempty"` // nothing was replaced
}

// Add adds what a second run did that came right after. What failed in both counts once.
func (r *Report) Add(next Report) {
	r.Feeds = append(r.Feeds, next.Feeds...)
	r.Written += next.Written
	r.Checked += next.Checked
	r.Failed, r.Blocked, r.Refused = max(r.Failed, next.Failed), max(r.Blocked, next.Blocked), max(r.Refused, next.Refused)
}

// A FeedReport says what became of one feed.
type FeedReport struct {
	Name      string           `json:"name"`
	Entries   int              `json:"entries"`
	Documents []DocumentReport `json:"documents"`
	Error     string           `json:"error,omitempty"`
}

// A DocumentReport says what became of one document.
type DocumentReport struct {
	Path      string     `json:"path"`
	Changed   bool       `json:"changed"`
	Bytes     int        `json:"bytes"`
	Error     string     `json:"error,omitempty"`   // why the document before stands
	Blocked   bool       `json:"blocked,omitempty"` // it could not be written, for no fault of its own
	Fallbacks []Fallback `json:"fallbacks,omitempty"`
}

// follow adds what an attempt before this one changed.
func (f *FeedReport) follow(before FeedReport) {
	changed := map[string]bool{}
	for _, d := range before.Documents {
		changed[d.Path] = d.Changed
	}
	for i := range f.Documents {
		f.Documents[i].Changed = f.Documents[i].Changed || changed[f.Documents[i].Path]
	}
}

func (f *FeedReport) changed() (n int) {
	for _, d := range f.Documents {
		if d.Changed {
			n++
		}
	}
	return n
}

// problem is what status tells about the feed: empty when all is well.
func (f *FeedReport) problem() string {
	if f.Error != "" {
		return f.Error
	}
	for _, d := range f.Documents {
		if d.Error != "" {
			return d.Path + ": " + d.Error
		}
		for _, b := range d.Fallbacks {
			return d.Path + ": " + b.Problem
		}
	}
	return ""
}

func (r *Report) add(f FeedReport) {
	if f.Error == "" && len(f.Documents) == 0 {
		return
	}
	r.Feeds = append(r.Feeds, f)
	if f.Error != "" {
		r.Blocked++
	}
	refused := map[string]bool{}
	for _, d := range f.Documents {
		switch {
		case d.Blocked:
			r.Blocked++
		case d.Error != "":
			r.Failed++
		default:
			r.Checked++
			if d.Changed {
				r.Written++
			}
		}
		for _, b := range d.Fallbacks {
			refused[b.ID] = true
		}
	}
	r.Refused += len(refused)
}
