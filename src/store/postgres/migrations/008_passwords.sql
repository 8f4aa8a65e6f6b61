-- Whether a password was chosen by somebody else, and must be changed before anything else. Those that are there were changed, or are known to work.

ALTER TABLE users ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0;
