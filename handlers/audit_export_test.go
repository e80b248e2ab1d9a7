package handlers_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
)

// exported are the entries of an export by their references, each with its named values, and whether it says that it is whole.
func (a *answer) exported() (entries map[string]map[string]string, order []string, whole bool) {
	a.t.Helper()
	entries = map[string]map[string]string{}
	add := func(values map[string]string) {
		entries[values["reference"]] = values
		if strings.HasPrefix(values["reference"], "note-") {
			order = append(order, values["reference"])
		}
	}
	if strings.HasPrefix(a.header.Get("Content-Type"), "text/csv") {
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil {
			a.t.Fatal(err)
		}
		for _, row := range rows[1 : len(rows)-1] {
			values := map[string]string{}
			for i, name := range rows[0] {
				values[name] = row[i]
			}
			add(values)
		}
		last := rows[len(rows)-1]
		return entries, order, last[0] == "head" && last[2] == "whole"
	}
	lines := strings.Split(strings.TrimSuffix(a.body, "\n"), "\n")
	for _, line := range lines[:len(lines)-1] {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			a.t.Fatal(err)
		}
		values := map[string]string{}
		for name, v := range object {
			if s, ok := v.(string); ok {
				values[name] = s
			} else {
				values[name] = asJSON(a.t, v)
			}
		}
		add(values)
	}
	var last struct {
		Head  string
		Whole bool
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		a.t.Fatal(err)
	}
	return entries, order, last.Whole && last.Head != ""
}

// TestExportsHaveWhatThePageLists, for the record of all and for a tenant's, with filters and without.
func TestExportsHaveWhatThePageLists(t *testing.T) {
	t.Parallel()
	f, b, _ := noted(t)
	acme := f.organization("acme")
	for page, exports := range map[string][]string{
		paths.Audit:          {paths.AuditCSV, paths.AuditJSON},
		paths.Activity(acme): {paths.ActivityCSV(acme), paths.ActivityJSON(acme)},
	} {
		for _, query := range []url.Values{nil, values("operation", stytch.MemberUpdate.String()), values("person", sam), values("result", "refused"), values("person", "nobody@acme.example")} {
			a := b.get(paths.With(page, query)).want(http.StatusOK)
			for i, path := range exports {
				to := paths.With(path, query)
				if len(a.listed()) > 0 && a.doc().Find(`nav.pager a[href="`+to+`"]`).Length() != 1 {
					t.Errorf("%s: no link to %s", page, to)
				}
				out := b.get(to).want(http.StatusOK)
				_, order, whole := out.exported()
				if diff := cmp.Diff(a.listed(), order); diff != "" || !whole {
					t.Errorf("%s: whole %t, %s", to, whole, diff)
				}
				ending := []string{".csv\"", ".jsonl\""}[i]
				if disposition := out.header.Get("Content-Disposition"); !strings.HasPrefix(disposition, `attachment; filename="a`) || !strings.HasSuffix(disposition, ending) {
					t.Errorf("%s: %s", to, disposition)
				}
				if head := b.do(http.MethodHead, to, nil).want(http.StatusOK); head.body != "" {
					t.Errorf("%s: HEAD has a body", to)
				}
			}
		}
	}
}

// What an export holds, a spreadsheet must not run.
func TestExportsHoldNoFormula(t *testing.T) {
	t.Parallel()
	f := newFixture(t, setup{})
	b := f.signIn(ada, "support-desk")
	for i, text := range []string{"=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"} {
		name := "note-" + strconv.Itoa(i)
		f.note(name, stytch.Act{Operation: stytch.MemberUpdate, Actor: stytch.Actor{Name: text, Email: ada}, Reason: text, Target: text, OrganizationID: f.organization("acme")}, stytch.Outcome{})
		entries, _, _ := b.get(paths.AuditCSV).want(http.StatusOK).exported()
		for _, column := range []string{"actor_name", "reason", "target"} {
			if got := entries[name][column]; !strings.HasPrefix(got, "'") {
				t.Errorf("%q is %q in the column %s", text, got, column)
			}
		}
	}
}
