package store

import (
	"context"
	"fmt"
	"strings"

	"feedpub/feed"
)

// claim gives a new article its ID: the one that it brings, unless that is another article's, living or withdrawn.
// Two articles may mint one ID from one key: a.md is moved to b.md, which keeps the ID, and a new a.md is written. The
// later one gets "~2" added, "~3" and so on. An ID that the source itself gave cannot be altered: then the article is
// refused, for readers would take the two for one.
func (t *tx) claim(ctx context.Context, e *feed.Entry) (id string, refusal, err error) {
	holder, err := t.holder(ctx, e.ID)
	if err != nil || holder == "" {
		return e.ID, nil, err
	}
	if !minted(e) {
		return "", fmt.Errorf("id %q: %s/%s claims it, but it is the ID of %s",
			e.ID, e.Source, e.Key, holder), nil
	}
	for n := 2; ; n++ {
		id = fmt.Sprintf("%s~%d", e.ID, n)
		holder, err = t.holder(ctx, id)
		if err != nil || holder == "" {
			return id, nil, err
		}
	}
}

// holder is "source/key" of what has the ID, stored or adopted, or "" where it is free.
func (t *tx) holder(ctx context.Context, id string) (string, error) {
	if holder, known := t.known.holders[id]; known {
		if any, err := t.anyAdopted(ctx); holder != "" || err != nil || !any {
			return holder, err
		}
	}
	var source, key string
	found, err := t.get(ctx, []any{&source, &key}, `
		SELECT source, key FROM entries WHERE id = $1
		UNION ALL SELECT source, key FROM adopted WHERE id = $1`, id)
	if err != nil || !found {
		return "", err
	}
	return source + "/" + key, nil
}

// minted says whether the ID of a newly read article was made from its key, "tag:<authority>:<source>/<key>", and not
// from a name that the source gave it.
func minted(e *feed.Entry) bool {
	return e.GUID == "" && strings.HasPrefix(e.ID, "tag:") && strings.Contains(e.ID, ":"+e.Source+"/")
}
