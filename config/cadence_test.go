package config

import (
	"testing"
	"time"

	"feedpub/feed"
)

func TestCadence(t *testing.T) {
	for schedule, want := range map[string]feed.Cadence{
		"*/5 * * * *":                     {TTL: 5 * time.Minute, Period: "hourly", Frequency: 12},
		"@hourly":                         {TTL: time.Hour, Period: "hourly", Frequency: 1},
		"0 */2 * * *":                     {TTL: 2 * time.Hour, Period: "daily", Frequency: 12},
		"0 8,20 * * *":                    {TTL: 12 * time.Hour, Period: "daily", Frequency: 2},
		"CRON_TZ=Europe/Berlin 0 6 * * *": {TTL: 24 * time.Hour, Period: "daily", Frequency: 1},
		"0 9-17 * * 1-5":                  {TTL: time.Hour, Period: "daily", Frequency: 6},
		"@weekly":                         {TTL: 7 * 24 * time.Hour, Period: "weekly", Frequency: 1},
		"0 0 1 * *":                       {TTL: 28 * 24 * time.Hour, Period: "monthly", Frequency: 1},
		"0 0 24 12 *":                     {Period: "yearly", Frequency: 1},
		"@every 10s":                      {TTL: time.Minute, Period: "hourly", Frequency: 360},
		"@every 90m":                      {TTL: 90 * time.Minute, Period: "daily", Frequency: 16},
	} {
		equal(t, schedule, mustSchedule(t, schedule).Cadence(), want)
	}
}
