package views

import (
	"net/url"
	"strconv"
	"strings"

	"console.internal/views/ui"
)

// env is the environment; one nobody knows is taken for live, the loudest.
func (f *Frame) env() Env {
	switch f.Env {
	case EnvTest, EnvSandbox:
		return f.Env
	case EnvLive:
	}
	return EnvLive
}

// word is the environment as its badge and the window's title say it.
func (f *Frame) word() string {
	switch f.env() {
	case EnvTest:
		return "TEST"
	case EnvSandbox:
		return "SANDBOX"
	case EnvLive:
	}
	return "LIVE"
}

func (f *Frame) product() string {
	if f.Product == "" {
		return "Console"
	}
	return f.Product
}

// title is the name of the window. The environment comes first, so that it survives a narrow tab.
func (f *Frame) title() string {
	return f.word() + ": " + ui.Plain(f.Title) + " · " + f.product()
}

// ticket is what a form to this address carries, or "".
func (f *Frame) ticket(action string) string {
	if f.Ticket == nil {
		return ""
	}
	path, _, _ := strings.Cut(action, "?")
	return f.Ticket(path)
}

func (a *Acting) rest() string {
	if a.Left == "" {
		return " is behind it. Read only."
	}
	return " is behind it. Read only, " + a.Left + " left."
}

func (f *Frame) themed(value string) bool {
	switch f.Theme {
	case "light", "dark":
		return f.Theme == value
	}
	return value == "system"
}

// line says under a tenant's name what one is there and for how long.
func (t *Tenant) line() string {
	switch {
	case !t.Held:
		return "not entered"
	case t.Roles == "" && t.MinutesLeft < 0:
		return "as a member"
	case t.MinutesLeft < 0:
		return "as " + t.Roles
	case t.Roles == "":
		return left(t.MinutesLeft)
	}
	return "as " + t.Roles + ", " + left(t.MinutesLeft)
}

func left(minutes int) string {
	if minutes >= 120 {
		return strconv.Itoa(minutes/60) + " h left"
	}
	return strconv.Itoa(minutes) + " min left"
}

func (p *Person) shown() string {
	if p.Name == "" {
		return p.Email
	}
	return p.Name
}

func (p *Person) line() string {
	switch {
	case p.Home == "":
		return p.Roles
	case p.Roles == "":
		return "in " + p.Home
	}
	return p.Roles + " in " + p.Home
}

func (f *Flash) word() string {
	switch f.Kind {
	case FlashOK:
		return "Done"
	case FlashWarn:
		return "Look"
	case FlashBad:
		return "Error"
	}
	return ""
}

// mine is the query of one's own memberships; other than staff see nothing else, and need none.
func mine(staff bool) url.Values {
	if !staff {
		return nil
	}
	return url.Values{"show": {"mine"}}
}
