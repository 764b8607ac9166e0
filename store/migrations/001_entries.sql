-- Times are microseconds since 1970 UTC; NULL is none.

-- +goose Up

-- seq is the sequence number of the last change, mark the one up to which the publisher has seen the changes.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO counters (name, value) VALUES ('seq', 0);
INSERT INTO counters (name, value) VALUES ('mark', 0);

-- status is the source's own word, draft or published; a withdrawal stands beside it, so that restoring knows it.
-- listed is 0 for what no feed may hold, a draft that is not withdrawn. shown is 1 once a published feed held it.
-- unmade is the article's own text where content and perhaps summary are still to be made of it, as S2 packs it.
-- What queries test stands before the long columns: SQLite reads a row from its front.
CREATE TABLE entries (
    id           TEXT PRIMARY KEY,
    seq          BIGINT NOT NULL,
    visible_from BIGINT NOT NULL,
    listed       BIGINT NOT NULL,
    shown        BIGINT NOT NULL,
    expiry       BIGINT,
    withdrawn    BIGINT,
    status       TEXT NOT NULL,
    published    BIGINT NOT NULL,
    dated        BIGINT NOT NULL,
    updated      BIGINT NOT NULL,
    first_seen   BIGINT NOT NULL,
    embargo      BIGINT,
    source       TEXT NOT NULL,
    key          TEXT NOT NULL,
    guid         TEXT NOT NULL,
    url          TEXT NOT NULL,
    slug         TEXT NOT NULL,
    raw          TEXT NOT NULL,
    language     TEXT NOT NULL,
    title        TEXT NOT NULL,
    note         TEXT NOT NULL,
    authors      TEXT NOT NULL,
    tags         TEXT NOT NULL,
    image        TEXT NOT NULL,
    enclosures   TEXT NOT NULL,
    details      TEXT NOT NULL,
    summary      TEXT NOT NULL,
    content      TEXT NOT NULL,
    unmade       BLOB NOT NULL,
    UNIQUE (source, key)
);
-- It holds all that an archive's plan asks of a month's entries, so that their rows, a page each, need not be read. It is read
-- from its end, and written there too where articles come in the order of their dates, which leaves its pages full.
CREATE INDEX entries_by_date ON entries (visible_from, id DESC, seq, listed, withdrawn, expiry, shown);
CREATE UNIQUE INDEX entries_by_seq ON entries (seq);
CREATE INDEX entries_by_url ON entries (url);
CREATE INDEX entries_by_guid ON entries (guid) WHERE guid <> '';
-- A digest's beginning tells it apart as well as all of it, and takes a fifth of the pages.
CREATE INDEX entries_by_raw ON entries (substr(raw, 1, 8));
CREATE INDEX entries_by_slug ON entries (slug) WHERE slug <> '';
CREATE INDEX entries_untold ON entries (id) WHERE shown = 1 AND (dated = 0 OR updated <> published OR withdrawn IS NOT NULL
    OR substr(id, length(id) - length(key) + 1) <> key);
CREATE INDEX entries_by_expiry ON entries (expiry) WHERE expiry IS NOT NULL;
CREATE INDEX entries_by_withdrawal ON entries (withdrawn) WHERE withdrawn IS NOT NULL;

-- The kinds of facets that are kept below: those that somebody asked for, and whole once the lines of all entries are there.
CREATE TABLE kinds (
    kind  TEXT PRIMARY KEY,
    whole BIGINT NOT NULL
);

-- The facets of listed entries: tags, authors, the language, the source. value is folded, label as the article spells
-- it. An entry that names no language has the empty one. The table is its own index, and the only one: an entry's lines are
-- found by what its row says. It is read from its end, as entries_by_date.
CREATE TABLE entry_facets (
    kind         TEXT NOT NULL,
    value        TEXT NOT NULL,
    visible_from BIGINT NOT NULL,
    entry        TEXT NOT NULL,
    label        TEXT NOT NULL,
    PRIMARY KEY (kind, value, visible_from, entry DESC)
) WITHOUT ROWID;

-- Every facet ever seen, and its first spelling; name, once given, is its feed's name for good.
CREATE TABLE facets (
    kind  TEXT NOT NULL,
    value TEXT NOT NULL,
    label TEXT NOT NULL,
    name  TEXT,
    PRIMARY KEY (kind, value),
    UNIQUE (kind, name)
);

-- In which month, 202603, of each facet something changed last; the empty facet is of all entries.
CREATE TABLE months (
    kind  TEXT NOT NULL,
    value TEXT NOT NULL,
    month BIGINT NOT NULL,
    seq   BIGINT NOT NULL,
    PRIMARY KEY (kind, value, month)
);

-- What entries that are not in the store yet were published as: see Adopt.
CREATE TABLE adopted (
    id          TEXT PRIMARY KEY,
    source      TEXT NOT NULL,
    key         TEXT NOT NULL,
    url         TEXT NOT NULL,
    published   BIGINT,
    updated     BIGINT,
    withdrawn   BIGINT,
    note        TEXT NOT NULL,
    raw         TEXT NOT NULL,
    significant TEXT NOT NULL,
    address     TEXT NOT NULL -- what the URL has in common with others of the same page
);
CREATE INDEX adopted_by_address ON adopted (address);
CREATE INDEX adopted_by_key ON adopted (source, key);
CREATE INDEX adopted_by_raw ON adopted (substr(raw, 1, 8));
CREATE INDEX adopted_by_url ON adopted (url);

CREATE TABLE feeds (
    name        TEXT PRIMARY KEY,
    config      TEXT NOT NULL,
    dirty       BIGINT NOT NULL,
    next_change BIGINT,
    updated     BIGINT,
    last_run    BIGINT,
    last_change BIGINT,
    result      TEXT NOT NULL,
    entries     BIGINT NOT NULL,
    published   BIGINT NOT NULL
);

-- The files of sources as they were when they were read last: what is as it was then need not be read. They fall into slots,
-- so that not all have to be looked at.
CREATE TABLE files (
    source   TEXT NOT NULL,
    slot     BIGINT NOT NULL,
    key      TEXT NOT NULL,
    size     BIGINT NOT NULL,
    modified BIGINT NOT NULL, -- nanoseconds since 1970, as is the next
    changed  BIGINT NOT NULL, -- with anything of the file, its times too; 0 where the system does not tell
    PRIMARY KEY (source, slot, key)
) WITHOUT ROWID;

-- The enclosures whose length or type their source does not tell, and what was found out of their files. file lies below
-- the source's folder; the server is asked at the moment again, or never; told is the length that the source does tell.
CREATE TABLE untold (
    entry  TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    url    TEXT NOT NULL,
    source TEXT NOT NULL,
    file   TEXT NOT NULL,
    told   BIGINT NOT NULL,
    again  BIGINT,
    PRIMARY KEY (entry, url)
);
CREATE INDEX untold_by_moment ON untold (again);
CREATE INDEX untold_by_url ON untold (url);
CREATE INDEX untold_in_files ON untold (url) WHERE file <> '';
CREATE TABLE probes (
    url      TEXT PRIMARY KEY,
    length   BIGINT NOT NULL,
    type     TEXT NOT NULL,
    failures BIGINT NOT NULL
);

-- Each feed's archive: up to which change and moment it was made, and its documents.
CREATE TABLE archives (
    feed TEXT PRIMARY KEY,
    seq  BIGINT NOT NULL,
    made BIGINT
);
CREATE TABLE archive_parts (
    feed   TEXT NOT NULL,
    month  BIGINT NOT NULL,
    part   BIGINT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (feed, month, part)
);

-- The window of each feed as it was last published.
CREATE TABLE feed_entries (
    feed     TEXT NOT NULL REFERENCES feeds (name) ON DELETE CASCADE,
    entry    TEXT NOT NULL REFERENCES entries (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (feed, entry)
);
CREATE INDEX feed_entries_by_entry ON feed_entries (entry);

-- Why an entry is no longer in a window that once held it.
CREATE TABLE departures (
    entry   TEXT NOT NULL REFERENCES entries (id),
    feed    TEXT NOT NULL REFERENCES feeds (name) ON DELETE CASCADE,
    reason  TEXT NOT NULL,
    left_at BIGINT NOT NULL,
    PRIMARY KEY (entry, feed)
);
CREATE INDEX departures_by_feed ON departures (feed);

CREATE TABLE jobs (
    name     TEXT PRIMARY KEY,
    last_run BIGINT NOT NULL
);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
