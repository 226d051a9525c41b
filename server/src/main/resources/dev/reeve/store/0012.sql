-- What one administrator asked for and another must agree to.
CREATE TABLE seconds (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
