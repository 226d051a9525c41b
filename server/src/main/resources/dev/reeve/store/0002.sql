-- Tokens that may read the record and nothing else; `agents` is empty for all of it, else one name a line.
CREATE TABLE auditor_tokens (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  agents TEXT NOT NULL,
  hash BYTEA NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
