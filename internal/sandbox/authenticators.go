package sandbox

import (
	"cmp"
	"slices"
	"time"
)

// Authenticator is what a member's authenticator app shows.
type Authenticator struct {
	// Organization is a slug.
	Organization string `json:"organization"`
	Email        string `json:"email"`
	// Secret is in base32, as a person would type it into an app.
	Secret string `json:"secret"`
	// Code is good now and NextCode after it; each works once, and the next one already now.
	Code     string `json:"code"`
	NextCode string `json:"next_code"`
	// RecoveryCodes are those that were not used yet.
	RecoveryCodes []string `json:"recovery_codes"`
	// Pending says that the registration waits for its first code.
	Pending bool `json:"pending"`
}

// Authenticator is the authenticator app of a member, one that waits for its first code too. Slug and email name the member; an
// unknown one and one without an app are errors.
func (s *Server) Authenticator(slug, email string) (Authenticator, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.lookup(slug, email)
	if err != nil {
		return Authenticator{}, err
	}
	if !m.app.usable(s.now()) {
		return Authenticator{}, errNoAuthenticator
	}
	return authenticatorOf(m, s.now()), nil
}

// usable tells whether codes of the app are worth anything.
func (a *authenticator) usable(now time.Time) bool { return a != nil && a.verified || a.pending(now) }

func authenticatorOf(m *member, now time.Time) Authenticator {
	step := totpStep(now)
	return Authenticator{
		Organization: m.tenant.OrganizationSlug, Email: m.EmailAddress, Secret: m.app.secret,
		Code: totpCode(m.app.secret, step), NextCode: totpCode(m.app.secret, step+1),
		RecoveryCodes: slices.Clone(m.app.recovery), Pending: !m.app.verified,
	}
}

// authenticators are those of everybody, by organization and address.
func (s *Server) authenticators() []Authenticator {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, all := s.now(), []Authenticator{}
	for _, m := range s.store.members {
		if m.Status != statusDeleted && m.app.usable(now) {
			all = append(all, authenticatorOf(m, now))
		}
	}
	slices.SortFunc(all, func(a, b Authenticator) int {
		return cmp.Or(cmp.Compare(a.Organization, b.Organization), cmp.Compare(a.Email, b.Email))
	})
	return all
}
