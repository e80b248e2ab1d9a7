package sandbox

import (
	"strings"
	"time"
)

// Mails that share a limit.
const (
	mailLinks  = "links" // the upstream counts links of discovery, sign-in and invitation together
	mailCodes  = "codes"
	mailResets = "resets"
)

// mailKey says what is counted: one kind of mail to one address.
type mailKey struct {
	kind, email string
}

// mayMail counts a mail before it is sent. The windows are whole seconds, as the upstream has them.
func (c *call) mayMail(kind, email string) error {
	if c.options.MailsPerSecond <= 0 {
		return nil
	}
	return spend(c.store.mails, mailKey{kind, strings.ToLower(email)}, c.time.Truncate(time.Second), c.options.MailsPerSecond)
}
