// Command bench reports the console's budgets: what a first visit loads, what a list costs beside a reverse proxy that
// makes the same upstream calls, what latency is added, how much memory sessions take, and how soon it is up.
//
// It runs the built binary, a sandbox and a reverse proxy as processes of their own on the loopback, and measures both
// sides in one run, in turns, because figures of one machine move from minute to minute while their ratio does not.
package main
