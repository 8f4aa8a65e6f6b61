-- What version 4 of the tables made of a store of version 3, with a row. It stays as it is, whatever comes after.

CREATE TABLE turns (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;

-- When an alarm that was skipped is decided again, where it still fires.
ALTER TABLE alarms ADD COLUMN again INTEGER;
CREATE INDEX alarms_again ON alarms (again, id) WHERE again IS NOT NULL;

INSERT INTO turns VALUES ('polling shop', 'host/1/a', 1700000130000000000, '{}');
