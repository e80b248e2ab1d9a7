package views

// ConsentPreviewPage shows the support staff what a member would be asked, or why they would not be.
type ConsentPreviewPage struct {
	Frame      Frame
	Crumbs     []Crumb
	Title      string // the page's heading, unless Seen has one of its own
	Action     string
	Member     string // what was typed
	URL        string // likewise
	Problems   []Problem
	Permission []Permission // what is missing to try it; the form is then closed
	Notes      []string     // what the page about the member does not show, in sentences
	Seen       *Consent     // what the member would see; nil where they would see no such page
	Refused    *ConsentRefusal
}

// ConsentRefusal is why a request is not taken, and what helps.
type ConsentRefusal struct {
	Heading   string
	What      string // a sentence
	Back      string // what goes back to the client, a sentence
	Cure      string // a sentence
	Type      string // the upstream's name of the error; "" where it never came so far
	RequestID string
	Listed    []string // what is meant by the cure, as registered addresses
	Href      string   // where it is mended; "" leaves it out
	HrefText  string
}

// Fields of the form.
const (
	PreviewMember = "member"
	PreviewURL    = "url"
)
