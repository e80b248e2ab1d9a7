package handlers

import (
	"cmp"
	"slices"
	"strings"

	"console.internal/views"
)

// The scopes that the upstream itself has (rule scope-grantable).
const (
	scopeFullAccess = "full_access"
	scopeOffline    = "offline_access"
	scopePhone      = "phone"
	scopeEmail      = "email"
	scopeProfile    = "profile"
	scopeOpenID     = "openid"
)

// scopesInOrder are scopes without doubles, the strongest first: full access, staying connected, the project's own by how much each stands
// for, those that nobody knows, and what tells who somebody is last.
func (h *console) scopesInOrder(scopes []string) []string {
	policy := h.Policy.Policy()
	last := []string{scopePhone, scopeEmail, scopeProfile, scopeOpenID}
	rank := func(scope string) (group, weight int) {
		if at := slices.Index(last, scope); at >= 0 {
			return 4 + at, 0
		}
		switch known, ok := policy.Scope(scope); {
		case scope == scopeFullAccess:
			return 0, 0
		case scope == scopeOffline:
			return 1, 0
		case ok:
			return 2, -known.Weight()
		}
		return 3, 0
	}
	out := slices.Clone(scopes)
	slices.SortFunc(out, func(a, b string) int {
		ga, wa := rank(a)
		gb, wb := rank(b)
		return cmp.Or(cmp.Compare(ga, gb), cmp.Compare(wa, wb), strings.Compare(a, b))
	})
	return slices.Compact(out)
}

// scopeLine says in a person's language what a scope lets an app do. description is the upstream's, "" where there is none: then the
// policy's is taken. A scope that nobody describes is shown as it is.
func (h *console) scopeLine(l *views.Language, scope, description string) views.ScopeLine {
	if text := l.Scopes[scope]; text != "" {
		return views.ScopeLine{Scope: scope, Text: text}
	}
	if known, ok := h.Policy.Policy().Scope(scope); ok && known.Description != "" {
		return views.ScopeLine{Scope: scope, Text: known.Description, Foreign: true}
	}
	return views.ScopeLine{Scope: scope, Text: description, Foreign: true}
}

// scopeLines are scopes in plain words, the strongest first. The consent page, the tenant's pages and one's own list of apps say the same.
func (h *console) scopeLines(l *views.Language, scopes []string) []views.ScopeLine {
	var lines []views.ScopeLine
	for _, scope := range h.scopesInOrder(scopes) {
		lines = append(lines, h.scopeLine(l, scope, ""))
	}
	return lines
}
