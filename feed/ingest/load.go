package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"time"

	"feedpub/feed"
	"feedpub/store"
)

// A Store keeps entries; *store.Store does.
type Store interface {
	// PutAll stores entries in one transaction, and gives a result for each, in their order.
	PutAll(ctx context.Context, es []feed.Entry) ([]store.PutResult, error)
	// Together has what do writes by its context be one transaction.
	Together(ctx context.Context, do func(context.Context) error) error
	// Alike are the articles of a source that have one of some values of a trait, by key.
	Alike(ctx context.Context, source string, by store.Trait, values []string) (map[string]store.Known, error)
	// KeysIn are those of one file. Keys gives all, Live counts those that are not withdrawn, and HoldsNone says that there are none.
	KeysIn(ctx context.Context, source, file string) (map[string]store.Known, error)
	Keys(ctx context.Context, source string, each func(key string, k store.Known)) error
	Live(ctx context.Context, source string) (int, error)
	HoldsNone(ctx context.Context, source string) (bool, error)
	// Withdraw withdraws an entry.
	Withdraw(ctx context.Context, id, note string) (feed.Entry, error)
	// Adopt remembers entries that were published elsewhere until their articles come.
	Adopt(ctx context.Context, as []store.Adopted) error
	// Lookup is the entry with a URL; the error is store.ErrNotFound where there is none.
	Lookup(ctx context.Context, url string) (feed.Entry, error)
	// Files gives the stamps of a source's files as they were when they were read last, in some slots, and FilesBy by some keys.
	Files(ctx context.Context, source string, slots []int, each func(key string, was store.Stamp)) error
	FilesBy(ctx context.Context, source string, keys []string) (map[string]store.Stamp, error)
	SaveFiles(ctx context.Context, source string, read map[string]store.Stamp, gone []string) error
	// Probes are the enclosures of which length or type are not known, and SaveProbe takes what was found out.
	Probes(ctx context.Context, now time.Time, limit int) ([]store.Probe, error)
	SaveProbe(ctx context.Context, p store.Probe, again time.Time) (changed bool, err error)
	// Setting is a named value, empty where it was never set.
	Setting(ctx context.Context, name string) (string, error)
	SetSetting(ctx context.Context, name, value string) error
}

// A Source is a folder of articles, or a feed on the web.
type Source struct {
	Name    string   // part of minted IDs
	Dir     string   // the folder's path
	Feed    string   // the feed's URL; the rest is for folders
	Exclude []string // paths below it that are no articles: "drafts/**", "**/notes.md"
	// Missing says what becomes of entries whose file vanished: "keep" or "withdraw".
	Missing string
}

// A Loader brings sources into the store.
type Loader struct {
	Store  Store
	Reader *Reader
	// Web is asked for feeds, at the time of Now; both may be nil where no source is one.
	Web Web
	Now func() time.Time
	// Force withdraws what vanished even where so much did that it looks like an accident, and asks for feeds before
	// their servers want to be asked.
	Force bool
	// Reread reads articles again whose raw bytes are the stored ones.
	Reread bool
	// PutOff leaves it to Reader.Make to make the content of articles, where very many are read at once. Whoever reads the
	// entries must see to it; *store.Store does.
	PutOff bool
	// Progress is told how many of the files are done, unless it is nil.
	Progress func(done, total int)
	// Each is told of each article that was read, in order, as it is stored now, or as it was read with the reason
	// why it was refused; unless it is nil. What was skipped as unchanged is not among them.
	Each func(file string, a Article, err error)
}

// A Report says what a Loader did.
type Report struct {
	Read                    int // files looked at
	New, Changed, Unchanged int
	Refused                 int
	Other                   int // files passed over of kinds in which articles are written, but which are not read
	Moved                   int // of those changed, files that were renamed
	Withdrawn               int
	Problems                []error  // one for each refused article, or folder that could not be read
	Warnings                []string // with their places
	Missing                 []string // keys whose file vanished and whose entry was kept
	HeldBack                []string // keys whose entry is to be withdrawn, but not without Force
}

func (r *Report) refuse(err error) {
	r.Refused++
	r.Problems = append(r.Problems, err)
}

// Load reads a source's folder into the store. A refused article is in the report and does not stop the others;
// the error says that the folder or the store could not be used. Files that were not written since their article was
// stored are not opened, and articles whose raw bytes are stored already are not read again, unless the Reader would read
// them differently.
func (l *Loader) Load(ctx context.Context, src Source) (Report, error) {
	var report Report
	f, err := l.openFolder(src, &report)
	if err != nil {
		return report, err
	}
	defer f.root.Close()
	if err := f.walk("."); err != nil {
		return report, err
	}
	run, err := l.begin(ctx, src, f, &report)
	if err != nil {
		return report, err
	}
	run.whole = true
	touched := run.touched()
	if len(touched) == 0 {
		run.asLeft()
		return report, nil
	}
	if err := run.compare(ctx, touched); err != nil {
		return report, err
	}
	if err := run.readAll(ctx); err != nil {
		return report, err
	}
	if err := run.vanished(ctx); err != nil {
		return report, err
	}
	if err := run.saveStamps(ctx); err != nil {
		return report, err
	}
	if run.same {
		return report, nil
	}
	return report, run.noteReader(ctx)
}

// noteReader notes that all of the source was read as the Reader reads it.
func (run *load) noteReader(ctx context.Context) error {
	if err := run.Store.SetSetting(ctx, run.setting(), run.Reader.fingerprint()); err != nil {
		return fmt.Errorf("note how source %s was read: %w", run.src.Name, err)
	}
	return nil
}

// Import reads some files or folders of a source into the store, by their paths below its folder. It does not look
// for files that vanished. A named file that is no article is refused.
func (l *Loader) Import(ctx context.Context, src Source, names ...string) (Report, error) {
	var report Report
	f, err := l.openFolder(src, &report)
	if err != nil {
		return report, err
	}
	defer f.root.Close()
	for _, name := range names {
		key := path.Clean(filepath.ToSlash(name))
		info, err := f.root.Stat(filepath.FromSlash(key))
		switch {
		case err != nil:
			f.problem(key, err)
		case info.IsDir():
			if err := f.walk(key); err != nil {
				return report, err
			}
		case isSection(key):
			f.problem(key, fmt.Errorf("a section page of Hugo or Zola, not an article"))
		default:
			f.found.add(file{key: key})
			f.named[key] = true
		}
	}
	_, err = l.readFound(ctx, src, f)
	return report, err
}

// readFound reads the files that were found, and says nothing of others.
func (l *Loader) readFound(ctx context.Context, src Source, f *folder) (*load, error) {
	run, err := l.begin(ctx, src, f, f.report)
	if err != nil {
		return nil, err
	}
	if err := run.compareFound(ctx); err != nil {
		return nil, err
	}
	if err := run.readAll(ctx); err != nil {
		return nil, err
	}
	return run, run.saveRead(ctx)
}

// A load is one run of a Loader over a source.
type load struct {
	*Loader
	reader  *Reader // Loader's, or one that puts off
	src     Source
	folder  *folder
	whole   bool   // all of the folder was looked at
	empty   bool   // nothing of the source was stored when the run began
	drafts  bool   // the source is a folder of drafts
	same    bool   // the Reader reads as it did when the store was filled
	mixed   bool   // it is noted that some articles are stored as it reads, and others not
	how     string // tells apart how files are read
	report  *Report
	doubles doubles
	stamps  stamps
	// untouched are the slots whose files are as the last run left them, where all of the folder was looked at.
	untouched [store.Slots]bool
	taken     map[string]bool        // keys that a renamed article had
	former    map[string]string      // keys of stored articles whose file is gone, by path, see formerPaths; nil until it is asked for
	added     int                    // articles that were not known before
	missed    map[string]store.Known // articles whose file is gone, or which are not in it any more, by key
	spared    []string               // keys of files that are not read, but written so lately that nothing is concluded from it
	batch     []readArticle
	size      int // bytes in the batch
}

// begin is a run that knows nothing yet of what is stored.
func (l *Loader) begin(ctx context.Context, src Source, f *folder, report *Report) (*load, error) {
	run := &load{Loader: l, reader: l.Reader, src: src, folder: f, report: report, taken: map[string]bool{}, missed: map[string]store.Known{}}
	if err := l.Reader.check(); err != nil {
		return nil, err
	}
	if f != nil {
		f.found.settle()
		run.stamps.read = map[string]store.Stamp{}
		noted, err := l.Store.Setting(ctx, run.leftSetting())
		if err != nil {
			return nil, fmt.Errorf("find out how source %s was left: %w", src.Name, err)
		}
		run.stamps.left = leftOf(noted)
		if run.drafts, err = isDraftsFolder(src.Dir); err != nil {
			return nil, fmt.Errorf("find source %s: %w", src.Name, err)
		}
	}
	last, err := l.Store.Setting(ctx, run.setting())
	if err != nil {
		return nil, fmt.Errorf("find out how source %s was read: %w", src.Name, err)
	}
	reading := l.Reader.fingerprint()
	run.same, run.how = last == reading, fmt.Sprintf("%s %t", reading, run.drafts)
	return run, nil
}

func (run *load) setting() string { return "ingest/" + run.src.Name }

// cleaning is raised when this package reads articles differently than before: they are read again then.
const cleaning = 10

// fingerprint tells Readers apart that would read articles differently.
func (r *Reader) fingerprint() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %q %q %q %q", cleaning, r.Site, r.Permalink, r.Zone, r.IDAuthority, r.Authors))
	return hex.EncodeToString(sum[:])
}
