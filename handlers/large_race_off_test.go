//go:build !race

package handlers_test

// racing says that the race detector is on. It makes pools forget at random, so that costs cannot be compared.
const racing = false
