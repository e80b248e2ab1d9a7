-- What members ask their admins for: that an OAuth client be allowed. A row is one open request; closed ones are gone.
CREATE TABLE app_requests (
	organization_id TEXT NOT NULL,
	member_id       TEXT NOT NULL,
	client_id       TEXT NOT NULL,
	email           TEXT NOT NULL, -- the member's, when they asked
	name            TEXT NOT NULL,
	client_name     TEXT NOT NULL,
	first_party     BOOLEAN NOT NULL,
	redirect_host   TEXT NOT NULL,
	asked           BIGINT NOT NULL, -- nanoseconds since 1970
	PRIMARY KEY (organization_id, member_id, client_id)
);
CREATE INDEX app_requests_asked ON app_requests (asked);
