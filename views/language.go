package views

import (
	"strings"

	"console.internal/views/ui"
)

// Language is what the pages around the consent of an OAuth client say, in one language. All other pages are in English. A sentence has {}
// where a name comes, which others wrote.
type Language struct {
	// Code is the language as HTML names it.
	Code string

	// The page that asks.
	Title, Wants, WantsAgain, SignedIn, Switch       string
	FirstParty, ThirdParty, NoName                   string
	ByOperator, ByItself, ByAddress, ByNobodyKnows   string
	Can, CanAt, Had, HadUnknown, Nobody              string
	Left, LeftWhy, NothingLeft                       string
	Next, Host, Full, Allows, Denies, Deny, Allow    string
	Undo, Apps                                       string
	Loopback, LoopbackWhy, Private, PrivateWhy       string
	Unchecked, UncheckedWhy, Imitates, ImitatesWhy   string
	Alphabet, AlphabetWhy, Everything, EverythingWhy string

	// The page that stands where the organization does not let the app in.
	Shut, ShutWhy, Ask, Asked, AskedWhy, Back string

	// The page that changes who is asked.
	Who, Use, Current, Enter, Account, AccountWhy, Return string

	// The page that leads on.
	OnTo, Continue, Allowed, Denied string

	// Scopes says what the scopes that the upstream itself has let an app do.
	Scopes map[string]string
}

// ScopeLine says what a scope lets an app do.
type ScopeLine struct {
	Scope string
	// Text is a sentence; "" where nobody describes the scope, which is then shown as it is.
	Text string
	// Foreign says that the text is the operator's and not ours.
	Foreign bool
}

// say puts names into a sentence.
func say(sentence string, names ...string) ui.Words {
	parts := strings.Split(sentence, "{}")
	words := make(ui.Words, 0, 2*len(parts))
	for i, part := range parts {
		words = append(words, part)
		if i < len(parts)-1 {
			name := ""
			if i < len(names) {
				name = names[i]
			}
			words = append(words, name)
		}
	}
	return words
}

// inTitle is a sentence with names where no markup goes.
func inTitle(sentence string, names ...string) string {
	return ui.Plain(strings.Join(say(sentence, names...), ""))
}

// Languages are all of them; the first one is taken where nothing fits.
func Languages() []*Language { return []*Language{&English, &spanish, &french, &portuguese} }

// English is the language of all other pages too.
var English = Language{
	Code: "en",

	Title: "{} asks for access", Wants: "{} wants to use your account", WantsAgain: "{} wants to use your account again",
	SignedIn: "{} in {}", Switch: "Switch",
	FirstParty: "One of this service’s own apps.", ThirdParty: "Made by another company.", NoName: "An app without a name",
	ByOperator: "The operator of this service registered it.", ByItself: "It registered itself: nobody has checked what it says about itself.",
	ByAddress: "It describes itself at {}. Nobody else has checked that.", ByNobodyKnows: "How it was registered is not known.",
	Can: "It will be able to", CanAt: "At {} it will be able to", Had: "As you allowed before", HadUnknown: "What you allowed before is not known now.", Nobody: "Nobody describes this right.",
	Left: "Left out", LeftWhy: "Your roles do not carry this. The app gets the rest.", NothingLeft: "You can give it nothing of what it asks for.",
	Next: "What happens next", Host: "Then you go to", Full: "Full address",
	Allows: "If you allow it, you go there with a code that it exchanges for access.", Denies: "If you deny it, you go there too, and it gets nothing.",
	Deny: "Deny", Allow: "Allow",
	Undo: "Take it back at any time in {}.", Apps: "your Connected Apps",
	Loopback: "A program on this computer", LoopbackWhy: "It sends you to a program on this computer. Allow it only if you started that program yourself just now.",
	Private: "An app on this device", PrivateWhy: "It sends you to whichever app on this device answers to {}. Allow it only if you came from that app.",
	Unchecked: "Nobody has checked this app", UncheckedWhy: "Its name and what it says are its own words. Look at where it sends you.",
	Imitates: "The name may imitate another", ImitatesWhy: "It has letters of several alphabets, or letters that look like others. Look at where it sends you.",
	Alphabet: "The address may imitate another", AlphabetWhy: "It has letters of an alphabet that is not Latin.",
	Everything: "Full access", EverythingWhy: "It can do everything that you can do in {}, as you: also what is not listed below.",

	Shut: "{} does not let {} in", ShutWhy: "Your organization decides which apps may be used. Nothing was given to this one.",
	Ask: "Ask your admin", Asked: "Your admin can see that you asked", AskedWhy: "Your question stays for 30 days. Come back here when it was answered.", Back: "Back to the app",

	Who: "Who is asked?", Use: "Answer as a member of", Current: "Now", Enter: "Enter {} first",
	Account: "Use another account", AccountWhy: "You are signed out, and come back here when you have signed in.", Return: "Back to the question",

	OnTo: "On to {}", Continue: "Continue to {}", Allowed: "You allowed it.", Denied: "You did not allow it. It gets nothing.",

	Scopes: map[string]string{
		"full_access":    "Do everything that you can do, as you",
		"offline_access": "Stay connected while you are away, until you take it back",
		"phone":          "See your phone number",
		"email":          "See your e-mail address",
		"profile":        "See your name and picture",
		"openid":         "Know that it is you",
	},
}
