-- A store as version 1 of the tables made it, with a row in each. It stays as it is, whatever comes after.

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

INSERT INTO incidents VALUES ('inc-1', 'shop', 'Checkout が遅い', 'resolved', 'high', 'service/checkout', 'p99-high', 1700000000000000001, 1700000060000000000, 1700000120000000000, 1, 0, 'inv-1', 4);
INSERT INTO incidents VALUES ('inc-2', 'shop', 'Disk', 'open', 'unknown', '', '', 1700000001000000000, 1700000001000000000, NULL, 0, 0, '', 1);
INSERT INTO deliveries VALUES ('dlv-1', 'shop', 'pager', 'k1', 1700000000000000000, '\x7b2261223a317d', '');
INSERT INTO alarms VALUES ('alm-1', 'shop', 'pager', 'alertmanager', 'k1', 'firing', 'high', 'p99-high', 'service/checkout', '', 'eu-west-1', 'latency', 'slow', 'https://example.com/1', 1699999940000000000, 1700000000000000000, '{"team":"a\\\\\\\\b"}', 'proceed', 'inc-1', '', 'new', '新規', 0, 'dlv-1');
INSERT INTO investigations VALUES ('inv-1', 'inc-1', 'shop', 'done', 'p99-high', 0, '', '', 1699999900000000000, 1700000000000000000, 'eu-west-1', 1, 1700000000000000000, 1700000001000000000, 1700000009000000000, 'root_cause', 'The disk is full', 'ディスクが満杯', 'database/orders', 'storage-full', 0.9, '', '', 3, 'worker-1', 1700000010000000000);
INSERT INTO investigations VALUES ('inv-2', 'inc-2', 'shop', 'running', '', 1, '', '', NULL, NULL, '', 1, 1700000002000000000, 1700000003000000000, NULL, '', '', '', '', '', 0.0, '', '', 2, 'worker-1', 1700000010000000000);
INSERT INTO journal VALUES ('inv-1', 1, 1700000001000000000, 'planning', 'plan', '計画', '{}');
INSERT INTO documents VALUES ('inv-1', 'report', 'application/json', '\x7b7d');
INSERT INTO feedback VALUES ('fbk-1', 'inv-1', 'shop', 'storage-full', 0.9, 'right', 1, '', 'sato', 1700000100000000000);
INSERT INTO answers VALUES ('POST /incidents', 'k', '\x7b7d', 1700086400000000000);
INSERT INTO outbox VALUES ('msg-1', 'slack', 'inc-1/opened', '{}', 2, 1700000005000000000, 'inc-1', 0);
INSERT INTO audit VALUES (1, 1700000000000000000, 'sato', 'space.create', 'shop', '{}', 'HASH');
