//go:build unix

// Command bench measures feedpub as a whole, beside Hugo where that is installed; the script run starts it. Hugo writes
// RSS only, and neither stores, sanitises nor checks.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

type bench struct {
	feedpub, hugo, dir string
	rounds             int
	archives           bool
	edits              int
}

func main() {
	log.SetFlags(0)
	var b bench
	flag.StringVar(&b.feedpub, "feedpub", "feedpub", "the program")
	flag.StringVar(&b.hugo, "hugo", "hugo", "the `folder` of the Hugo site")
	flag.StringVar(&b.dir, "dir", os.TempDir(), "`folder` to work in")
	flag.IntVar(&b.rounds, "rounds", 5, "of each measurement; the median is told")
	flag.BoolVar(&b.archives, "archives", true, "measure feeds with archives too")
	walk := flag.String("walk", "", "only look at each file below the `folder`, as a measure")
	flag.Parse()
	if *walk != "" {
		if err := lookAtAll(*walk); err != nil {
			log.Fatal(err)
		}
		return
	}
	sizes := flag.Args()
	if len(sizes) == 0 {
		sizes = []string{"1000", "10000"}
	}
	fmt.Printf("%s, %d cores, %s, medians of %d\n\n", time.Now().UTC().Format("2006-01-02"), runtime.NumCPU(), runtime.Version(), b.rounds)
	fmt.Print("| articles | what | seconds | CPU seconds | peak MiB |\n|---:|---|---:|---:|---:|\n")
	for _, size := range sizes {
		n, err := strconv.Atoi(size)
		if err == nil {
			err = b.measureAll(n)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

// configuration is home and a feed for each of the 20 tags, in three formats, of as many entries as Hugo's have.
const configuration = `site: {title: Benchmark, url: "https://example.org/"}
sources: [{name: articles, folder: articles}]
feeds: [{name: home, limit: 50%[1]s}, {each: tag, limit: 50%[1]s}]
`

func (b *bench) measureAll(n int) error {
	site := filepath.Join(b.dir, fmt.Sprint(n))
	articles := filepath.Join(site, "articles")
	if err := writeArticles(articles, n); err != nil {
		return err
	}
	clean := func() error {
		return errors.Join(os.RemoveAll(filepath.Join(site, ".feedpub")), os.RemoveAll(filepath.Join(site, "feeds")), os.RemoveAll(filepath.Join(site, "out")))
	}
	edit := func() error {
		b.edits++
		return writeArticle(articles, n-1, fmt.Sprintf("Edit %d. ", b.edits))
	}
	keep := func() error { return nil }
	generate := []string{b.feedpub, "generate", "--quiet", site}
	if err := b.measure(n, "look at each file (lstat)", keep, os.Args[0], "-walk", articles); err != nil {
		return err
	}
	kinds := []string{"", ", archives: true"}
	if !b.archives {
		kinds = kinds[:1]
	}
	for _, archives := range kinds {
		if err := os.WriteFile(filepath.Join(site, "feedpub.yaml"), fmt.Appendf(nil, configuration, archives), 0o644); err != nil {
			return err
		}
		with := "feedpub"
		if archives != "" {
			with = "feedpub with archives"
		}
		if err := b.measure(n, with+": from nothing", clean, generate...); err != nil {
			return err
		}
		if err := b.measure(n, with+": nothing new", keep, generate...); err != nil {
			return err
		}
		if err := b.measure(n, with+": one article edited", edit, generate...); err != nil {
			return err
		}
	}
	hugo, err := exec.LookPath("hugo")
	if err != nil {
		return os.RemoveAll(site)
	}
	build := []string{hugo, "--quiet", "--source", b.hugo, "--contentDir", articles, "--destination", filepath.Join(site, "out")}
	if err := b.measure(n, "Hugo: from nothing", clean, build...); err != nil {
		return err
	}
	if err := b.measure(n, "Hugo: one article edited", edit, build...); err != nil {
		return err
	}
	return os.RemoveAll(site)
}

// measure runs a command several times, each time prepared, and prints the medians.
func (b *bench) measure(n int, what string, prepare func() error, command ...string) error {
	var wall, cpu, peak []float64
	for range b.rounds {
		if err := prepare(); err != nil {
			return err
		}
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Stderr = os.Stderr
		start := time.Now()
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(command, " "), err)
		}
		wall = append(wall, time.Since(start).Seconds())
		cpu = append(cpu, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds())
		peak = append(peak, float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)/1024)
	}
	fmt.Printf("| %d | %s | %.3f | %.3f | %.0f |\n", n, what, median(wall), median(cpu), median(peak))
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func writeArticles(dir string, n int) error {
	for i := range n {
		if err := writeArticle(dir, i, ""); err != nil {
			return err
		}
	}
	return nil
}

// writeArticle writes an article of some 3 kB with one to three of 20 tags.
func writeArticle(dir string, i int, begin string) error {
	var tags []string
	for t := range 1 + i%3 {
		tags = append(tags, fmt.Sprintf("tag %d", (i/3+7*t)%20))
	}
	paragraph := "Some *words* of a text that is **neither** long nor short, with a [link](https://example.org/%d/%d) in it. "
	var body strings.Builder
	for p := range 8 {
		fmt.Fprintf(&body, "## Part %d\n\n%s", p, begin)
		for s := range 4 {
			fmt.Fprintf(&body, paragraph, p, s)
		}
		body.WriteString("\n\n- one\n- two, with `code`\n\n")
	}
	at := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * time.Minute)
	text := fmt.Sprintf("---\ntitle: \"Article %d\"\ndate: %s\ntags: [%s]\n---\n\n%s", i, at.Format(time.RFC3339), strings.Join(tags, ", "), body.String())
	folder := filepath.Join(dir, fmt.Sprint(i/1000))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, fmt.Sprintf("%d.md", i)), []byte(text), 0o644)
}

func lookAtAll(dir string) error {
	return filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil {
			_, err = d.Info()
		}
		return err
	})
}
