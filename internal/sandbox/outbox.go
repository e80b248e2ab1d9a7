package sandbox

// maxOutbox is how many messages are kept.
const maxOutbox = 500

// post "sends" a message; the caller holds the server's lock.
func (c *call) post(message Message) {
	message.SentAt = c.time
	c.outbox = append(c.outbox, message)
	if len(c.outbox) > maxOutbox {
		c.outbox = append([]Message(nil), c.outbox[len(c.outbox)-maxOutbox:]...)
	}
}
