// Package e2e holds the tests that go through the console as people do, in Chromium. They are built with the tag e2e and
// run by `make e2e`.
//
// Each test opens a console with a sandbox and a browser context of its own (harness_test.go), so that all of them can
// run side by side; one browser serves them all (main_test.go). Whatever a page complains of fails its test: an error on
// the console, a refusal by the content security policy, a request to another host, a part that does not load.
package e2e
