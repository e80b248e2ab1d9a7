// Package config turns the command line and the environment into one checked [Config].
//
// Every setting has one row in a table (options.go) with its flag, its environment variable and its default; a flag
// wins over the variable, the variable over the default. Secrets have no flag, because a command line can be read by
// every process of the machine: they come by variable or by file.
//
// [Parse] reports every problem it finds in one [Error], so that a wrong set-up is put right in one go. A problem names
// the setting and the rule, and never quotes a value: what is wrong may be a secret pasted into the wrong place, and
// start-up messages end up in logs.
package config
