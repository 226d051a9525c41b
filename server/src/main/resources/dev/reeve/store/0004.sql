-- What a person has stopped, until a person undoes it; `name` is empty for everything.
CREATE TABLE stops (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  since BIGINT NOT NULL,
  person TEXT NOT NULL,
  reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (scope, name)
);
