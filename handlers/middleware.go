package handlers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"console.internal/internal/paths"
	"console.internal/internal/session"
	"console.internal/internal/stytch"
	"console.internal/views"
)

// state is what the middleware finds out about a request.
type state struct {
	// reference names the request in our log, on error pages and in the upstream's log.
	reference string
	began     time.Time
	// loaded says that the context has a session to take a flash from.
	loaded bool
	person *session.Person
	tenant stytch.Tenant
	// access is that of the route, and changing says that its page is nothing but a form.
	access   Access
	changing bool
	// spend makes the form used that the request sent; nil where it sent none. spent says that it was.
	spend func(context.Context) error
	spent bool
	// secret says that the answer shows a secret, so that it is given once.
	secret bool
	// rotation says that the secret of the client which the page is about is half changed; nil else.
	rotation *views.RotationNotice
}

type stateKey struct{}

func stateOf(c echo.Context) *state {
	if s, ok := c.Request().Context().Value(stateKey{}).(*state); ok {
		return s
	}
	return &state{}
}

// maxForm bounds the bytes of a form.
const maxForm = 64 << 10

// csp lets the page load our own files and nothing else; Trusted Types make markup that script inserts pass our check.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types default"

const permissions = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), " +
	"clipboard-read=(), clipboard-write=(self), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), " +
	"identity-credentials-get=(), idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), payment=(), " +
	"picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"

// begin names the request, sets the headers that every answer has, turns a panic into an error, and writes the log line.
// It is the outermost, so that no answer escapes it.
func (h *console) begin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		id := make([]byte, 10)
		_, _ = rand.Read(id) // crypto/rand.Read never fails
		s := &state{reference: hex.EncodeToString(id), began: h.Now()}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), stateKey{}, s)))
		header := c.Response().Header()
		header.Set("Content-Security-Policy", csp)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Permissions-Policy", permissions)
		header.Set("Cache-Control", "no-store")
		header.Set("X-Request-ID", s.reference)
		if h.Public.Scheme == "https" {
			header.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
			if err != nil {
				c.Error(err)
			}
			h.log(c, s, err)
			err = nil
		}()
		return next(c)
	}
}

// oneHost answers only for the public origin. Scheme and host are never taken from a request, so a forged Host or
// Forwarded header changes no link.
func (h *console) oneHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Host != h.Public.Host {
			return c.String(http.StatusMisdirectedRequest, "Misdirected request.\n")
		}
		return next(c)
	}
}

// sameOrigin takes unsafe requests only from the console's own pages. Neither header at all is refused too: every browser
// that can hold our cookie sends one of them.
func (h *console) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	origin := h.Public.Scheme + "://" + h.Public.Host
	return func(c echo.Context) error {
		r := c.Request()
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			return next(c)
		}
		site := r.Header.Get("Sec-Fetch-Site")
		if site != "same-origin" && (site != "" || r.Header.Get("Origin") != origin) {
			return &problem{
				Status: http.StatusForbidden, Heading: "This came from another page",
				What: "The form was not sent from a page of this console, so nothing was done.",
				Do:   "Open the console in its own tab and send the form there.", Home: true,
			}
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, maxForm)
		return next(c)
	}
}

// withSession loads the session, and writes it back just before the first byte, also where a handler returned an error.
func (h *console) withSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		// Files are the same for everybody, and reading one is no use of a session.
		if strings.HasPrefix(c.Request().URL.Path, paths.Static) {
			return next(c)
		}
		ctx, err := h.Sessions.Load(c.Request())
		if err != nil {
			return fmt.Errorf("load session: %w", err)
		}
		c.SetRequest(c.Request().WithContext(ctx))
		stateOf(c).loaded, stateOf(c).person = true, h.Sessions.Person(ctx)
		c.Response().Before(func() {
			if err := h.Sessions.Save(ctx, c.Response()); err != nil {
				h.Log.ErrorContext(ctx, "session not saved", "reference", stateOf(c).reference, "error", err)
			}
		})
		return next(c)
	}
}

// address is the peer's address, for limits alone. X-Forwarded-For counts only from a trusted proxy, and then the last
// address that is not one; an IPv6 address stands for its /64, which is what one person has.
func (h *console) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	if h.trusted(addr) {
		addr = h.forwarded(r, addr)
	}
	if addr.Is6() {
		if prefix, err := addr.Prefix(64); err == nil {
			return prefix.String()
		}
	}
	return addr.String()
}

func (h *console) trusted(addr netip.Addr) bool {
	for _, prefix := range h.TrustedProxies {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

func (h *console) forwarded(r *http.Request, peer netip.Addr) netip.Addr {
	addr := peer
	hops := forwardedFor(r.Header.Values("X-Forwarded-For"))
	for _, text := range slices.Backward(hops) {
		hop, err := netip.ParseAddr(text)
		if err != nil {
			return addr
		}
		addr = hop.Unmap()
		if !h.trusted(addr) {
			return addr
		}
	}
	return addr
}

// parseForm reads a form within its bounds.
func parseForm(c echo.Context) error {
	err := c.Request().ParseForm()
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return echo.ErrStatusRequestEntityTooLarge
	}
	return echo.ErrBadRequest
}
