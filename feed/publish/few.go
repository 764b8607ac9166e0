package publish

import "maps"

// manyIDs is how many entries are worth looking at one by one. Where more changed, at a first run or after a change of
// the configuration, everything is looked at instead, and memory does not grow with the store. Tests lower it.
var manyIDs = 10_000

// A few is a set of IDs, unless they are many.
type few struct {
	ids  map[string]bool
	many bool
}

func (f *few) add(id string) {
	switch {
	case f.many:
	case len(f.ids) >= manyIDs && !f.ids[id]:
		f.ids, f.many = nil, true
	case f.ids == nil:
		f.ids = map[string]bool{id: true}
	default:
		f.ids[id] = true
	}
}

// with is the set with those of another one.
func (f few) with(other few) few {
	all := few{maps.Clone(f.ids), f.many}
	for id := range other.ids {
		all.add(id)
	}
	if other.many {
		return few{many: true}
	}
	return all
}
