-- One text for SQLite and PostgreSQL: TEXT, BIGINT, BYTEA; our own ids; times in microseconds since 1970.
-- Every row has a version. Rows with a mac grant something: the mac covers all other columns (rule R29).
CREATE TABLE store_state (
  id BIGINT NOT NULL PRIMARY KEY,
  store_id TEXT NOT NULL,
  generation BIGINT NOT NULL,
  seal BYTEA NOT NULL,
  mac BYTEA NOT NULL
);
CREATE TABLE agents (
  tenant TEXT NOT NULL,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  owner TEXT,
  attributes TEXT NOT NULL,
  state TEXT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (tenant, name)
);
CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL,
  agent TEXT NOT NULL,
  hash BYTEA NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT,
  replaced_by TEXT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
CREATE TABLE connectors (
  id TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL,
  agent TEXT NOT NULL,
  os_user BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  created BIGINT NOT NULL,
  revoked BIGINT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
CREATE TABLE admin_tokens (
  id TEXT NOT NULL PRIMARY KEY,
  person TEXT NOT NULL,
  hash BYTEA NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
CREATE TABLE pins (
  tenant TEXT NOT NULL,
  upstream TEXT NOT NULL,
  name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  definition TEXT NOT NULL,
  state TEXT NOT NULL,
  drift TEXT,
  decided_by TEXT,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (tenant, upstream, name)
);
CREATE TABLE session_tags (
  tenant TEXT NOT NULL,
  agent TEXT NOT NULL,
  instance TEXT NOT NULL,
  tag TEXT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (tenant, agent, instance, tag)
);
CREATE TABLE high_water (
  node TEXT NOT NULL PRIMARY KEY,
  mark BIGINT NOT NULL,
  version BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
CREATE TABLE activity (
  instance TEXT NOT NULL PRIMARY KEY,
  tenant TEXT NOT NULL,
  agent TEXT NOT NULL,
  last_seen BIGINT NOT NULL,
  version BIGINT NOT NULL
);
