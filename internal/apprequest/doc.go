// Package apprequest keeps what members ask of their organization's admins: that an OAuth client be allowed which the organization's
// policy keeps out.
//
// A member has one open request for each app, however often they ask. It is over when somebody closes it, when the app is allowed, and
// after 30 days. Whatever a request says of the client comes from the outside and is bounded here.
package apprequest
