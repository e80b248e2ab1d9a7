package handlers

import (
	"strings"
	"testing"
	"time"

	"console.internal/internal/audit"
	"console.internal/internal/stytch"
)

// What somebody reads of an act is a sentence, and not the name of an interface.
func TestActsHaveWords(t *testing.T) {
	t.Parallel()
	for _, op := range stytch.Operations() {
		if op.Row().Door != stytch.Open && actWords[op.String()] == "" {
			t.Errorf("%s has no words", op)
		}
	}
	for operation, words := range actWords {
		verb, _, _ := strings.Cut(words, " ")
		if didWords[verb] == "" {
			t.Errorf("%s: there is no past of %q", operation, verb)
		}
		if (strings.HasPrefix(operation, "api_") || strings.HasPrefix(operation, "console_")) && !isOperation(operation) {
			t.Errorf("%s has words, and is no operation", operation)
		}
	}
}

func isOperation(name string) bool {
	for _, op := range stytch.Operations() {
		if op.String() == name {
			return true
		}
	}
	return false
}

func TestWhatWasDone(t *testing.T) {
	t.Parallel()
	const change = "api_organization_v1_organizations_members_Update"
	for _, c := range []struct {
		operation string
		result    stytch.Result
		want      string
	}{
		{change, stytch.ResultDone, "Changed a member"},
		{change, stytch.ResultRefused, "Tried to change a member"},
		{change, stytch.ResultUnknown, "Tried to change a member"},
		{audit.SignIn, stytch.ResultDone, "Signed in"},
		{audit.Leave, stytch.ResultDone, "Left the organization"},
		{"api_of_another_year", stytch.ResultDone, "api_of_another_year"},
	} {
		if got := whatWasDone(&audit.Entry{Operation: c.operation, Result: c.result}); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.operation, c.result, got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ typed, begin, end string }{
		{"2026-11-22", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
		{"2026-11-22 11:26", "2026-11-22T11:26:00Z", "2026-11-22T11:27:00Z"},
		{"2026-11-22T11:26", "2026-11-22T11:26:00Z", "2026-11-22T11:27:00Z"},
		{"2026-11-22 11:26:09", "2026-11-22T11:26:09Z", "2026-11-22T11:26:10Z"},
		{"2026-11-22T11:26:09+01:00", "2026-11-22T10:26:09Z", "2026-11-22T10:26:10Z"},
		{"2026-02-29", "", ""},
		{"22.11.2026", "", ""},
		{"yesterday", "", ""},
		{"9999-12-31", "", ""},
		{"0001-01-01", "", ""},
	} {
		begin, end, problem := span(c.typed)
		if c.begin == "" {
			if problem == "" {
				t.Errorf("%q is taken for %s", c.typed, begin)
			}
			continue
		}
		if problem != "" || begin.Format(time.RFC3339) != c.begin || end.Format(time.RFC3339) != c.end {
			t.Errorf("%q is %s to %s (%q)", c.typed, begin, end, problem)
		}
	}
}
