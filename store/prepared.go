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
	kept   map[string]*sql.Stmt
	wanted map[string]bool // false: came up once
}

// The texts vary with the number of rows, so their number is bounded.
const (
	maxKept   = 100
	maxWanted = 1000
)

// prepareWanted prepares what came up a second time. No transaction of this goroutine may be open.
func (s *Store) prepareWanted(ctx context.Context) error {
	for _, query := range s.prepared.takeWanted() {
		st, err := s.write.PrepareContext(ctx, query)
		if err != nil {
			return err
		}
		s.prepared.keep(query, st)
	}
	return nil
}

func (p *prepared) takeWanted() (queries []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for query, again := range p.wanted {
		if again && len(p.kept)+len(queries) < maxKept {
			queries = append(queries, query)
			delete(p.wanted, query)
		}
	}
	return queries
}

func (p *prepared) keep(query string, st *sql.Stmt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string]*sql.Stmt{}
	}
	p.kept[query] = st
}

// get gives the kept statement, or notes that the query came up and gives nil.
func (p *prepared) get(query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	if st := p.kept[query]; st != nil {
		return st
	}
	_, again := p.wanted[query]
	if p.wanted == nil || len(p.wanted) >= maxWanted {
		p.wanted = map[string]bool{}
	}
	p.wanted[query] = again
	return nil
}
