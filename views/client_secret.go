package views

// ClientSecretPage shows a secret of an OAuth client, once.
type ClientSecretPage struct {
	Frame  Frame
	Crumbs []Crumb
	Title  string
	Secret string // as the upstream gave it
	Facts  []Fact // whose it is, and since when it counts
	Lost   string // what to do when it is lost, in a sentence
	Done   string // where one goes on to
}

// Rotation is where the secret of a client stands on the way to another one. Between start and end both are good.
type Rotation struct {
	LastFour     string // how the secret ends that counts; "" where the upstream does not tell
	NextLastFour string // how the one ends that takes its place; "" while none does
	// Start, Complete and Cancel are the pages that ask before each step.
	Start, Complete, Cancel string
	Permission              *Permission // what is missing to turn it; nil when it may be tried
}

// running says that there are two secrets.
func (r *Rotation) running() bool { return r.NextLastFour != "" }

// ending is how a secret is named: by its end.
func ending(lastFour string) string {
	if lastFour == "" {
		return "one"
	}
	return "…" + lastFour
}

// rotationStep is one step of a rotation as it is drawn.
type rotationStep struct {
	title, text   string
	done, current bool
}

func (r *Rotation) steps() []rotationStep {
	if !r.running() {
		return []rotationStep{
			{title: "One secret works", text: ending(r.LastFour), current: true},
			{title: "Two secrets work", text: "A new one is made, and the old one stays good."},
			{title: "Only the new one works", text: "The old one stops at once."},
		}
	}
	return []rotationStep{
		{title: "One secret worked", text: ending(r.LastFour), done: true},
		{title: "Two secrets work", text: ending(r.LastFour) + " and " + ending(r.NextLastFour), current: true},
		{title: "Only the new one works", text: ending(r.NextLastFour) + "; " + ending(r.LastFour) + " stops at once."},
	}
}

// ClientRotationPage is where the secret of a client is changed, a step at a time.
type ClientRotationPage struct {
	Frame    Frame
	Crumbs   []Crumb
	Title    string
	Facts    []Fact
	Rotation *Rotation // nil for a client that has no secret
	None     string    // why it has none
	Back     string    // the page of the client
}

// RotationNotice says on every page of a client that its secret is half changed.
type RotationNotice struct {
	LastFour, NextLastFour string
	Href                   string // where it is gone on with; "" on that page itself
}
