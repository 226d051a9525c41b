-- Who made the token of a person, and who agreed.
CREATE TABLE token_makers (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  seconded TEXT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
