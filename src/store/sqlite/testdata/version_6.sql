-- What version 6 of the tables made of a store of version 5, with a row. It stays as it is, whatever comes after.

ALTER TABLE investigations ADD COLUMN trace_parent TEXT NOT NULL DEFAULT '';

DROP INDEX alarms_again;
CREATE INDEX alarms_again ON alarms (space, again, id) WHERE again IS NOT NULL;
CREATE INDEX alarms_decided ON alarms (space, decision, received DESC, id DESC);
CREATE INDEX outbox_in_state ON outbox (space, state, created DESC, id DESC);
CREATE INDEX outbox_to ON outbox (space, target, created DESC, id DESC);

UPDATE investigations SET trace_parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' WHERE id = 'inv-1';
