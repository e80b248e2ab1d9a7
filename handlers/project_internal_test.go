package handlers

import (
	"reflect"
	"testing"

	"console.internal/internal/paths"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// Counts come in the order of the page, and one that nobody knows comes last, by the upstream's name.
func TestProjectCounts(t *testing.T) {
	t.Parallel()
	one, two, three := 1, 2, 3
	got := projectCounts([]stytch.ProjectMetric{{Type: "ROBOT_COUNT", Count: &three}, {Type: "M2M_CLIENT_COUNT", Count: &two}, {Type: "<b>", Count: &one}, {Type: "ORGANIZATION_COUNT", Count: &one}})
	want := []views.ProjectCount{
		{Label: "Organizations", Count: 1, Href: paths.Organizations},
		{Label: "M2M clients", Count: 2, Href: paths.M2MClients},
		{Label: "<b>", Count: 1},
		{Label: "ROBOT_COUNT", Count: 3},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
