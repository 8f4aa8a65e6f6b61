-- What version 5 of the tables made of a store of version 4, with rows. It stays as it is, whatever comes after.

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  password TEXT NOT NULL,
  grants TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_ins (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL,
  who TEXT NOT NULL,
  grants TEXT NOT NULL,
  began INTEGER NOT NULL,
  used INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ins_of_account ON sign_ins (account);
CREATE INDEX sign_ins_by_end ON sign_ins (until);

CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  grants TEXT NOT NULL,
  made_by TEXT NOT NULL,
  created INTEGER NOT NULL,
  until INTEGER,
  revoked INTEGER
) STRICT;
CREATE INDEX tokens_by_time ON tokens (created DESC, id DESC);

CREATE TABLE attempts (
  id TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_time ON attempts (last);

INSERT INTO users VALUES ('ada', '$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA', '{"shop":"admin"}', 0, 1700000100000000000, 1700000100000000000);
INSERT INTO tokens VALUES ('tok-1', 'ci', 'abc', '{"shop":"viewer"}', 'ada', 1700000110000000000, NULL, NULL);
