-- What version 4 of the tables made of a store of version 3, with a row. It stays as it is, whatever comes after.

CREATE TABLE turns (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL
);

-- When an alarm that was skipped is decided again, where it still fires.
ALTER TABLE alarms ADD COLUMN again BIGINT;
CREATE INDEX alarms_again ON alarms (again, id) WHERE again IS NOT NULL;

INSERT INTO turns VALUES ('polling shop', 'host/1/a', 1700000130000000000, '{}');
