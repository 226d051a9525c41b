-- What stands behind the tokens that agents got; the body is JSON, and the value in it is encrypted.
CREATE TABLE tokens (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
