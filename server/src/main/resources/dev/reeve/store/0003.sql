-- Which policy was in force from when on, who changed it and who agreed; `record` is the number of the record that holds its files.
CREATE TABLE policy_versions (
  number BIGINT NOT NULL PRIMARY KEY,
  policy TEXT NOT NULL,
  since BIGINT NOT NULL,
  person TEXT NOT NULL,
  seconded TEXT,
  record BIGINT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
