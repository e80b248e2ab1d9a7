//go:build long

package app_test

// kills is how often a console is killed while people work.
const kills = 50
