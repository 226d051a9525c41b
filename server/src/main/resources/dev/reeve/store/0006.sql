-- People who sign in. `roles` has one a line; `agents` is empty for all of the record, else one name a line; `password` is Argon2id as a
-- PHC string; `invite` is the keyed hash of the one link that sets a password.
CREATE TABLE accounts (
  name TEXT NOT NULL PRIMARY KEY,
  roles TEXT NOT NULL,
  agents TEXT NOT NULL,
  password TEXT,
  invite BYTEA,
  invite_expires BIGINT,
  created BIGINT NOT NULL,
  removed BIGINT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
