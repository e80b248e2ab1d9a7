//go:build !long

package handlers_test

// faultsEvery says that one of so many cells is visited, others each time. All of them take minutes.
const faultsEvery = 5
