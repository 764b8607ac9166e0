package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// A Day is a day in UTC as people write it: 20260301.
type Day int

// DayOf gives the day of a moment.
func DayOf(t time.Time) Day {
	y, m, d := t.UTC().Date()
	return Day(y*10000 + int(m)*100 + d)
}

// Time is the day's beginning.
func (d Day) Time() time.Time {
	return time.Date(int(d)/10000, time.Month(int(d)/100%100), int(d)%100, 0, 0, 0, 0, time.UTC)
}

// Add gives the day so many days later.
func (d Day) Add(days int) Day { return DayOf(d.Time().AddDate(0, 0, days)) }

// KeptDays is how many days it is told who read.
const KeptDays = 400

// Answers count how requests were answered in a day.
type Answers struct {
	Day          Day
	Feed, Format string // empty for what is no feed's
	Code         int    // of HTTP
	Requests     int64
	Sent, Saved  int64 // bytes
}

// The kinds of Readers.
const (
	Service = "service" // Name is that of a service which reads for many, ID the feed's there
	Client  = "client"  // all others: those of a feed, or, where no feed is named, those of the program Name
)

// Readers say how many read in a day.
type Readers struct {
	Day            Day
	Feed           string
	Kind, Name, ID string
	Number         int64
}

// SaveAudience adds what was answered, and notes who read: what a service says replaces what it said before that day, of
// clients the largest number stands.
func (s *Store) SaveAudience(ctx context.Context, answers []Answers, readers []Readers) error {
	err := s.inTx(ctx, func(t *tx) error {
		if err := t.saveAnswers(ctx, answers); err != nil {
			return err
		}
		return t.saveReaders(ctx, readers)
	})
	if err != nil {
		return fmt.Errorf("save who read: %w", err)
	}
	return nil
}

func (t *tx) saveAnswers(ctx context.Context, answers []Answers) error {
	type kind struct {
		day  Day
		code int
	}
	sums := map[kind]Answers{} // of all feeds
	for _, a := range answers {
		sum := sums[kind{a.Day, a.Code}]
		sum.Requests, sum.Sent, sum.Saved = sum.Requests+a.Requests, sum.Sent+a.Sent, sum.Saved+a.Saved
		sums[kind{a.Day, a.Code}] = sum
		if a.Feed == "" {
			continue
		}
		err := t.exec(ctx, `
			INSERT INTO answers (day, feed, format, code, requests, sent, saved) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (day, feed, format, code) DO UPDATE SET requests = answers.requests + excluded.requests,
				sent = answers.sent + excluded.sent, saved = answers.saved + excluded.saved`,
			a.Day, a.Feed, a.Format, a.Code, a.Requests, a.Sent, a.Saved)
		if err != nil {
			return err
		}
	}
	for k, sum := range sums {
		err := t.exec(ctx, `
			INSERT INTO answer_days (day, code, requests, sent, saved) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (day, code) DO UPDATE SET requests = answer_days.requests + excluded.requests,
				sent = answer_days.sent + excluded.sent, saved = answer_days.saved + excluded.saved`,
			k.day, k.code, sum.Requests, sum.Sent, sum.Saved)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) saveReaders(ctx context.Context, readers []Readers) error {
	type service struct {
		day  Day
		name string
	}
	more := map[service]int64{} // readers than before, of all feeds
	for _, r := range readers {
		if r.Feed == "" {
			err := t.exec(ctx, `
				INSERT INTO reader_days (day, kind, name, number) VALUES ($1, $2, $3, $4)
				ON CONFLICT (day, kind, name) DO UPDATE SET number =
					CASE WHEN reader_days.number > excluded.number THEN reader_days.number ELSE excluded.number END`,
				r.Day, r.Kind, r.Name, r.Number)
			if err != nil {
				return err
			}
			continue
		}
		if r.Kind == Service {
			var before int64
			if _, err := t.get(ctx, []any{&before}, `
				SELECT number FROM readers WHERE day = $1 AND feed = $2 AND kind = $3 AND name = $4 AND id = $5`,
				r.Day, r.Feed, r.Kind, r.Name, r.ID); err != nil {
				return err
			}
			more[service{r.Day, r.Name}] += r.Number - before
		}
		err := t.exec(ctx, `
			INSERT INTO readers (day, feed, kind, name, id, number) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (day, feed, kind, name, id) DO UPDATE SET number =
				CASE WHEN readers.kind = 'client' AND readers.number > excluded.number THEN readers.number ELSE excluded.number END`,
			r.Day, r.Feed, r.Kind, r.Name, r.ID, r.Number)
		if err != nil {
			return err
		}
	}
	for of, number := range more {
		err := t.exec(ctx, `
			INSERT INTO reader_days (day, kind, name, number) VALUES ($1, $2, $3, $4)
			ON CONFLICT (day, kind, name) DO UPDATE SET number = reader_days.number + excluded.number`,
			of.day, Service, of.name, number)
		if err != nil {
			return err
		}
	}
	return nil
}

// ThinAudience forgets the days before last, and of those before detailed which feed it was.
func (s *Store) ThinAudience(ctx context.Context, detailed, last Day) error {
	err := s.inTx(ctx, func(t *tx) error {
		for _, old := range []struct {
			query string
			day   Day
		}{
			{`DELETE FROM answers WHERE day < $1`, max(detailed, last)},
			{`DELETE FROM readers WHERE day < $1`, max(detailed, last)},
			{`DELETE FROM answer_days WHERE day < $1`, last},
			{`DELETE FROM reader_days WHERE day < $1`, last},
		} {
			if err := t.exec(ctx, old.query, old.day); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("thin out who read: %w", err)
	}
	return nil
}

// AnswersByDay gives what was answered since a day, by day and code, of all feeds together.
func (s *Store) AnswersByDay(ctx context.Context, since Day) ([]Answers, error) {
	return s.answers(ctx, `
		SELECT day, '', code, requests, sent, saved FROM answer_days WHERE day >= $1 ORDER BY day, code`, since)
}

// AnswersByFeed gives what was answered since a day, by feed and code.
func (s *Store) AnswersByFeed(ctx context.Context, since Day) ([]Answers, error) {
	return s.answers(ctx, `
		SELECT max(day), feed, code, sum(requests), sum(sent), sum(saved) FROM answers
		WHERE day >= $1 GROUP BY feed, code ORDER BY feed, code`, since)
}

func (s *Store) answers(ctx context.Context, query string, since Day) (answers []Answers, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var a Answers
		err := rows.Scan(&a.Day, &a.Feed, &a.Code, &a.Requests, &a.Sent, &a.Saved)
		answers = append(answers, a)
		return err
	}, query, since)
	if err != nil {
		return nil, fmt.Errorf("read what was answered: %w", err)
	}
	return answers, nil
}

// ReadersByDay gives the readers at each service, of all feeds together, and the clients of each program, since a day.
func (s *Store) ReadersByDay(ctx context.Context, since Day) ([]Readers, error) {
	return s.readersOf(ctx, `
		SELECT day, '', kind, name, '', number FROM reader_days WHERE day >= $1 ORDER BY day, kind, name`, since)
}

// ReadersByFeed gives the readers of each feed since a day, as they were noted, by day.
func (s *Store) ReadersByFeed(ctx context.Context, since Day) ([]Readers, error) {
	return s.readersOf(ctx, `
		SELECT day, feed, kind, name, id, number FROM readers
		WHERE day >= $1 ORDER BY day, feed, kind, name, id`, since)
}

func (s *Store) readersOf(ctx context.Context, query string, since Day) (readers []Readers, err error) {
	err = s.collect(ctx, func(rows *sql.Rows) error {
		var r Readers
		err := rows.Scan(&r.Day, &r.Feed, &r.Kind, &r.Name, &r.ID, &r.Number)
		readers = append(readers, r)
		return err
	}, query, since)
	if err != nil {
		return nil, fmt.Errorf("read who read: %w", err)
	}
	return readers, nil
}
