-- The record: rows that are only ever added at the end, each with a MAC over its body and the MAC before it.
CREATE TABLE audit_chain (
	seq    INTEGER PRIMARY KEY, -- from 1, without gaps
	key_id TEXT NOT NULL, -- a hash of the MAC's key
	mac    TEXT NOT NULL, -- hexadecimal
	body   TEXT NOT NULL -- the JSON that the MAC is of
);

-- What to find acts by. All of it is in the bodies too: the row of the act, and the row of its outcome.
CREATE TABLE audit_entries (
	seq              INTEGER PRIMARY KEY,
	outcome          INTEGER NOT NULL, -- the row with the outcome, 0 while there is none
	at               BIGINT NOT NULL, -- nanoseconds since 1970
	operation        TEXT NOT NULL,
	actor_email      TEXT NOT NULL, -- in lower case
	actor_member_id  TEXT NOT NULL,
	acting_member_id TEXT NOT NULL,
	organization_id  TEXT NOT NULL,
	member_id        TEXT NOT NULL,
	target           TEXT NOT NULL,
	reference        TEXT NOT NULL,
	request_id       TEXT NOT NULL, -- the upstream's
	result           TEXT NOT NULL
);
CREATE INDEX audit_at ON audit_entries (at, seq);
CREATE INDEX audit_operation ON audit_entries (operation, at, seq);
CREATE INDEX audit_actor_email ON audit_entries (actor_email, at, seq);
CREATE INDEX audit_actor_member_id ON audit_entries (actor_member_id, at, seq);
CREATE INDEX audit_acting_member_id ON audit_entries (acting_member_id, at, seq);
CREATE INDEX audit_organization_id ON audit_entries (organization_id, at, seq);
CREATE INDEX audit_member_id ON audit_entries (member_id, at, seq);
CREATE INDEX audit_target ON audit_entries (target, at, seq);
CREATE INDEX audit_reference ON audit_entries (reference, at, seq);
CREATE INDEX audit_request_id ON audit_entries (request_id, at, seq);
CREATE INDEX audit_result ON audit_entries (result, at, seq);
