package feed

import (
	"slices"
	"strconv"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"
)

// periodElements are those of RSS' module Syndication (https://web.resource.org/rss/1.0/modules/syndication/).
type periodElements struct {
	Period    string `xml:"sy:updatePeriod,omitempty"`
	Frequency int    `xml:"sy:updateFrequency,omitempty"`
}

type rssHours struct {
	Hours []int `xml:"hour"`
}

type rssDays struct {
	Days []string `xml:"day"`
}

// Rests says whether now is an hour or a day, in UTC, in which nothing is published.
func (c *Cadence) Rests(now time.Time) bool {
	now = now.UTC()
	return slices.Contains(c.SkipHours, now.Hour()) || slices.Contains(c.SkipDays, now.Weekday())
}

// tellCadence puts the cadence on the channel.
func (w *rssWriter) tellCadence(channel *rssChannel, c Cadence) {
	channel.Ttl = int(c.TTL / time.Minute)
	if channel.periodElements = (periodElements{c.Period, c.Frequency}); c.Period != "" {
		w.SY = syNamespace
	}
	if len(c.SkipHours) > 0 {
		channel.SkipHours = &rssHours{c.SkipHours}
	}
	if len(c.SkipDays) > 0 {
		channel.SkipDays = &rssDays{}
		for _, day := range c.SkipDays {
			channel.SkipDays.Days = append(channel.SkipDays.Days, day.String())
		}
	}
}

// carriedCadence leaves out what no document may say: hours that no day has, and repeats.
func carriedCadence(c Cadence) Cadence {
	out := Cadence{TTL: max(c.TTL, 0).Truncate(time.Minute)}
	if slices.Contains([]string{"hourly", "daily", "weekly", "monthly", "yearly"}, c.Period) && c.Frequency > 0 {
		out.Period, out.Frequency = c.Period, c.Frequency
	}
	for hour := range 24 {
		if slices.Contains(c.SkipHours, hour) {
			out.SkipHours = append(out.SkipHours, hour)
		}
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if slices.Contains(c.SkipDays, day) {
			out.SkipDays = append(out.SkipDays, day)
		}
	}
	return out
}

// readCadence reads what it can; what is no number or no day is left out.
func readCadence(channel *rss.Feed) Cadence {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	c := Cadence{
		TTL:       time.Duration(number(channel.TTL)) * time.Minute,
		Period:    value(channel.Extensions, "sy", "updatePeriod"),
		Frequency: number(value(channel.Extensions, "sy", "updateFrequency")),
	}
	for _, hour := range channel.SkipHours {
		c.SkipHours = append(c.SkipHours, number(hour))
	}
	for _, name := range channel.SkipDays {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if day.String() == name {
				c.SkipDays = append(c.SkipDays, day)
			}
		}
	}
	return c
}

// value is the text of the first such element.
func value(extensions ext.Extensions, prefix, name string) string {
	if found := extensions[prefix][name]; len(found) > 0 {
		return found[0].Value
	}
	return ""
}
