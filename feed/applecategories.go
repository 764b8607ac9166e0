package feed

import (
	"maps"
	"slices"
)

// appleCategories are the categories of Apple Podcasts and their subcategories
// (https://podcasters.apple.com/support/1691-apple-podcasts-categories).
var appleCategories = map[string][]string{
	"Arts":                    {"Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"},
	"Business":                {"Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"},
	"Comedy":                  {"Comedy Interviews", "Improv", "Stand-Up"},
	"Education":               {"Courses", "How To", "Language Learning", "Self-Improvement"},
	"Fiction":                 {"Comedy Fiction", "Drama", "Science Fiction"},
	"Government":              nil,
	"Health & Fitness":        {"Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"},
	"History":                 nil,
	"Kids & Family":           {"Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"},
	"Leisure":                 {"Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"},
	"Music":                   {"Music Commentary", "Music History", "Music Interviews"},
	"News":                    {"Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"},
	"Religion & Spirituality": {"Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"},
	"Science": {"Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature",
		"Physics", "Social Sciences"},
	"Society & Culture": {"Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"},
	"Sports": {"Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer",
		"Swimming", "Tennis", "Volleyball", "Wilderness", "Wrestling"},
	"Technology": nil,
	"True Crime": nil,
	"TV & Film":  {"After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"},
}

// AppleCategories are the names of the categories of Apple Podcasts, in order.
func AppleCategories() []string { return slices.Sorted(maps.Keys(appleCategories)) }

// AppleSubcategories are those of one category, in order; none for what is no category.
func AppleSubcategories(category string) []string { return appleCategories[category] }

// isApples says whether Apple Podcasts knows the category.
func (c PodcastCategory) isApples() bool {
	subs, ok := appleCategories[c.Name]
	return ok && (c.Sub == "" || slices.Contains(subs, c.Sub))
}
