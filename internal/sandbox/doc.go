// Package sandbox is a local upstream that speaks the same contract as the real one: basic auth, member-session headers, RBAC,
// error envelopes, opaque cursors, single use, expiry and rate limits, over a deterministic seed. It is an ordinary http.Handler.
//
// It stands in for identity providers too: it plays a sign-in through a connection with a page of its own and a one-time form, and a
// directory with an endpoint that takes all users and groups at once. SAML, OIDC and SCIM themselves are not imitated, and no address
// is ever fetched.
//
// It holds its own wire structs and never imports the client's, so that one wrong JSON tag cannot hide on both sides.
package sandbox
