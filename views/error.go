package views

// ErrorPage is any page that says why something else is not shown.
type ErrorPage struct {
	Frame      Frame
	Crumbs     []Crumb
	Status     int         // HTTP status, shown small beside the reference
	Heading    string      // h1: what is so, as "Stytch does not answer"
	What       string      // what happened; a sentence or two
	Do         string      // what to do now; "" leaves it out
	Permission *Permission // what is missing, on a 403
	Href       string      // primary link; "" leaves it out
	HrefText   string      // its words, as "Back to the member"
	Retry      string      // address that tries the same read again; "" leaves it out
	SignIn     string      // address of the sign-in page, on a 401; "" leaves it out
	RequestID  string      // the upstream's request id; "" when it gave none
	Reference  string      // this request's own reference in our log
}
