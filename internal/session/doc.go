// Package session keeps who is signed in, and the few things a browser carries before and between pages.
//
// A signed-in person holds a key for each organization they entered: the home one, and one for each tenant. The keys
// are in a [Keyring] on the server, in a table of their own and written one by one. The session cookie's library writes
// its whole blob back at the end of a request, so a key kept in there would be lost to a second tab and come back after
// signing out; its blob holds the flash and nothing else.
//
//	what                         where                       ends
//	which keys a person holds    Keyring, sealed             sign-out, idle limit, session length, the key's own expiry
//	a sign-in in the middle      Keyring, sealed             ten minutes
//	flash                        session blob                when shown
//	address wanted, verifier     flow cookie, encrypted      one hour, or sign-in
//	authorization request        cookie, encrypted           fifteen minutes, or when it is decided
//
// A Keyring is a [Memory], which ends with the process, or a table of a database, elsewhere.
//
// Tokens are sealed with a key that is derived from the session cookie's value, of which the server keeps only a hash:
// who steals the store opens nothing.
package session
