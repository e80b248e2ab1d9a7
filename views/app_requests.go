package views

import (
	"strconv"

	"console.internal/views/ui"
)

// AppAsks are the apps that members asked to be allowed, as a part of a page. The zero value draws nothing.
type AppAsks struct {
	Shown   bool // the reader may be one who decides about them
	Section Section
	Apps    []AppAsked
}

// AppAsked is one app that members asked for.
type AppAsked struct {
	Name     string // what the client calls itself; it may be anything
	ClientID string
	Owner    string   // "The operator's own"
	Hosts    []string // where its requests would have been answered
	Asked    []AppAsk // the oldest first
	Allow    string   // the form of the policy with this app filled in; "" where the reader only looks
	Dismiss  string   // address of the form that closes the requests; "" likewise
}

// AppAsk is one member's request.
type AppAsk struct {
	Name  string
	Email string
	Href  string // the member's page
	At    string // "22 Nov 2026, 14:30 UTC"
}

// askedShown is how many of those who asked are seen at once.
const askedShown = 3

// first are those who are seen at once, and rest the others.
func (a *AppAsked) first() []AppAsk { return a.Asked[:min(askedShown, len(a.Asked))] }

func (a *AppAsked) rest() []AppAsk { return a.Asked[len(a.first()):] }

// calls is what the app is called in the labels of its buttons.
func (a *AppAsked) calls() string {
	if a.Name == "" {
		return a.ClientID
	}
	return ui.Plain(a.Name)
}

func (a *AppAsked) more() string { return "And " + strconv.Itoa(len(a.rest())) + " more" }
