//go:build !long

package audit_test

// These are fewer here: a million take minutes.
const few, many, kills = 2000, 5000, 3
