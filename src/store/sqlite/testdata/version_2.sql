-- What version 2 of the tables added to a store of version 1, with a row. It stays as it is, whatever comes after.

-- 1: it is kept whatever its age.
ALTER TABLE incidents ADD COLUMN held INTEGER NOT NULL DEFAULT 0;

CREATE TABLE changes (
  sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  space TEXT NOT NULL
) STRICT;

CREATE TRIGGER changes_are_few AFTER INSERT ON changes WHEN NEW.sequence % 1000 = 0
BEGIN
  DELETE FROM changes WHERE sequence <= NEW.sequence - 10000;
END;

CREATE TRIGGER incident_added AFTER INSERT ON incidents
BEGIN
  INSERT INTO changes (kind, id, space) VALUES ('incident', NEW.id, NEW.space);
END;
CREATE TRIGGER incident_changed AFTER UPDATE ON incidents WHEN OLD.version <> NEW.version
BEGIN
  INSERT INTO changes (kind, id, space) VALUES ('incident', NEW.id, NEW.space);
END;

CREATE TRIGGER investigation_added AFTER INSERT ON investigations
BEGIN
  INSERT INTO changes (kind, id, space) VALUES ('investigation', NEW.id, NEW.space);
END;
-- A lease that is renewed changes nothing that anybody sees.
CREATE TRIGGER investigation_changed AFTER UPDATE ON investigations WHEN OLD.version <> NEW.version
BEGIN
  INSERT INTO changes (kind, id, space) VALUES ('investigation', NEW.id, NEW.space);
END;

CREATE TRIGGER journal_added AFTER INSERT ON journal
BEGIN
  INSERT INTO changes (kind, id, space) SELECT 'journal', id, space FROM investigations WHERE id = NEW.investigation;
END;

CREATE TRIGGER report_added AFTER INSERT ON documents WHEN NEW.name = 'report'
BEGIN
  INSERT INTO changes (kind, id, space) SELECT 'report', id, space FROM investigations WHERE id = NEW.investigation;
END;
CREATE TRIGGER report_changed AFTER UPDATE ON documents WHEN NEW.name = 'report'
BEGIN
  INSERT INTO changes (kind, id, space) SELECT 'report', id, space FROM investigations WHERE id = NEW.investigation;
END;

INSERT INTO changes (kind, id, space) VALUES ('incident', 'inc-1', 'shop');
