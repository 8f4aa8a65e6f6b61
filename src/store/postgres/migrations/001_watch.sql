-- Times are nanoseconds since 1970-01-01T00:00:00Z. A text that nobody told is empty; NULL is only where it refers to nothing. A text is a byte
-- text (byte_text.h): NUL and what is no UTF-8 are "\x00" and the like, a backslash is two.

CREATE TABLE incidents (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  space TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  severity TEXT COLLATE "C" NOT NULL,
  entity TEXT COLLATE "C" NOT NULL,
  alarm TEXT COLLATE "C" NOT NULL,
  opened BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  resolved BIGINT,
  alarms BIGINT NOT NULL,
  firing BIGINT NOT NULL,
  investigation TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX incidents_of_space ON incidents (space, opened DESC, id DESC);
CREATE INDEX incidents_by_time ON incidents (opened DESC, id DESC);
CREATE INDEX incidents_open ON incidents (space, opened DESC, id DESC) WHERE status = 'open';
CREATE INDEX incidents_resolved ON incidents (space, resolved, id) WHERE status = 'resolved';

CREATE TABLE deliveries (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  space TEXT COLLATE "C" NOT NULL,
  sender TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  received BIGINT NOT NULL,
  body BYTEA NOT NULL,
  note TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX deliveries_once ON deliveries (space, sender, key) WHERE key <> '';
CREATE INDEX deliveries_of_space ON deliveries (space, received DESC, id DESC);

CREATE TABLE alarms (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  space TEXT COLLATE "C" NOT NULL,
  sender TEXT COLLATE "C" NOT NULL,
  dialect TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  severity TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  entity TEXT COLLATE "C" NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  region TEXT COLLATE "C" NOT NULL,
  metric TEXT COLLATE "C" NOT NULL,
  summary TEXT COLLATE "C" NOT NULL,
  link TEXT COLLATE "C" NOT NULL,
  since BIGINT NOT NULL,
  received BIGINT NOT NULL,
  labels TEXT COLLATE "C" NOT NULL,
  decision TEXT COLLATE "C" NOT NULL,
  incident TEXT COLLATE "C" REFERENCES incidents (id) ON DELETE CASCADE,
  rule TEXT COLLATE "C" NOT NULL,
  reason_en TEXT COLLATE "C" NOT NULL,
  reason_ja TEXT COLLATE "C" NOT NULL,
  by_person BIGINT NOT NULL,
  delivery TEXT COLLATE "C" NOT NULL
);
CREATE INDEX alarms_of_space ON alarms (space, received DESC, id DESC);
CREATE INDEX alarms_by_time ON alarms (received DESC, id DESC);
CREATE INDEX alarms_by_key ON alarms (space, sender, key, received DESC, id DESC);
CREATE INDEX alarms_of_incident ON alarms (incident, received, id) WHERE incident IS NOT NULL;
CREATE INDEX alarms_of_delivery ON alarms (delivery);

CREATE TABLE investigations (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  incident TEXT COLLATE "C" NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
  space TEXT COLLATE "C" NOT NULL,
  status TEXT COLLATE "C" NOT NULL,
  start_alarm TEXT COLLATE "C" NOT NULL,
  start_latest BIGINT NOT NULL,
  start_entity TEXT COLLATE "C" NOT NULL,
  start_question TEXT COLLATE "C" NOT NULL,
  start_from BIGINT,
  start_until BIGINT,
  start_region TEXT COLLATE "C" NOT NULL,
  attempt BIGINT NOT NULL,
  requested BIGINT NOT NULL,
  started BIGINT,
  ended BIGINT,
  outcome TEXT COLLATE "C" NOT NULL,
  headline_en TEXT COLLATE "C" NOT NULL,
  headline_ja TEXT COLLATE "C" NOT NULL,
  entity TEXT COLLATE "C" NOT NULL,
  mode TEXT COLLATE "C" NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  failure_en TEXT COLLATE "C" NOT NULL,
  failure_ja TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  lease_worker TEXT COLLATE "C" NOT NULL DEFAULT '',
  lease_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX investigations_of_incident ON investigations (incident, requested, id);
CREATE INDEX investigations_active ON investigations (requested, id) WHERE status IN ('queued', 'running');

CREATE TABLE journal (
  investigation TEXT COLLATE "C" NOT NULL REFERENCES investigations (id) ON DELETE CASCADE,
  sequence BIGINT NOT NULL,
  time BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  what_en TEXT COLLATE "C" NOT NULL,
  what_ja TEXT COLLATE "C" NOT NULL,
  data TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (investigation, sequence)
);

CREATE TABLE documents (
  investigation TEXT COLLATE "C" NOT NULL REFERENCES investigations (id) ON DELETE CASCADE,
  name TEXT COLLATE "C" NOT NULL,
  media_type TEXT COLLATE "C" NOT NULL,
  body BYTEA NOT NULL,
  PRIMARY KEY (investigation, name)
);

CREATE TABLE feedback (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  investigation TEXT COLLATE "C" NOT NULL REFERENCES investigations (id) ON DELETE CASCADE,
  space TEXT COLLATE "C" NOT NULL,
  mode TEXT COLLATE "C" NOT NULL,
  probability DOUBLE PRECISION NOT NULL,
  judgement TEXT COLLATE "C" NOT NULL,
  mitigation_helped BIGINT,
  actual TEXT COLLATE "C" NOT NULL,
  given_by TEXT COLLATE "C" NOT NULL,
  time BIGINT NOT NULL
);
CREATE INDEX feedback_of_investigation ON feedback (investigation);
CREATE INDEX feedback_of_space ON feedback (space, time, id);

CREATE TABLE answers (
  scope TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  answer BYTEA NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (scope, key)
);
CREATE INDEX answers_by_end ON answers (until);

CREATE TABLE outbox (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  target TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  attempts BIGINT NOT NULL,
  due BIGINT NOT NULL,
  incident TEXT COLLATE "C" REFERENCES incidents (id) ON DELETE CASCADE,
  sent BIGINT NOT NULL DEFAULT 0,
  UNIQUE (target, key)
);
CREATE INDEX outbox_due ON outbox (due, id) WHERE sent = 0;
CREATE INDEX outbox_sent ON outbox (due) WHERE sent = 1;
CREATE INDEX outbox_of_incident ON outbox (incident) WHERE incident IS NOT NULL;

CREATE TABLE audit (
  sequence BIGINT NOT NULL PRIMARY KEY,
  time BIGINT NOT NULL,
  who TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  object TEXT COLLATE "C" NOT NULL,
  details TEXT COLLATE "C" NOT NULL,
  hash TEXT COLLATE "C" NOT NULL
);
