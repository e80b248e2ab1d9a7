package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/stytch"
)

const (
	// clientFor is how long what is known of a client counts, also that there is none.
	clientFor = time.Minute
	// maxClients bounds how many are remembered.
	maxClients = 1000
	// clientReads is how many clients are read in a minute for one address: clientReads times peoplePerAddress.
	clientReads = 10
)

// consentClients remembers what anybody may learn of OAuth clients, since anybody may ask.
type consentClients struct {
	now func() time.Time
	mu  sync.Mutex
	by  map[string]knownClient
}

type knownClient struct {
	client stytch.ConsentClient
	err    error
	until  time.Time
}

func newConsentClients(now func() time.Time) *consentClients {
	return &consentClients{now: now, by: map[string]knownClient{}}
}

func (k *consentClients) known(id string) (knownClient, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	one, ok := k.by[id]
	return one, ok && k.now().Before(one.until)
}

func (k *consentClients) keep(id string, client stytch.ConsentClient, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if len(k.by) >= maxClients {
		for other, one := range k.by {
			if !now.Before(one.until) || len(k.by) > maxClients/2 {
				delete(k.by, other)
			}
		}
	}
	k.by[id] = knownClient{client, err, now.Add(clientFor)}
}

// consentClient reads a client for whoever asks. One that does not exist is an error like any other; what cannot be an id is ErrInput and
// costs no call.
func (h *console) consentClient(ctx context.Context, c echo.Context, id string) (stytch.ConsentClient, error) {
	if one, ok := h.clients.known(id); ok {
		return one.client, one.err
	}
	if !stytch.IsAppID(id) {
		return stytch.ConsentClient{}, stytch.ErrInput
	}
	if !h.clientReads.take(h.address(c.Request()), "") {
		return stytch.ConsentClient{}, &problem{
			Status: http.StatusTooManyRequests, Heading: "Too many apps were asked about", What: "Nothing was decided.",
			Do: "Wait a minute, then try again.", Retry: true,
		}
	}
	client, err := h.Client.ConsentClient(ctx, id)
	if err == nil || stytch.IsNotFound(err) {
		h.clients.keep(id, client, err)
	}
	return client, err
}
