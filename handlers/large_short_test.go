//go:build race && !long

package handlers_test

// listed is shorter here: under the race detector the upstream alone takes 20 seconds over 100,000 rows.
const listed = 5_000
