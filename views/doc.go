// Package views draws the console's pages.
//
// Each area has two files: <area>.go with its view models, which are plain structs of display-ready strings, and
// <area>.templ with its page and, for a list, the part of the page that a partial request gets alone. A template reads
// its model and nothing else: it knows no request, no upstream type and no permission.
//
// Text that others wrote (names, slugs, addresses, metadata) is drawn by ui.Text or its relatives, never bare: they
// isolate its direction and show the characters that would otherwise be invisible.
package views
