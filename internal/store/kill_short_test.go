//go:build !long

package store_test

// kills is fewer here: each takes a tenth of a second.
const kills = 5
