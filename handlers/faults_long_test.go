//go:build long

package handlers_test

// faultsEvery says that each cell is visited.
const faultsEvery = 1
