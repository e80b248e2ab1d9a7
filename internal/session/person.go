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
	// ctx is the request's: a person is of one request.
	ctx  context.Context
	id   string
	key  []byte
	ring Ring
}

// Key tells about a key without opening it.
type Key struct {
	OrganizationID, MemberID, Name, Slug string

	Roles   []string
	Expires time.Time
	Home    bool
}

// Person returns who is signed in, or nil. It counts as use of the session.
func (s *Sessions) Person(ctx context.Context) *Person {
	id, key, ok := s.names(ctx)
	if !ok {
		return nil
	}
	r, ok, err := s.ring.Use(ctx, id)
	s.failed(ctx, "ring not read", err)
	if !ok || r.Home == "" || r.Keys.Get(r.Home) == nil {
		return nil
	}
	return &Person{Email: r.Email, Name: r.Name, sessions: s, ctx: ctx, id: id, key: key, ring: r}
}

// SessionID names the session in the search budget. It opens nothing.
func (p *Person) SessionID() string { return p.id }

// Home is the key of the organization that the person signed in to.
func (p *Person) Home() stytch.Tenant {
	t, _ := p.Tenant(p.ring.Home)
	return t
}

// HomeID is the organization that the person signed in to.
func (p *Person) HomeID() string { return p.ring.Home }

// Impersonator is who acts as this person, by e-mail address, or empty. Such a person may read and nothing else (rule impersonation).
func (p *Person) Impersonator() string { return p.ring.Impersonator }

// Tenant is the key of an organization, if the person holds one.
func (p *Person) Tenant(organizationID string) (stytch.Tenant, bool) {
	stored := p.ring.Keys.Get(organizationID)
	if stored == nil {
		return stytch.Tenant{}, false
	}
	key, ok := p.sessions.hold(p.id, p.key, stored, p.ring.Impersonator != "")
	if !ok {
		return stytch.Tenant{}, false
	}
	return p.sessions.client.Hold(key), true
}

// Staff is the key of the pinned staff organization, if there is one and the person holds its key.
func (p *Person) Staff() (stytch.Staff, bool) {
	stored := p.ring.Keys.Get(p.sessions.staff)
	if stored == nil || p.sessions.staff == "" {
		return stytch.Staff{}, false
	}
	key, ok := p.sessions.hold(p.id, p.key, stored, p.ring.Impersonator != "")
	if !ok {
		return stytch.Staff{}, false
	}
	return p.sessions.client.HoldStaff(key), true
}

// Key tells about the key of an organization.
func (p *Person) Key(organizationID string) (Key, bool) {
	stored := p.ring.Keys.Get(organizationID)
	if stored == nil {
		return Key{}, false
	}
	return Key{
		OrganizationID: organizationID, MemberID: stored.MemberID, Name: stored.Name, Slug: stored.Slug, Roles: stored.Roles,
		Expires: stored.Expires, Home: organizationID == p.ring.Home,
	}, true
}

// Keys tells about all keys, by the name of the organization.
func (p *Person) Keys() []Key {
	keys := make([]Key, 0, len(p.ring.Keys))
	for i := range p.ring.Keys {
		if key, ok := p.Key(p.ring.Keys[i].OrganizationID); ok {
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
	stored, err := ringKeyOf(p.key, in)
	if err != nil {
		return stytch.Tenant{}, err
	}
	key := stytch.Key{
		OrganizationID: in.Organization.ID, MemberID: in.MemberID, Token: in.SessionToken, Roles: stored.Roles, Session: p.id,
		Ends: stored.Expires,
	}
	return p.sessions.client.Hold(key), p.sessions.ring.Add(p.ctx, p.id, in.Member.Email, stored)
}

// Replace puts the key of a session that took the place of one on the ring. It says no where that one is gone meanwhile:
// the new session is then to be revoked with the returned Tenant.
func (p *Person) Replace(in stytch.SignIn) (stytch.Tenant, bool, error) {
	seen := p.ring.Keys.Get(in.Organization.ID)
	stored, err := ringKeyOf(p.key, in)
	if err != nil || seen == nil {
		return stytch.Tenant{}, false, err
	}
	key := stytch.Key{
		OrganizationID: in.Organization.ID, MemberID: in.MemberID, Token: in.SessionToken, Roles: stored.Roles, Session: p.id,
		Ends: stored.Expires,
	}
	done, err := p.sessions.ring.Replace(p.ctx, p.id, *seen, stored)
	return p.sessions.client.Hold(key), done, err
}

// Move gives the person another e-mail address, which they have proven in the organization that they signed in to. All
// keys of a session belong to one address, so the others come off and are returned to be revoked.
func (p *Person) Move(email string) []stytch.Tenant {
	s := p.sessions
	dropped, err := s.ring.Move(p.ctx, p.id, p.ring.Home, email)
	if err != nil {
		// Keys of two addresses must not stay together: then none stays.
		s.failed(p.ctx, "ring not moved to another address", err)
		r, _, err := s.ring.End(p.ctx, p.id)
		s.failed(p.ctx, "ring not ended", err)
		dropped = r.Keys
	}
	p.Email = email
	return s.holdAll(p.id, p.key, dropped, false)
}

// Drop takes the key of an organization off the ring. Dropping the home key signs out.
func (p *Person) Drop(organizationID string) {
	if seen := p.ring.Keys.Get(organizationID); seen != nil {
		p.sessions.failed(p.ctx, "key not dropped", p.sessions.ring.Drop(p.ctx, p.id, *seen))
	}
}

// Learn keeps the roles and names that the upstream has just given. Mostly they are those that it gave before, and then
// nothing is written.
func (p *Person) Learn(self stytch.Self) {
	held := p.ring.Keys.Get(self.Organization.ID)
	if held == nil {
		return
	}
	about := *held
	about.Name, about.Slug, about.Roles, about.Expires = self.Organization.Name, self.Organization.Slug, self.Session.Roles, self.Session.ExpiresAt.Time
	renamed := p.ring.Home == about.OrganizationID && p.ring.Name != self.Member.Name
	if !renamed && about.Name == held.Name && about.Slug == held.Slug && slices.Equal(about.Roles, held.Roles) && about.Expires.Equal(held.Expires) {
		return
	}
	about.Roles = slices.Clone(about.Roles)
	p.sessions.failed(p.ctx, "names and roles not kept", p.sessions.ring.Learn(p.ctx, p.id, about, self.Member.Name))
}
