-- +goose Up

-- What is told of many days is counted by day beside what is counted by feed: ten thousand feeds have two million rows in
-- five weeks. answers and readers are of feeds only from now on.
CREATE TABLE answer_days (
    day      BIGINT NOT NULL,
    code     BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    sent     BIGINT NOT NULL,
    saved    BIGINT NOT NULL,
    PRIMARY KEY (day, code)
);
INSERT INTO answer_days (day, code, requests, sent, saved)
    SELECT day, code, sum(requests), sum(sent), sum(saved) FROM answers GROUP BY day, code;
DELETE FROM answers WHERE feed = '';

-- Of a service, number is that of all feeds together, and of a client that of the program's.
CREATE TABLE reader_days (
    day    BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (day, kind, name)
);
INSERT INTO reader_days (day, kind, name, number)
    SELECT day, kind, name, sum(number) FROM readers WHERE kind = 'service' OR feed = '' GROUP BY day, kind, name;
DELETE FROM readers WHERE feed = '';
