//go:build !long

package app_test

// kills is fewer here: each takes half a second.
const kills = 3
