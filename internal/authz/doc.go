// Package authz tells what roles may do, as a hint.
//
// The upstream decides about every call; this package decides about nothing. From a cached copy of the policy it says
// which answer to expect, so that a page can start a read beside its check, and explains a refusal: which permission is
// missing and which roles carry it. A wrong hint costs a clear page, never a leak.
package authz
