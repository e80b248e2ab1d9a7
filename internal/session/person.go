package session

import (
	"context"
	"slices"
	"strings"
	"time"

	"console.internal/internal/stytch"
)

// Person is who the request's session belongs to, as the keyring had it when the request came.
type Person struct {
	Email, Name string

	sessions *Sessions
	id       string
	key      []byte
	ring     ring
}

// Key tells about a key without opening it.
type Key struct {
	OrganizationID, Name, Slug string
	Roles                      []string
	Expires                    time.Time
	Home                       bool
}

// Person returns who is signed in, or nil. It counts as use of the session.
func (s *Sessions) Person(ctx context.Context) *Person {
	id, key, ok := s.names(ctx)
	if !ok {
		return nil
	}
	r, ok := s.ring.use(id)
	if !ok || r.home == "" {
		return nil
	}
	if r.keys.get(r.home) == nil {
		return nil
	}
	return &Person{Email: r.email, Name: r.name, sessions: s, id: id, key: key, ring: r}
}

// SessionID names the session in the search budget. It opens nothing.
func (p *Person) SessionID() string { return p.id }

// Home is the key of the organization that the person signed in to.
func (p *Person) Home() stytch.Tenant {
	t, _ := p.Tenant(p.ring.home)
	return t
}

// HomeID is the organization that the person signed in to.
func (p *Person) HomeID() string { return p.ring.home }

// Impersonator is who acts as this person, by e-mail address, or empty. Such a person may read and nothing else (rule impersonation).
func (p *Person) Impersonator() string { return p.ring.impersonator }

// Tenant is the key of an organization, if the person holds one.
func (p *Person) Tenant(organizationID string) (stytch.Tenant, bool) {
	stored := p.ring.keys.get(organizationID)
	if stored == nil {
		return stytch.Tenant{}, false
	}
	key, ok := p.sessions.hold(p.id, p.key, stored, p.ring.impersonator != "")
	if !ok {
		return stytch.Tenant{}, false
	}
	return p.sessions.client.Hold(key), true
}

// Staff is the key of the pinned staff organization, if there is one and the person holds its key.
func (p *Person) Staff() (stytch.Staff, bool) {
	stored := p.ring.keys.get(p.sessions.staff)
	if stored == nil || p.sessions.staff == "" {
		return stytch.Staff{}, false
	}
	key, ok := p.sessions.hold(p.id, p.key, stored, p.ring.impersonator != "")
	if !ok {
		return stytch.Staff{}, false
	}
	return p.sessions.client.HoldStaff(key), true
}

// Key tells about the key of an organization.
func (p *Person) Key(organizationID string) (Key, bool) {
	stored := p.ring.keys.get(organizationID)
	if stored == nil {
		return Key{}, false
	}
	return Key{
		OrganizationID: organizationID, Name: stored.name, Slug: stored.slug, Roles: stored.roles,
		Expires: stored.expires, Home: organizationID == p.ring.home,
	}, true
}

// Keys tells about all keys, by the name of the organization.
func (p *Person) Keys() []Key {
	keys := make([]Key, 0, len(p.ring.keys))
	for i := range p.ring.keys {
		if key, ok := p.Key(p.ring.keys[i].organizationID); ok {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int {
		if a.Home != b.Home {
			if a.Home {
				return -1
			}
			return 1
		}
		if byName := strings.Compare(a.Name, b.Name); byName != 0 {
			return byName
		}
		return strings.Compare(a.OrganizationID, b.OrganizationID)
	})
	return keys
}

// Add puts the key of an organization that the person has just entered on the ring. ErrSignedOut means that they signed
// out meanwhile, ErrOtherPerson that the key is somebody else's, ErrHeld that another request has put one there: the new session
// is then to be revoked with the returned Tenant.
func (p *Person) Add(in stytch.SignIn) (stytch.Tenant, error) {
	stored, err := storedKeyOf(p.key, in)
	if err != nil {
		return stytch.Tenant{}, err
	}
	key := stytch.Key{
		OrganizationID: in.Organization.ID, MemberID: in.MemberID, Token: in.SessionToken, Roles: stored.roles, Session: p.id,
		Ends: stored.expires,
	}
	return p.sessions.client.Hold(key), p.sessions.ring.add(p.id, in.Member.Email, stored)
}

// Replace puts the key of a session that took the place of one on the ring. It says no where that one is gone meanwhile:
// the new session is then to be revoked with the returned Tenant.
func (p *Person) Replace(in stytch.SignIn) (stytch.Tenant, bool, error) {
	seen := p.ring.keys.get(in.Organization.ID)
	stored, err := storedKeyOf(p.key, in)
	if err != nil || seen == nil {
		return stytch.Tenant{}, false, err
	}
	key := stytch.Key{
		OrganizationID: in.Organization.ID, MemberID: in.MemberID, Token: in.SessionToken, Roles: stored.roles, Session: p.id,
		Ends: stored.expires,
	}
	return p.sessions.client.Hold(key), p.sessions.ring.replace(p.id, *seen, stored), nil
}

// Move gives the person another e-mail address, which they have proven in the organization that they signed in to. All
// keys of a session belong to one address, so the others come off and are returned to be revoked.
func (p *Person) Move(email string) []stytch.Tenant {
	dropped := p.sessions.ring.move(p.id, p.ring.home, email)
	held := make([]stytch.Tenant, 0, len(dropped))
	for i := range dropped {
		if key, ok := p.sessions.hold(p.id, p.key, &dropped[i], false); ok {
			held = append(held, p.sessions.client.Hold(key))
		}
	}
	p.Email = email
	return held
}

// Drop takes the key of an organization off the ring. Dropping the home key signs out.
func (p *Person) Drop(organizationID string) {
	if seen := p.ring.keys.get(organizationID); seen != nil {
		p.sessions.ring.drop(p.id, *seen)
	}
}

// Learn keeps the roles and names that the upstream has just given.
func (p *Person) Learn(self stytch.Self) {
	p.sessions.ring.learn(p.id, self.Organization.ID, func(r *ring, key *storedKey) {
		key.roles = slices.Clone(self.Session.Roles)
		key.name, key.slug, key.expires = self.Organization.Name, self.Organization.Slug, self.Session.ExpiresAt.Time
		if r.home == self.Organization.ID {
			r.name = self.Member.Name
		}
	})
}
