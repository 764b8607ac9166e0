package store

import (
	"reflect"
	"testing"
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
