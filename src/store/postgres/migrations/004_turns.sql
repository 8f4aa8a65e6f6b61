-- Who looks for something at regular times, of all processes that share the store, and how far it is.

CREATE TABLE turns (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  holder TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL
);

-- When an alarm that was skipped is decided again, where it still fires.
ALTER TABLE alarms ADD COLUMN again BIGINT;
CREATE INDEX alarms_again ON alarms (again, id) WHERE again IS NOT NULL;
