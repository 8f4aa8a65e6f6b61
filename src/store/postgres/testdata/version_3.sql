-- What version 3 of the tables made of a store of version 2, with a row. It stays as it is, whatever comes after.

CREATE TABLE outbox_before AS SELECT * FROM outbox;
DROP TABLE outbox;

CREATE TABLE outbox (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  target TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  attempts BIGINT NOT NULL,
  due BIGINT NOT NULL,
  incident TEXT COLLATE "C" REFERENCES incidents (id) ON DELETE CASCADE,
  space TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  receipt TEXT COLLATE "C" NOT NULL,
  UNIQUE (target, key)
);
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

INSERT INTO outbox VALUES ('msg-2', 'slack', 'inc-1/resolved', '', 1, 1700000125000000000, 'inc-1', 'shop', 1700000121000000000, 'sent', '', '1700000125.000100');
