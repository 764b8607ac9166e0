package store

import (
	"context"
	"database/sql"
	"sync"
)

// prepared are the statements of write transactions that outlive them, since to prepare one takes longer than most take to
// run. One that has come up a second time is kept; it is prepared between two transactions, for there is one connection.
type prepared struct {
	mu     sync.Mutex
	kept   map[string]*kept
	uses   int64           // of all that are kept
	wanted map[string]bool // false: came up once
}

// A kept statement, and when it was used last, counted in uses.
type kept struct {
	*sql.Stmt
	used int64
}

// The texts vary with the number of rows, so their number is bounded: what was not used for longest goes.
const (
	maxKept   = 100
	maxWanted = 1000
)

// prepareWanted prepares what came up a second time. No transaction of this goroutine may be open.
func (s *Store) prepareWanted(ctx context.Context) error {
	for _, query := range s.prepared.takeWanted() {
		st, err := s.write.PrepareContext(ctx, positional(query))
		if err != nil {
			return err
		}
		if err := s.prepared.keep(query, st); err != nil {
			return err
		}
	}
	return nil
}

func (p *prepared) takeWanted() (queries []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for query, again := range p.wanted {
		if again && len(queries) < maxKept {
			queries = append(queries, query)
			delete(p.wanted, query)
		}
	}
	return queries
}

// keep keeps a statement, and closes what goes: another that was prepared of the same text meanwhile, or the one that was
// not used for longest. A transaction that uses it goes on doing so.
func (p *prepared) keep(query string, st *sql.Stmt) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]*kept{}
	}
	oldest := query
	if p.kept[query] == nil && len(p.kept) >= maxKept {
		for other, k := range p.kept {
			if o := p.kept[oldest]; o == nil || k.used < o.used {
				oldest = other
			}
		}
	}
	var err error
	if k := p.kept[oldest]; k != nil {
		delete(p.kept, oldest)
		err = k.Close()
	}
	p.uses++
	p.kept[query] = &kept{st, p.uses}
	return err
}

// in gives the kept statement for a transaction, or notes that the query came up and gives nil.
func (p *prepared) in(ctx context.Context, t *sql.Tx, query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if k := p.kept[query]; k != nil {
		p.uses++
		k.used = p.uses
		return t.StmtContext(ctx, k.Stmt) // before another goroutine may close it
	}
	_, again := p.wanted[query]
	if p.wanted == nil || len(p.wanted) >= maxWanted {
		p.wanted = map[string]bool{}
	}
	p.wanted[query] = again
	return nil
}
