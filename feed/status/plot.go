package status

import (
	"fmt"
	"slices"
	"time"
)

// A Plot is bars over days, each of a few parts that stand on one another. It is drawn in a box of plotWidth by plotHeight,
// which the page stretches to its place, so that no text is in it.
type Plot struct {
	Label    string // what it shows, for those who do not see it
	Parts    []string
	Bars     []Bar
	Top      string // the value at its upper edge
	From, To string // the days at its edges
	Height   int
	Width    int
	Clipped  []string // days whose bars reach beyond the upper edge, with their values
}

// A Bar is a day of a Plot.
type Bar struct {
	X, Width float64
	Title    string // the day and its values, to be read
	Segments []Segment
	Clipped  bool
}

// A Segment is a part of a bar.
type Segment struct {
	Part      int // which of the Parts, from 0
	Y, Height float64
}

const (
	plotWidth  = 600
	plotHeight = 120
)

// A measure is what a plot shows of a day, one number a part.
type measure struct {
	label string
	parts []string
	of    func(Day) []int64
	write func(int64) string
}

// plot draws a measure over the days.
func (m measure) plot(days []Day) Plot {
	p := Plot{Label: m.label, Parts: m.parts, Width: plotWidth, Height: plotHeight}
	if len(days) == 0 {
		return p
	}
	slots := max(len(days), leastDays)
	p.To = days[len(days)-1].Day
	if last, err := time.Parse(time.DateOnly, p.To); err == nil {
		p.From = last.AddDate(0, 0, 1-slots).Format(time.DateOnly)
	}
	totals := make([]int64, len(days))
	for i, d := range days {
		for _, n := range m.of(d) {
			totals[i] += max(n, 0)
		}
	}
	top := topOf(totals)
	p.Top = m.write(top)
	slot := float64(plotWidth) / float64(slots)
	left := plotWidth - slot*float64(len(days)) // today stands at the right, also while there are few days
	gap := min(slot/4, 4)
	if slot < 8 {
		gap = -0.3 // many thin bars with gaps shimmer: they touch
	}
	for i, d := range days {
		b := Bar{X: round(left + float64(i)*slot + gap/2), Width: round(min(slot-gap, plotWidth)), Title: d.Day + ": " + m.read(d), Clipped: totals[i] > top}
		y := float64(plotHeight)
		for part, n := range m.of(d) {
			height := float64(max(n, 0)) / float64(top) * plotHeight
			if height = min(height, y); height > 0 {
				y -= height
				b.Segments = append(b.Segments, Segment{part, round(y), round(height)})
			}
		}
		if b.Clipped {
			p.Clipped = append(p.Clipped, d.Day+" ("+m.write(totals[i])+")")
		}
		p.Bars = append(p.Bars, b)
	}
	return p
}

// leastDays are as many as a plot has room for at least.
const leastDays = 30

// read is a day's values as they are read out.
func (m measure) read(d Day) (text string) {
	for i, n := range m.of(d) {
		if i > 0 {
			text += ", "
		}
		text += m.write(n) + " " + m.parts[i]
	}
	return text
}

// topOf is the value at the upper edge: a round number that no bar exceeds, but for days that are far off the others, such as
// when somebody lied or a page was news, which would make all other bars invisible.
func topOf(totals []int64) int64 {
	const far = 20 // times the day in the middle
	known := slices.DeleteFunc(slices.Clone(totals), func(n int64) bool { return n == 0 })
	if len(known) == 0 {
		return 1
	}
	slices.Sort(known)
	top := known[len(known)-1]
	if middle := known[(len(known)-1)/2]; len(known) > 2 && top/far > middle {
		within := slices.IndexFunc(known, func(n int64) bool { return n/far > middle })
		top = known[within-1]
	}
	return roundUp(top)
}

// roundUp gives the next number of one or two digits and noughts that a scale may end at.
func roundUp(n int64) int64 {
	for scale := int64(1); scale <= 1e16; scale *= 10 {
		for _, tenths := range []int64{10, 12, 15, 20, 25, 30, 40, 50, 60, 80} {
			if top := tenths * scale / 10; tenths*scale%10 == 0 && top >= n {
				return top
			}
		}
	}
	return n
}

func round(x float64) float64 { return float64(int64(x*100+0.5)) / 100 }

var (
	readersMeasure = measure{
		"Readers a day", []string{"at services", "direct"},
		func(d Day) []int64 { return []int64{d.Subscribers, d.Clients} }, number,
	}
	requestsMeasure = measure{
		"Requests a day", []string{"not modified", "answered in full", "failed"},
		func(d Day) []int64 {
			return []int64{d.NotModified, d.Requests - d.NotModified - d.Failed, d.Failed}
		}, number,
	}
	bytesMeasure = measure{
		"Bytes a day", []string{"sent", "saved"},
		func(d Day) []int64 { return []int64{d.Sent, d.Saved} }, Bytes,
	}
)

// number writes a number in groups of three digits.
func number(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// Bytes writes a number of bytes as people read it.
func Bytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	value, units := float64(n), []string{"kB", "MB", "GB", "TB", "PB", "EB"}
	for i, unit := range units {
		value /= 1000
		if value < 999.5 || i == len(units)-1 {
			if value < 9.95 {
				return fmt.Sprintf("%.1f %s", value, unit)
			}
			return fmt.Sprintf("%.0f %s", value, unit)
		}
	}
	return "" // the last unit returns
}

// Percent is a share of a whole; "—" where there is no whole.
func Percent(part, whole int64) string {
	if whole <= 0 {
		return "—"
	}
	return fmt.Sprintf("%.0f %%", 100*float64(part)/float64(whole))
}
