// Package paths holds every address of the console as a constant or a function.
//
// The constants are the patterns of the route table; the functions fill them in. Handlers, views and tests use the
// same ones, so an address cannot drift between the link and the route. Ids go through [url.PathEscape]: an id is
// checked before it is sent upstream, but a link must be safe even for one that was not.
package paths
