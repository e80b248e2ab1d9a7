//go:build long || !race

package handlers_test

// listed is how long the lists of the test are: 100,000 rows, so that row farFrom begins page 1,000.
const listed = 100_000
