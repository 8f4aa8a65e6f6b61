-- What version 5 of the tables made of a store of version 4, with rows. It stays as it is, whatever comes after.

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

INSERT INTO users VALUES ('ada', '$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA', '{"shop":"admin"}', 0, 1700000100000000000, 1700000100000000000);
INSERT INTO tokens VALUES ('tok-1', 'ci', 'abc', '{"shop":"viewer"}', 'ada', 1700000110000000000, NULL, NULL);
