-- Who may come in: users with the hashes of their passwords, who is signed in, tokens of programs, and tries that failed.

CREATE TABLE users (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  password TEXT COLLATE "C" NOT NULL,
  grants TEXT COLLATE "C" NOT NULL,
  disabled BIGINT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL
);

CREATE TABLE sign_ins (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  account TEXT COLLATE "C" NOT NULL,
  who TEXT COLLATE "C" NOT NULL,
  grants TEXT COLLATE "C" NOT NULL,
  began BIGINT NOT NULL,
  used BIGINT NOT NULL,
  until BIGINT NOT NULL
);
CREATE INDEX sign_ins_of_account ON sign_ins (account);
CREATE INDEX sign_ins_by_end ON sign_ins (until);

CREATE TABLE tokens (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
  grants TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  until BIGINT,
  revoked BIGINT
);
CREATE INDEX tokens_by_time ON tokens (created DESC, id DESC);

CREATE TABLE attempts (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  count BIGINT NOT NULL,
  last BIGINT NOT NULL
);
CREATE INDEX attempts_by_time ON attempts (last);
