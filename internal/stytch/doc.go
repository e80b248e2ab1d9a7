// Package stytch is the console's own client of the Stytch B2B API.
//
// The upstream knows two ways to call it. 40 of its operations read a member session from a header and decide by that
// member's roles; all others obey whoever holds the project secret. The console holds that secret, so the client is
// built so that the secret cannot be used for a person whom the upstream has not just allowed. Every operation is a row
// of the table in operations_rows.go and goes through one of five doors, which are Go types:
//
//	open     hangs on *Client. Nobody is signed in yet, or the operation speaks for the console itself. What concerns one's
//	         own session or second factor is sent with that token, and hangs on Tenant or Halfway.
//	header   hangs on Tenant. The member session is sent along and the upstream decides.
//	checked  hangs on Tenant or Staff. sessions/authenticate with the permission of the operation's row must say yes
//	         before anything of the operation's answer is used. Where the row has a second permission, it is asked for with
//	         the tenant's session as well, and both must be a yes.
//	local    hangs on Tenant or Staff. A check as above for what the console itself keeps; nothing else is sent.
//	recorded hangs on *Client. Nobody's permission is asked for what the console's own record says that the console made.
//
// A permission belongs to the operation: no caller names one, passes one or can forget one. A [Tenant] or [Staff] is made
// by [Client.Hold] and [Client.HoldStaff], which only the keyring calls. A call is refused before it is sent unless its
// operation is in the list that the context carries ([WithCaller]); the route table fills that list.
//
// Somebody who acts as a member gets a Tenant that only reads ([ErrReadOnly]): the member did not do what is done meanwhile.
//
// The client follows no redirects, bounds every answer, gives every call a deadline, and takes an answer that is too
// large, not JSON or without its required fields for a [Fault], never for a zero value. An answer of the upstream that
// refuses is an [Error].
package stytch
