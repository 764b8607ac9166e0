-- +goose Up

-- How requests were answered, by day (20260301, UTC). feed is empty for what is no feed's, and in days long past for all
-- feeds together; format is empty then too. sent and saved are bytes.
CREATE TABLE answers (
    day      BIGINT NOT NULL,
    feed     TEXT NOT NULL,
    format   TEXT NOT NULL,
    code     BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    sent     BIGINT NOT NULL,
    saved    BIGINT NOT NULL,
    PRIMARY KEY (day, feed, format, code)
);

-- Who reads, by day. kind is service: name is a service's, id the feed's there, and number what the service said last; or
-- client: a feed's clients that are no service's, or, where feed is empty, all of those of the program that name is.
CREATE TABLE readers (
    day    BIGINT NOT NULL,
    feed   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    id     TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (day, feed, kind, name, id)
);
