-- The memberships that the console made for staff to enter tenants by, so that it deletes these and no others.
CREATE TABLE entries (
	id              TEXT PRIMARY KEY, -- the external_id of the member too
	organization_id TEXT NOT NULL DEFAULT '',
	organization    TEXT NOT NULL DEFAULT '', -- its name
	member_id       TEXT NOT NULL DEFAULT '', -- empty until the member is made
	email           TEXT NOT NULL DEFAULT '',
	name            TEXT NOT NULL DEFAULT '',
	by_member_id    TEXT NOT NULL DEFAULT '', -- who enters, in the staff organization
	reason          TEXT NOT NULL DEFAULT '',
	ring_id         TEXT NOT NULL DEFAULT '',
	began           BIGINT NOT NULL DEFAULT 0,
	until           BIGINT NOT NULL DEFAULT 0,
	ended           BIGINT NOT NULL DEFAULT 0, -- 0 while it is open
	attempts        BIGINT NOT NULL DEFAULT 0 -- at deleting the member
);
CREATE INDEX entries_ended_until ON entries (ended, until);
