-- Results that wait for people; what they say is encrypted in the body.
CREATE TABLE held_results (
  ticket TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
