-- Tokens of people with one role that is neither administrator's nor auditor's.
CREATE TABLE person_tokens (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  hash BYTEA NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
