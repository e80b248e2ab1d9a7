CREATE TABLE rings (
	id           TEXT PRIMARY KEY, -- a hash of the cookie
	email        TEXT NOT NULL,
	name         TEXT NOT NULL,
	home         TEXT NOT NULL, -- empty while the sign-in is in the middle
	impersonator TEXT NOT NULL,
	began        BIGINT NOT NULL, -- times are nanoseconds since 1970
	used         BIGINT NOT NULL
);
CREATE INDEX rings_used ON rings (used);
CREATE INDEX rings_began ON rings (began);

CREATE TABLE ring_keys (
	ring_id         TEXT NOT NULL REFERENCES rings (id) ON DELETE CASCADE,
	organization_id TEXT NOT NULL,
	member_id       TEXT NOT NULL,
	name            TEXT NOT NULL,
	slug            TEXT NOT NULL,
	roles           TEXT NOT NULL, -- a JSON list
	expires         BIGINT NOT NULL,
	sealed          BLOB NOT NULL,
	PRIMARY KEY (ring_id, organization_id)
);
CREATE INDEX ring_keys_expires ON ring_keys (expires);

CREATE TABLE ring_pendings (
	ring_id           TEXT NOT NULL REFERENCES rings (id) ON DELETE CASCADE,
	organization_id   TEXT NOT NULL, -- empty where none was chosen
	organization      TEXT NOT NULL,
	slug              TEXT NOT NULL,
	member_id         TEXT NOT NULL,
	needs_first       BOOLEAN NOT NULL,
	methods           TEXT NOT NULL, -- a JSON list
	enrolling         BOOLEAN NOT NULL,
	totp              BOOLEAN NOT NULL,
	phone             TEXT NOT NULL,
	default_method    TEXT NOT NULL,
	sent              BOOLEAN NOT NULL,
	entering          BOOLEAN NOT NULL,
	return_to         TEXT NOT NULL,
	email             TEXT NOT NULL,
	expires           BIGINT NOT NULL,
	sealed            BLOB NOT NULL,
	PRIMARY KEY (ring_id, organization_id)
);
CREATE INDEX ring_pendings_expires ON ring_pendings (expires);

CREATE TABLE ring_notes (
	ring_id TEXT NOT NULL REFERENCES rings (id) ON DELETE CASCADE,
	purpose TEXT NOT NULL,
	expires BIGINT NOT NULL,
	sealed  BLOB NOT NULL,
	PRIMARY KEY (ring_id, purpose)
);
CREATE INDEX ring_notes_expires ON ring_notes (expires);

CREATE TABLE sessions (
	id      TEXT PRIMARY KEY, -- a hash of the cookie
	data    BLOB NOT NULL,
	expires BIGINT NOT NULL
);
CREATE INDEX sessions_expires ON sessions (expires);

CREATE TABLE tickets (
	id   TEXT PRIMARY KEY, -- a hash of the ticket
	used BIGINT NOT NULL
);
CREATE INDEX tickets_used ON tickets (used);
