package views

// ProjectPage is the project that the console speaks for.
type ProjectPage struct {
	Frame Frame
	ID    string // project id
	// Staff names the staff organization, StaffID is its id, StaffHref its overview.
	Staff, StaffID, StaffHref string
	Counts                    []ProjectCount
	CountsSection             Section
}

// ProjectCount is how many there are of something.
type ProjectCount struct {
	Label string // what is counted; the upstream's name where nobody knows it
	Count int
	Note  string // said beneath; "" leaves it out
	Href  string // where they are listed; "" where no page does
}

// environment says which environment the pages speak for, and what that means.
func (m *ProjectPage) environment() string {
	switch m.Frame.env() {
	case EnvTest:
		return "TEST: a project to try things in."
	case EnvSandbox:
		return "SANDBOX: runs inside this console, and forgets everything when it ends."
	case EnvLive:
	}
	return "LIVE: what is done here is done to customers."
}
