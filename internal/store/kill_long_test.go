//go:build long

package store_test

// kills is how often a process is killed while it writes.
const kills = 50
