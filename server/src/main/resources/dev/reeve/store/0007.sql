-- What people gave agents for a time; the body is JSON.
CREATE TABLE grants (
  id TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
