-- What became of each message of the outbox, and where it belongs.

CREATE TABLE outbox_before AS SELECT * FROM outbox;
DROP TABLE outbox;

CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due INTEGER NOT NULL,
  incident TEXT REFERENCES incidents (id) ON DELETE CASCADE,
  space TEXT NOT NULL,
  created INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  receipt TEXT NOT NULL,
  UNIQUE (target, key)
) STRICT;
CREATE INDEX outbox_due ON outbox (due, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_ended ON outbox (space, due) WHERE state IN ('sent', 'failed', 'unknown');
CREATE INDEX outbox_of_space ON outbox (space, created DESC, id DESC);
CREATE INDEX outbox_by_time ON outbox (created DESC, id DESC);
CREATE INDEX outbox_of_incident ON outbox (incident, created, id) WHERE incident IS NOT NULL;

INSERT INTO outbox
  SELECT o.id, o.target, o.key, o.body, o.attempts, o.due, o.incident, COALESCE(i.space, ''), o.due,
    CASE o.sent WHEN 1 THEN 'sent' ELSE 'waiting' END, '', ''
  FROM outbox_before o LEFT JOIN incidents i ON i.id = o.incident;
DROP TABLE outbox_before;
