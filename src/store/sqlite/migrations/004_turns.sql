-- Who looks for something at regular times, of all processes that share the store, and how far it is.

CREATE TABLE turns (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;

-- When an alarm that was skipped is decided again, where it still fires.
ALTER TABLE alarms ADD COLUMN again INTEGER;
CREATE INDEX alarms_again ON alarms (again, id) WHERE again IS NOT NULL;
