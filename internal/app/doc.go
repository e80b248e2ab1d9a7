// Package app puts the console together: it is the only package that imports all the others.
//
// [Start] opens the listeners and returns a running console, which is what end-to-end tests use; [Run] does the same for
// the command and stays until its context ends. With Config.Sandbox the upstream is an embedded one, spoken to over HTTP
// like any other.
package app
