package store

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/pressly/goose/v3"
)

func testAudience(t *testing.T, s *Store) {
	ctx, today := t.Context(), DayOf(start)
	yesterday := today.Add(-1)
	if today != 20260301 || yesterday != 20260228 {
		t.Fatalf("days: got %d, %d", today, yesterday)
	}
	for range 2 { // answers add up, what services say does not
		err := s.SaveAudience(ctx,
			[]Answers{{yesterday, "news", "rss", 200, 1, 100, 10}, {today, "news", "rss", 304, 2, 0, 200}, {today, "", "page", 200, 1, 5, 0}, {today, "sea", "atom", 200, 1, 7, 0}},
			[]Readers{{today, "news", Service, "Feedbin", "1", 12}, {today, "news", Service, "Feedbin", "2", 3}, {yesterday, "sea", Service, "Feedbin", "3", 5},
				{today, "news", Client, "", "", 4}, {today, "", Client, "newsboat", "", 4}})
		if err != nil {
			t.Fatal(err)
		}
	}
	err := s.SaveAudience(ctx, nil, []Readers{{today, "news", Service, "Feedbin", "1", 11}, {today, "news", Client, "", "", 2}, {today, "", Client, "newsboat", "", 5}})
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, got any, err error, want any) {
		t.Helper()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, %v, want %v", what, got, err, want)
		}
	}
	byDay := []Answers{{yesterday, "", "", 200, 2, 200, 20}, {today, "", "", 200, 4, 24, 0}, {today, "", "", 304, 4, 0, 400}}
	readersByDay := []Readers{{yesterday, "", Service, "Feedbin", "", 5}, {today, "", Client, "newsboat", "", 5}, {today, "", Service, "Feedbin", "", 14}}
	answers, err := s.AnswersByDay(ctx, yesterday)
	check("answers by day", answers, err, byDay)
	answers, err = s.AnswersByFeed(ctx, today)
	check("answers by feed", answers, err, []Answers{{today, "news", "", 304, 4, 0, 400}, {today, "sea", "", 200, 2, 14, 0}})
	readers, err := s.ReadersByDay(ctx, yesterday)
	check("readers by day", readers, err, readersByDay)
	readers, err = s.ReadersByFeed(ctx, today)
	check("readers by feed", readers, err, []Readers{{today, "news", Client, "", "", 4}, {today, "news", Service, "Feedbin", "1", 11}, {today, "news", Service, "Feedbin", "2", 3}})

	// Thinned, what all feeds have together stays, however often.
	for range 2 {
		if err := s.ThinAudience(ctx, today.Add(1), yesterday); err != nil {
			t.Fatal(err)
		}
	}
	answers, err = s.AnswersByDay(ctx, yesterday)
	check("thinned answers", answers, err, byDay)
	readers, err = s.ReadersByDay(ctx, yesterday)
	check("thinned readers", readers, err, readersByDay)
	readers, err = s.ReadersByFeed(ctx, yesterday)
	check("thinned readers by feed", readers, err, []Readers(nil))
	if err := s.ThinAudience(ctx, today, today); err != nil {
		t.Fatal(err)
	}
	answers, err = s.AnswersByDay(ctx, yesterday)
	check("what is left", answers, err, byDay[1:])
}

// What a store of before the sums by day holds, of feeds and thinned out, is summed up once.
func TestAudienceOfAnOlderStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `
		INSERT INTO answers VALUES (20260301, 'news', 'rss', 200, 5, 50, 1), (20260301, 'sea', 'atom', 200, 2, 20, 0), (20260301, '', '', 404, 9, 90, 0),
			(20250101, '', '', 200, 70, 700, 7);
		INSERT INTO readers VALUES (20260301, 'news', 'service', 'Feedbin', '1', 12), (20260301, 'sea', 'service', 'Feedbin', '2', 3),
			(20260301, 'news', 'client', '', '', 4), (20260301, '', 'client', 'newsboat', '', 4), (20250101, '', 'service', 'Feedbin', '', 8)`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	s := openFile(t, path)
	if err := s.SaveAudience(t.Context(), []Answers{{20260301, "news", "rss", 200, 1, 10, 0}}, []Readers{{20260301, "news", Service, "Feedbin", "1", 13}}); err != nil {
		t.Fatal(err)
	}
	answers, err := s.AnswersByDay(t.Context(), 20250101)
	if want := []Answers{{20250101, "", "", 200, 70, 700, 7}, {20260301, "", "", 200, 8, 80, 1}, {20260301, "", "", 404, 9, 90, 0}}; err != nil || !reflect.DeepEqual(answers, want) {
		t.Errorf("answers: got %v, %v, want %v", answers, err, want)
	}
	readers, err := s.ReadersByDay(t.Context(), 20250101)
	if want := []Readers{{20250101, "", Service, "Feedbin", "", 8}, {20260301, "", Client, "newsboat", "", 4}, {20260301, "", Service, "Feedbin", "", 16}}; err != nil || !reflect.DeepEqual(readers, want) {
		t.Errorf("readers: got %v, %v, want %v", readers, err, want)
	}
	byFeed, err := s.ReadersByFeed(t.Context(), 20250101)
	if err != nil || len(byFeed) != 3 {
		t.Errorf("readers by feed: got %v, %v", byFeed, err)
	}
}
