package audience

import (
	"hash/maphash"
	"net/http"
	"strings"

	"github.com/axiomhq/hyperloglog"

	"feedpub/store"
)

// Bounds on what strangers can have kept in a day.
const (
	mostSketches = 20_000 // feeds with clients
	mostClaims   = 20_000 // feeds at services
	mostIDs      = 8      // of one feed at one service
	precision    = 12     // of a sketch: 4 KiB and an error of 1.6 % when it is full, next to none for a few thousand
)

// A day is who read in a day.
type day struct {
	store.Day
	secret   maphash.Seed
	claims   map[claim]int64
	ids      map[claim]int      // how many of a feed at a service; without their id
	feeds    map[string]*sketch // of clients, by feed
	programs map[string]*sketch // of clients, by program
}

// A claim is what a service says of one of its feeds.
type claim struct{ feed, service, id string }

// untold is the id of a feed whose service has not told for how many it reads. It counts as one until it does.
const untold = "?"

// A sketch tells how many different clients there were.
type sketch struct {
	*hyperloglog.Sketch
	unsaved bool
}

// note notes a reader.
func (c *Counter) note(r *http.Request, a Answer) {
	agent, address := parseAgent(r.Header.Get("User-Agent")), address(r)
	c.readers.Lock()
	defer c.readers.Unlock()
	if on := store.DayOf(c.now()); c.today == nil || c.today.Day != on {
		c.collect()
		c.today = &day{
			Day: on, secret: maphash.MakeSeed(),
			claims: map[claim]int64{}, ids: map[claim]int{}, feeds: map[string]*sketch{}, programs: map[string]*sketch{},
		}
	}
	d := c.today
	switch {
	case agent.service:
		for k, number := range d.claim(a, agent) {
			c.unsaved[store.Readers{Day: d.Day, Feed: k.feed, Kind: store.Service, Name: k.service, ID: k.id}] = number
		}
	case agent.name != Crawlers:
		var h maphash.Hash
		h.SetSeed(d.secret)
		h.WriteString(address)
		h.WriteByte(0)
		h.WriteString(agent.name)
		insert(d.feeds, a.Feed, h.Sum64())
		insert(d.programs, agent.name, h.Sum64())
	}
}

// claim notes what a service says, and gives what changed.
func (d *day) claim(a Answer, agent agent) (changed map[claim]int64) {
	k := claim{strings.Clone(a.Feed), agent.name, agent.id}
	if k.id == "" {
		k.id = a.Format
	}
	k.id = strings.Clone(k.id)
	feed := claim{k.feed, k.service, ""}
	number := agent.subscribers
	if number == unknown {
		if d.ids[feed] > 0 {
			return nil
		}
		k.id, number = untold, 1
	}
	was, known := d.claims[k]
	switch {
	case known && was == number, !known && len(d.claims) >= mostClaims:
		return nil
	case !known && k.id != untold:
		if d.ids[feed] >= mostIDs {
			return nil
		}
		d.ids[feed]++
	}
	d.claims[k] = number
	changed = map[claim]int64{k: number}
	if before := (claim{k.feed, k.service, untold}); k.id != untold && d.claims[before] > 0 {
		d.claims[before], changed[before] = 0, 0
	}
	return changed
}

func insert(sketches map[string]*sketch, name string, client uint64) {
	s := sketches[name]
	if s == nil {
		if len(sketches) >= mostSketches {
			return
		}
		counting, _ := hyperloglog.NewSketch(precision, true) // the precision is one that there is
		s = &sketch{Sketch: counting}
		sketches[strings.Clone(name)] = s
	}
	s.InsertHash(client)
	s.unsaved = true
}

// collect takes the numbers of clients that changed to those that are to be saved.
func (c *Counter) collect() {
	if c.today == nil {
		return
	}
	take := func(sketches map[string]*sketch, row func(name string) store.Readers) {
		for name, s := range sketches {
			if s.unsaved {
				c.unsaved[row(name)] = int64(s.Estimate())
				s.unsaved = false
			}
		}
	}
	take(c.today.feeds, func(feed string) store.Readers {
		return store.Readers{Day: c.today.Day, Feed: feed, Kind: store.Client}
	})
	take(c.today.programs, func(program string) store.Readers {
		return store.Readers{Day: c.today.Day, Kind: store.Client, Name: program}
	})
}
