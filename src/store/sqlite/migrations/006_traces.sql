-- The trace in which an alarm was sent, and indexes of what is seldom among much.

ALTER TABLE investigations ADD COLUMN trace_parent TEXT NOT NULL DEFAULT '';

DROP INDEX alarms_again;
CREATE INDEX alarms_again ON alarms (space, again, id) WHERE again IS NOT NULL;
CREATE INDEX alarms_decided ON alarms (space, decision, received DESC, id DESC);
CREATE INDEX outbox_in_state ON outbox (space, state, created DESC, id DESC);
CREATE INDEX outbox_to ON outbox (space, target, created DESC, id DESC);
