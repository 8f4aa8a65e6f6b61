-- A store as version 1 of the tables made it, with a row in each. It stays as it is, whatever comes after.

CREATE TABLE incidents (
  id TEXT NOT NULL PRIMARY KEY,
  space TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  severity TEXT NOT NULL,
  entity TEXT NOT NULL,
  alarm TEXT NOT NULL,
  opened INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  resolved INTEGER,
  alarms INTEGER NOT NULL,
  firing INTEGER NOT NULL,
  investigation TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE INDEX incidents_of_space ON incidents (space, opened DESC, id DESC);
CREATE INDEX incidents_by_time ON incidents (opened DESC, id DESC);
CREATE INDEX incidents_open ON incidents (space, opened DESC, id DESC) WHERE status = 'open';
CREATE INDEX incidents_resolved ON incidents (space, resolved, id) WHERE status = 'resolved';

CREATE TABLE deliveries (
  id TEXT NOT NULL PRIMARY KEY,
  space TEXT NOT NULL,
  sender TEXT NOT NULL,
  key TEXT NOT NULL,
  received INTEGER NOT NULL,
  body BLOB NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX deliveries_once ON deliveries (space, sender, key) WHERE key <> '';
CREATE INDEX deliveries_of_space ON deliveries (space, received DESC, id DESC);

CREATE TABLE alarms (
  id TEXT NOT NULL PRIMARY KEY,
  space TEXT NOT NULL,
  sender TEXT NOT NULL,
  dialect TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  severity TEXT NOT NULL,
  name TEXT NOT NULL,
  entity TEXT NOT NULL,
  account TEXT NOT NULL,
  region TEXT NOT NULL,
  metric TEXT NOT NULL,
  summary TEXT NOT NULL,
  link TEXT NOT NULL,
  since INTEGER NOT NULL,
  received INTEGER NOT NULL,
  labels TEXT NOT NULL,
  decision TEXT NOT NULL,
  incident TEXT REFERENCES incidents (id) ON DELETE CASCADE,
  rule TEXT NOT NULL,
  reason_en TEXT NOT NULL,
  reason_ja TEXT NOT NULL,
  by_person INTEGER NOT NULL,
  delivery TEXT NOT NULL
) STRICT;
CREATE INDEX alarms_of_space ON alarms (space, received DESC, id DESC);
CREATE INDEX alarms_by_time ON alarms (received DESC, id DESC);
CREATE INDEX alarms_by_key ON alarms (space, sender, key, received DESC, id DESC);
CREATE INDEX alarms_of_incident ON alarms (incident, received, id) WHERE incident IS NOT NULL;
CREATE INDEX alarms_of_delivery ON alarms (delivery);

CREATE TABLE investigations (
  id TEXT NOT NULL PRIMARY KEY,
  incident TEXT NOT NULL REFERENCES incidents (id) ON DELETE CASCADE,
  space TEXT NOT NULL,
  status TEXT NOT NULL,
  start_alarm TEXT NOT NULL,
  start_latest INTEGER NOT NULL,
  start_entity TEXT NOT NULL,
  start_question TEXT NOT NULL,
  start_from INTEGER,
  start_until INTEGER,
  start_region TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  requested INTEGER NOT NULL,
  started INTEGER,
  ended INTEGER,
  outcome TEXT NOT NULL,
  headline_en TEXT NOT NULL,
  headline_ja TEXT NOT NULL,
  entity TEXT NOT NULL,
  mode TEXT NOT NULL,
  probability REAL NOT NULL,
  failure_en TEXT NOT NULL,
  failure_ja TEXT NOT NULL,
  version INTEGER NOT NULL,
  lease_worker TEXT NOT NULL DEFAULT '',
  lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX investigations_of_incident ON investigations (incident, requested, id);
CREATE INDEX investigations_active ON investigations (requested, id) WHERE status IN ('queued', 'running');

CREATE TABLE journal (
  investigation TEXT NOT NULL REFERENCES investigations (id) ON DELETE CASCADE,
  sequence INTEGER NOT NULL,
  time INTEGER NOT NULL,
  kind TEXT NOT NULL,
  what_en TEXT NOT NULL,
  what_ja TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (investigation, sequence)
) STRICT;

CREATE TABLE documents (
  investigation TEXT NOT NULL REFERENCES investigations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (investigation, name)
) STRICT;

CREATE TABLE feedback (
  id TEXT NOT NULL PRIMARY KEY,
  investigation TEXT NOT NULL REFERENCES investigations (id) ON DELETE CASCADE,
  space TEXT NOT NULL,
  mode TEXT NOT NULL,
  probability REAL NOT NULL,
  judgement TEXT NOT NULL,
  mitigation_helped INTEGER,
  actual TEXT NOT NULL,
  given_by TEXT NOT NULL,
  time INTEGER NOT NULL
) STRICT;
CREATE INDEX feedback_of_investigation ON feedback (investigation);
CREATE INDEX feedback_of_space ON feedback (space, time, id);

CREATE TABLE answers (
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  answer BLOB NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX answers_by_end ON answers (until);

CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  target TEXT NOT NULL,
  key TEXT NOT NULL,
  body TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  due INTEGER NOT NULL,
  incident TEXT REFERENCES incidents (id) ON DELETE CASCADE,
  sent INTEGER NOT NULL DEFAULT 0,
  UNIQUE (target, key)
) STRICT;
CREATE INDEX outbox_due ON outbox (due, id) WHERE sent = 0;
CREATE INDEX outbox_sent ON outbox (due) WHERE sent = 1;
CREATE INDEX outbox_of_incident ON outbox (incident) WHERE incident IS NOT NULL;

CREATE TABLE audit (
  sequence INTEGER NOT NULL PRIMARY KEY,
  time INTEGER NOT NULL,
  who TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  details TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

INSERT INTO incidents VALUES ('inc-1', 'shop', 'Checkout が遅い', 'resolved', 'high', 'service/checkout', 'p99-high', 1700000000000000001, 1700000060000000000, 1700000120000000000, 1, 0, 'inv-1', 4);
INSERT INTO incidents VALUES ('inc-2', 'shop', 'Disk', 'open', 'unknown', '', '', 1700000001000000000, 1700000001000000000, NULL, 0, 0, '', 1);
INSERT INTO deliveries VALUES ('dlv-1', 'shop', 'pager', 'k1', 1700000000000000000, X'7B2261223A317D', '');
INSERT INTO alarms VALUES ('alm-1', 'shop', 'pager', 'alertmanager', 'k1', 'firing', 'high', 'p99-high', 'service/checkout', '', 'eu-west-1', 'latency', 'slow', 'https://example.com/1', 1699999940000000000, 1700000000000000000, '{"team":"a\\\\b"}', 'proceed', 'inc-1', '', 'new', '新規', 0, 'dlv-1');
INSERT INTO investigations VALUES ('inv-1', 'inc-1', 'shop', 'done', 'p99-high', 0, '', '', 1699999900000000000, 1700000000000000000, 'eu-west-1', 1, 1700000000000000000, 1700000001000000000, 1700000009000000000, 'root_cause', 'The disk is full', 'ディスクが満杯', 'database/orders', 'storage-full', 0.9, '', '', 3, 'worker-1', 1700000010000000000);
INSERT INTO investigations VALUES ('inv-2', 'inc-2', 'shop', 'running', '', 1, '', '', NULL, NULL, '', 1, 1700000002000000000, 1700000003000000000, NULL, '', '', '', '', '', 0.0, '', '', 2, 'worker-1', 1700000010000000000);
INSERT INTO journal VALUES ('inv-1', 1, 1700000001000000000, 'planning', 'plan', '計画', '{}');
INSERT INTO documents VALUES ('inv-1', 'report', 'application/json', X'7B7D');
INSERT INTO feedback VALUES ('fbk-1', 'inv-1', 'shop', 'storage-full', 0.9, 'right', 1, '', 'sato', 1700000100000000000);
INSERT INTO answers VALUES ('POST /incidents', 'k', X'7B7D', 1700086400000000000);
INSERT INTO outbox VALUES ('msg-1', 'slack', 'inc-1/opened', '{}', 2, 1700000005000000000, 'inc-1', 0);
INSERT INTO audit VALUES (1, 1700000000000000000, 'sato', 'space.create', 'shop', '{}', 'HASH');
