-- What people are asked of single actions, and what they said; `body` is JSON.
CREATE TABLE approvals (
  ticket TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);

-- Which groups a person belongs to who administers or approves; rules name groups.
CREATE TABLE people_groups (
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (person, name)
);
