// Package sessiontest is what every [session.Keyring] has to do, as tests. Each implementation runs [Keyring] from a test of
// its own.
package sessiontest
