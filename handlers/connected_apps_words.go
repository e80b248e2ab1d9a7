package handlers

import (
	"strconv"

	"console.internal/internal/stytch"
	"console.internal/views"
)

// clientMay says what a client may do, by its type and its rights (rules app-types, consent-required).
func clientMay(a *stytch.AppClient) []string {
	says := []string{"It acts for the members who let it in, and never does more than they may themselves."}
	if stytch.IsFirstPartyApp(a.Type) {
		says = append(says, "It is your own, so members are usually not asked before it gets what it asks for.")
		if a.FullAccess {
			says = append(says, "It may ask for full access: its tokens can be exchanged for the member's own session.")
		} else {
			says = append(says, "It may not have full access.")
		}
		if a.BypassOffline {
			says = append(says, "It may stay connected without asking: it gets refresh tokens without the member's consent.")
		} else {
			says = append(says, "To stay connected while the member is away, it must ask.")
		}
	} else {
		says = append(says, "It is somebody else's, so each member is asked first, and again when it asks for more.", "It can never have full access, and never stays connected without asking.")
	}
	if stytch.IsPublicApp(a.Type) {
		return append(says, "It keeps no secret, so each sign-in must use PKCE.")
	}
	return append(says, "It proves itself with a secret.")
}

// clientWarnings says what is unusual about a client.
func clientWarnings(a *stytch.AppClient) []string {
	var says []string
	switch madeBy(a.CreationMethod, a.MetadataURL) {
	case madeByItself:
		says = append(says, "This client registered itself. Nobody has checked that its name is its own.")
	case madeByURL:
		says = append(says, "This client is its own address: whoever has that address says what it is called. Nobody has checked that the name is its own.")
	}
	if imitates(a.Name) {
		says = append(says, "Its name has letters of several alphabets, or letters that look like others: it may imitate another app.")
	}
	if len(a.RedirectURLs) == 0 {
		says = append(says, "It has no redirect URL, so nobody can sign in through it.")
	}
	for _, address := range a.RedirectURLs {
		if redirectWords(address).Goes.Kind == views.StatusBad {
			return append(says, "One of its redirect URLs leads where no sign-in should lead. See below.")
		}
	}
	return says
}

func tokenFacts(a *stytch.AppClient) []views.Fact {
	template := "Nothing added"
	if a.TokenTemplate != "" {
		template = "Adds what its template says"
	}
	facts := []views.Fact{
		{Label: "Good for", Value: countOf(a.TokenMinutes, "minute")},
		{Label: "Audience", Value: a.TokenAudience},
		{Label: "Template", Value: template},
	}
	if a.TokenMinutes == 0 {
		facts[0].Value = "As Stytch has it"
	}
	return facts
}

func rightsFacts(a *stytch.AppClient) []views.Fact {
	full, offline := views.Fact{Label: "Full access", Value: "Not allowed"}, views.Fact{Label: "Staying connected", Value: "Asks for consent"}
	if a.FullAccess {
		full.Status = views.Status{Kind: views.StatusWarn, Text: "May be asked for"}
	}
	if a.BypassOffline {
		offline.Status = views.Status{Kind: views.StatusWarn, Text: "Without consent"}
	}
	return []views.Fact{full, offline}
}

// clientDetails are what a client is. Its addresses are text: no image of a stranger's is loaded, and no link leads there.
func clientDetails(a *stytch.AppClient) []views.Fact {
	made := madeWords(a.CreationMethod, "")
	if madeBy(a.CreationMethod, a.MetadataURL) == madeByURL {
		made = "Its own address"
	}
	facts := []views.Fact{
		{Label: "Name", Value: clientName(a.Name)},
		{Label: "Description", Value: a.Description},
		{Label: "Type", Value: appKind(a.Type)},
		{Label: "Registered by", Value: made, Note: parens(a.CreationMethod)},
	}
	if a.MetadataURL != "" {
		facts = append(facts, views.Fact{Label: "Metadata URL", Value: a.MetadataURL, ID: true})
	}
	return append(facts, views.Fact{Label: "Logo URL", Value: a.LogoURL, ID: a.LogoURL != "", Note: logoNote(a.LogoURL)})
}

func logoNote(address string) string {
	if address == "" {
		return ""
	}
	return "The console does not load it."
}

func parens(s string) string {
	if s == "" {
		return ""
	}
	return "(" + s + ")"
}

// appTypes are the types of clients, explained (rule app-types).
var appTypes = []views.ConnectedAppType{
	{
		Value: stytch.AppFirstParty, Text: "First party, confidential", Says: "Your own app, with a server that keeps a secret.",
		May: "Members are usually not asked. It may be given full access, and may stay connected without consent.",
	},
	{
		Value: stytch.AppFirstPartyPublic, Text: "First party, public", Says: "Your own app on phones, desktops or in the browser.",
		May: "As above, but it keeps no secret and must use PKCE.",
	},
	{
		Value: stytch.AppThirdParty, Text: "Third party, confidential", Says: "Somebody else's app, with a server that keeps a secret.",
		May: "Each member is asked first. It never gets full access, and never stays connected without consent.",
	},
	{
		Value: stytch.AppThirdPartyPublic, Text: "Third party, public", Says: "Somebody else's app on phones, desktops or in the browser; AI assistants and command lines, too.",
		May: "As above, but it keeps no secret and must use PKCE.",
	},
}

func minutesTrouble(text string) string {
	n, err := strconv.Atoi(text)
	switch {
	case text == "":
		return "Enter how many minutes an access token is good for; 60 is usual."
	case err != nil:
		return "Enter a whole number of minutes."
	case n < 1 || n > maxTokenMinutes:
		return "Between 1 and 1440 minutes, which is a day."
	}
	return ""
}
