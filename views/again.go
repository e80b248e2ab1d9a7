package views

// AgainPage answers a form that met the end of a session, or a fault. What was typed is kept in it, to be sent again.
type AgainPage struct {
	Frame      Frame
	Heading    string // h1: what is so, as "You are signed out"
	What       string // what happened, in a sentence or two
	Do         string // what to do before it is sent again; "" leaves it out
	Status     int    // status of the answer
	Action     string // address of the form that was sent
	Fields     []Hidden
	Ask        []AskField // secrets of the form: they are not kept, and asked for anew
	SignIn     string     // address of the page that signs in, opened beside; "" where the session has not ended
	SignInText string     // its words, as "Sign in"
	RequestID  string     // the upstream's request id; "" when it gave none
	Reference  string     // this request's own reference in our log
}

// AskField is a field that must be typed again.
type AskField struct {
	Name  string
	Label string
	Type  string // type of the input: "password" or "text"
}

// typed are the fields that somebody filled in.
func (m *AgainPage) typed() []Hidden {
	var out []Hidden
	for _, f := range m.Fields {
		if f.Label != "" && f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}
