// Package handlers turns requests into upstream calls and views.
//
// routes.go is the one table: each row names its address, who may come, the upstream operations it may call and the
// handler. A handler gets exactly the keys that its row's access stands for (nobody's, a person's, a tenant's), and its
// context calls exactly the operations that its row names; so a handler can neither reach a tenant without that
// tenant's session nor call what its row does not say.
//
//	/login, /login/:slug       ask for an e-mail address; send a link or a code
//	/login/sent, /login/code   what was sent; take the code
//	/authenticate              what a link opens: GET changes nothing, POST spends the token
//	/login/organizations       which organization to sign in to
//	/login/more                the upstream asks for more; says what
//	/organizations             all tenants for staff, else one's own
//	/organizations/:id ...     a tenant; without a key to it, the page that enters
//	/find                      takes whatever is pasted and leads to the thing
//
// Handlers return errors; errors.go turns every one into a page. Pages are rendered to a buffer, so a failing view never
// leaves half a page behind.
package handlers
