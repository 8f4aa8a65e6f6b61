-- Who may come in: users with the hashes of their passwords, who is signed in, tokens of programs, and tries that failed.

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
