-- What version 2 of the tables added to a store of version 1, with a row. It stays as it is, whatever comes after.

-- 1: it is kept whatever its age.
ALTER TABLE incidents ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

CREATE TABLE changes (
  sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  space TEXT COLLATE "C" NOT NULL
);

CREATE FUNCTION keep_few_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM changes WHERE sequence <= NEW.sequence - 10000;
  RETURN NULL;
END
$$;
CREATE TRIGGER changes_are_few AFTER INSERT ON changes FOR EACH ROW WHEN (NEW.sequence % 1000 = 0) EXECUTE FUNCTION keep_few_changes();

-- Of an incident or an investigation itself; its argument is the kind.
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO changes (kind, id, space) VALUES (TG_ARGV[0], NEW.id, NEW.space);
  RETURN NULL;
END
$$;
-- Of what belongs to an investigation.
CREATE FUNCTION note_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO changes (kind, id, space) SELECT TG_ARGV[0], id, space FROM investigations WHERE id = NEW.investigation;
  RETURN NULL;
END
$$;

CREATE TRIGGER incident_added AFTER INSERT ON incidents FOR EACH ROW EXECUTE FUNCTION note_change('incident');
CREATE TRIGGER incident_changed AFTER UPDATE ON incidents FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION note_change('incident');
CREATE TRIGGER investigation_added AFTER INSERT ON investigations FOR EACH ROW EXECUTE FUNCTION note_change('investigation');
-- A lease that is renewed changes nothing that anybody sees.
CREATE TRIGGER investigation_changed AFTER UPDATE ON investigations FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION note_change('investigation');
CREATE TRIGGER journal_added AFTER INSERT ON journal FOR EACH ROW EXECUTE FUNCTION note_part('journal');
CREATE TRIGGER report_added AFTER INSERT ON documents FOR EACH ROW WHEN (NEW.name = 'report') EXECUTE FUNCTION note_part('report');
CREATE TRIGGER report_changed AFTER UPDATE ON documents FOR EACH ROW WHEN (NEW.name = 'report') EXECUTE FUNCTION note_part('report');

INSERT INTO changes (kind, id, space) VALUES ('incident', 'inc-1', 'shop');
