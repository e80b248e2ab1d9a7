package handlers

import (
	"encoding/json"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"console.internal/internal/stytch"
)

var testFields = []formField{
	{name: "name", label: "Name", check: func(v string) string {
		if v == "" {
			return "Enter a name."
		}
		return ""
	}},
	{name: "policy", kind: kindChoice},
	{name: "on", kind: kindYesNo},
	{name: "domains", kind: kindList},
	{name: "methods", kind: kindBoxes},
	{name: "metadata", kind: kindJSON},
}

// TestChangesOf holds the change set to its rule: what the person changed, and is not so already.
func TestChangesOf(t *testing.T) {
	t.Parallel()
	now := map[string]string{"name": "Acme", "policy": "ALL", "on": "no", "domains": "a.example\nb.example", "methods": "password\nsso", "metadata": jsonText([]byte(`{"a":1}`))}
	tests := []struct {
		name string
		form string
		want []string // "field: was > now > wanted", with a "!" in a conflict
	}{
		{"nothing sent", "", nil},
		{"a field without what was shown is nobody's", "name=Evil&is_admin=yes&roles=stytch_admin", nil},
		{"left as it was shown", "was.name=Acme&name=Acme", nil},
		{"changed", "was.name=Acme&name=Acme+Ltd", []string{"name: Acme > Acme > Acme Ltd"}},
		{"space around it is no change", "was.name=Acme&name=+Acme+", nil},
		{"somebody else changed another field", "was.name=Acme&name=Acme+Ltd&was.policy=OLD&policy=OLD", []string{"name: Acme > Acme > Acme Ltd"}},
		{"somebody else changed the same field", "was.name=Ajax&name=Acme+Ltd", []string{"!name: Ajax > Acme > Acme Ltd"}},
		{"somebody else did the same", "was.name=Ajax&name=Acme", nil},
		{"theirs is kept", "was.name=Ajax&name=Acme+Ltd&keep.name=theirs", nil},
		{"mine is kept", "was.name=Ajax&name=Acme+Ltd&keep.name=mine", []string{"!name: Ajax > Acme > Acme Ltd"}},
		{"a box that is not ticked is not sent", "was.on=yes", []string{}},
		{"a box that was ticked", "was.on=no&on=yes", []string{"on: no > no > yes"}},
		{"another order is no change", "was.domains=b.example%0Aa.example&domains=a.example,+b.example", nil},
		{"a list that is emptied", "was.domains=a.example%0Ab.example&domains=", []string{"domains: a.example|b.example > a.example|b.example > "}},
		{"boxes", "was.methods=password%0Asso&methods=sso&methods=totp", []string{"methods: password|sso > password|sso > sso|totp"}},
		{"all boxes taken away", "was.methods=password%0Asso", []string{"methods: password|sso > password|sso > "}},
		{"JSON that is written otherwise", `was.metadata=%7B%22a%22:1%7D&metadata=%7B+%22a%22+:+1+%7D`, nil},
	}
	for _, tt := range tests {
		form, err := url.ParseQuery(tt.form)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range changesOf(testFields, form, now) {
			mark := ""
			if c.conflict {
				mark = "!"
			}
			got = append(got, mark+c.field.name+": "+strings.ReplaceAll(c.was+" > "+c.now+" > "+c.wanted, "\n", "|"))
		}
		if strings.Join(got, "; ") != strings.Join(tt.want, "; ") {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// What is sent has the kinds that the upstream wants, and an emptied list is an empty list.
func TestValuesOf(t *testing.T) {
	t.Parallel()
	form := url.Values{
		"was.name": {"a"}, "name": {""}, "was.on": {"no"}, "on": {"yes"}, "was.domains": {"x"}, "domains": {""}, "was.methods": {""}, "methods": {"b", "a"},
		"was.metadata": {"{}"}, "metadata": {`{"k":[1]}`},
	}
	changes := changesOf(testFields, form, map[string]string{"name": "a", "on": "no", "domains": "x", "methods": "", "metadata": "{}"})
	got, err := json.Marshal(valuesOf(changes))
	if want := `{"domains":[],"metadata":{"k":[1]},"methods":["a","b"],"name":"","on":true}`; err != nil || string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
	if problems := problemsOf(changes); len(problems) != 1 || problems[0].Field != "name" {
		t.Errorf("%v", problems)
	}
	if kept := auditChanges(changes); len(kept) != 5 || kept[0] != (stytch.Change{Field: "name", Was: "a"}) {
		t.Errorf("%v", kept)
	}
}

// TestMergePatch has the upstream's merge make what is wanted of what is there.
func TestMergePatch(t *testing.T) {
	t.Parallel()
	tests := []struct{ now, wanted, want string }{
		{`{}`, `{}`, `{}`},
		{`{"a":1}`, `{"a":1}`, `{}`},
		{`{"a":1}`, `{"a":2}`, `{"a":2}`},
		{`{"a":1,"b":2}`, `{"b":2}`, `{"a":null}`},
		{`{"a":{"x":1,"y":2}}`, `{"a":{"y":2}}`, `{"a":{"y":2}}`},
		{`{"a":1}`, `{"b":[]}`, `{"a":null,"b":[]}`},
	}
	for _, tt := range tests {
		got, err := mergePatch(jsonText([]byte(tt.now)), jsonText([]byte(tt.wanted)))
		var a, b any
		if err != nil || json.Unmarshal(got, &a) != nil || json.Unmarshal([]byte(tt.want), &b) != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s to %s: %s, %v; want %s", tt.now, tt.wanted, got, err, tt.want)
		}
	}
	if _, err := mergePatch(`{}`, `[`); err == nil {
		t.Error("no JSON makes a patch")
	}
}
