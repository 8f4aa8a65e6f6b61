-- What version 8 of the tables made of a store of version 7, with a row. It stays as it is, whatever comes after.

ALTER TABLE users ADD COLUMN must_change BIGINT NOT NULL DEFAULT 0;

INSERT INTO users (id, password, grants, disabled, created, changed, must_change) VALUES ('bob', '$argon2id$', '{"shop":"viewer"}', 0, 1, 1, 1);
