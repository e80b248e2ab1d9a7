// Package sandbox is a local upstream that speaks the same contract as the real one: basic auth, member-session headers, RBAC,
// error envelopes, opaque cursors, single use, expiry and rate limits, over a deterministic seed. It is an ordinary http.Handler.
//
// It holds its own wire structs and never imports the client's, so that one wrong JSON tag cannot hide on both sides.
package sandbox
