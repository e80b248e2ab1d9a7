//go:build long

package audit_test

// Few and many are how many entries a small and a large record have, kills is how often a process is killed while it writes.
const few, many, kills = 10_000, 1_000_000, 50
