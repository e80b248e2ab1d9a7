package sandbox

// rotation is what the refusals of one kind of client are called (rule secret-rotation).
type rotation struct{ already, idle string }

var (
	connectedAppRotation = rotation{"connected_app_already_rotating_secret", "connected_app_not_rotating_secret"}
	m2mRotation          = rotation{"m2m_client_already_rotating_secret", "m2m_client_not_rotating_secret"}
)

// start makes a next secret beside the one that there is.
func (r rotation) start(s clientSecrets) (rotating clientSecrets, next string, err error) {
	if s.rotating() {
		return s, "", badRequest(r.already, "A rotation of the client's secret is under way.")
	}
	next = newToken()
	s.next = keepSecret(next)
	return s, next, nil
}

// finish makes the next secret the only one.
func (r rotation) finish(s clientSecrets) (clientSecrets, error) {
	if !s.rotating() {
		return s, r.errIdle()
	}
	return clientSecrets{current: s.next}, nil
}

// cancel forgets the next secret.
func (r rotation) cancel(s clientSecrets) (clientSecrets, error) {
	if !s.rotating() {
		return s, r.errIdle()
	}
	return clientSecrets{current: s.current}, nil
}

func (r rotation) errIdle() error {
	return badRequest(r.idle, "No rotation of the client's secret is under way.")
}
