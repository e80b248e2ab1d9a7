package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// SCIMPush is what a directory says there is: all its users and all its groups. It stands in for the protocol, which is not imitated.
type SCIMPush struct {
	Users  []SCIMUser        `json:"users"`
	Groups []SCIMPushedGroup `json:"groups"`
}

// SCIMUser is one user of a directory.
type SCIMUser struct {
	// ExternalID is how the directory knows the user; the e-mail address when empty.
	ExternalID string `json:"external_id"`
	Email      string `json:"email"`
	Name       string `json:"name"`
	// Inactive says that the user may not come in any more.
	Inactive bool `json:"inactive"`
}

// SCIMPushedGroup is one group of a directory.
type SCIMPushedGroup struct {
	// ID is the group's id of an earlier push, to give it another name; empty finds the group by its name, or makes it.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Members are external ids or e-mail addresses of users.
	Members []string `json:"members"`
}

// SCIMPushed says what a push has done.
type SCIMPushed struct {
	Created     int               `json:"created"`
	Updated     int               `json:"updated"`
	Deactivated int               `json:"deactivated"`
	Groups      map[string]string `json:"groups"` // ids by name
}

const (
	scimPushPrefix = "/sandbox/scim/"
	scimPushSuffix = "/push"
)

func isPush(path string) bool {
	return strings.HasPrefix(path, scimPushPrefix) && strings.HasSuffix(path, scimPushSuffix)
}

// pushed answers a push over HTTP.
func (s *Server) pushed(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimSuffix(strings.TrimPrefix(r.URL.Path, scimPushPrefix), scimPushSuffix)
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	push, err := readControl[SCIMPush](r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	done, err := s.PushSCIM(id, token, push)
	if refusal := asRefusal(err); refusal != nil {
		http.Error(w, refusal.kind+": "+refusal.message, refusal.status)
		return
	}
	sendJSON(w, done)
}

// PushSCIM does what a directory does with a bearer token of its connection: it sets the users and the groups, all of them. Users who
// are new become members; those who are inactive, or missing, are deactivated. Nothing is done when anything is refused.
func (s *Server) PushSCIM(connectionID, token string, push SCIMPush) (SCIMPushed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.store.tenants, func(t *tenant) bool { return t.scim != nil && t.scim.ConnectionID == connectionID })
	if at < 0 {
		return SCIMPushed{}, errNoDirectory()
	}
	t := s.store.tenants[at]
	if !s.opens(t, token) {
		return SCIMPushed{}, unauthorized("unauthorized_credentials", "The bearer token is not one of the connection, or it has expired.")
	}
	p := &pushing{Server: s, tenant: t, members: map[string]*member{}}
	if err := p.check(&push); err != nil {
		return SCIMPushed{}, err
	}
	p.setGroups(push.Groups)
	for i := range push.Users {
		p.setUser(&push.Users[i], push.Groups)
	}
	p.deactivateOthers()
	t.follow()
	p.done.Groups = map[string]string{}
	for _, group := range t.directory.groups {
		p.done.Groups[group.Display] = group.Value
	}
	return p.done, nil
}

// opens tells whether a bearer token is good: the current one or, during a rotation, the next one, and not expired.
func (s *Server) opens(t *tenant, token string) bool {
	now := stamp(s.now())
	current := t.directory.tokens.current.is(token) && t.scim.BearerTokenExpires != nil && now < *t.scim.BearerTokenExpires
	next := t.directory.tokens.next.is(token) && t.scim.NextBearerTokenExpires != nil && now < *t.scim.NextBearerTokenExpires
	return current || next
}

// pushing is a push on its way.
type pushing struct {
	*Server
	tenant  *tenant
	members map[string]*member // by the user's external id; nil for one who is to be made
	done    SCIMPushed
}

// check looks at everything before anything is changed, and finds whom the users are.
func (p *pushing) check(push *SCIMPush) error {
	addresses := map[string]bool{}
	for i := range push.Users {
		user := &push.Users[i]
		if err := checkEmail(user.Email); err != nil {
			return err
		}
		user.Email = strings.ToLower(user.Email)
		if user.ExternalID == "" {
			user.ExternalID = user.Email
		}
		if _, twice := p.members[user.ExternalID]; twice || addresses[user.Email] {
			return badRequest("duplicate_email", "A user is named twice.")
		}
		m, err := p.find(user)
		if err != nil {
			return err
		}
		addresses[user.Email], p.members[user.ExternalID] = true, m
	}
	names := map[string]bool{}
	for _, group := range push.Groups {
		if group.Name == "" || names[group.Name] {
			return badRequest("bad_request", "A group has no name, or one that another has.")
		}
		names[group.Name] = true
		if group.ID != "" && !slices.ContainsFunc(p.tenant.directory.groups, func(g scimGroup) bool { return g.Value == group.ID }) {
			return badRequest("bad_request", "There is no group with this id.")
		}
		for _, one := range group.Members {
			if !slices.ContainsFunc(push.Users, func(user SCIMUser) bool { return user.is(one) }) {
				return badRequest("bad_request", "A group has a member who is none of the users.")
			}
		}
	}
	return nil
}

func (u *SCIMUser) is(ref string) bool { return u.ExternalID == ref || strings.EqualFold(u.Email, ref) }

// find gives the member whom the directory knows by the external id, deleted ones too; else whoever has the address; else nil.
func (p *pushing) find(user *SCIMUser) (*member, error) {
	byAddress := p.store.memberByEmail(p.tenant, user.Email)
	for _, m := range p.tenant.members {
		registration := m.SCIMRegistration
		if registration == nil || registration.SCIMAttributes.ExternalID != user.ExternalID {
			continue
		}
		if byAddress != nil && byAddress != m && !user.Inactive {
			return nil, errHasMember()
		}
		return m, nil
	}
	if byAddress != nil && byAddress.SCIMRegistration != nil {
		return nil, errHasMember() // the directory knows that member as somebody else
	}
	return byAddress, nil
}

// setGroups makes the groups those of the push. Groups that are gone give no roles any more.
func (p *pushing) setGroups(pushed []SCIMPushedGroup) {
	var groups []scimGroup
	for i := range pushed {
		group := &pushed[i]
		if group.ID == "" {
			at := slices.IndexFunc(p.tenant.directory.groups, func(g scimGroup) bool { return g.Display == group.Name })
			if at < 0 {
				group.ID = newID("scim-group")
			} else {
				group.ID = p.tenant.directory.groups[at].Value
			}
		}
		groups = append(groups, scimGroup{group.ID, group.Name})
	}
	p.tenant.directory.groups = groups
	var roles []scimGroupRole
	for _, role := range p.tenant.scim.GroupRoles {
		for _, group := range groups {
			if group.Value == role.GroupID {
				role.GroupName = group.Display
				roles = append(roles, role)
			}
		}
	}
	p.tenant.scim.GroupRoles = roles
}

// setUser makes a member what the directory says.
func (p *pushing) setUser(user *SCIMUser, groups []SCIMPushedGroup) {
	m, now := p.members[user.ExternalID], p.now()
	switch {
	case m == nil && user.Inactive:
		return
	case m == nil:
		m = p.store.addMember(p.tenant, newMember(p.tenant, newID("member"), user.Email, user.Name, statusActive, stamp(now)))
		m.EmailAddressVerified = false // until somebody has signed in with it
		p.members[user.ExternalID] = m
		p.done.Created++
	case user.Inactive && m.Status == statusDeleted:
	case user.Inactive:
		p.done.Deactivated++
		p.store.removeMember(m, now)
	default:
		p.done.Updated++
		if m.Status != statusActive {
			p.tenant.bringBack(m)
		}
		if !strings.EqualFold(m.EmailAddress, user.Email) {
			p.store.move(m, user.Email, true)
		}
	}
	if user.Name != "" {
		m.Name = user.Name
	}
	m.provision(p.tenant.scim.ConnectionID, user.ExternalID)
	for _, group := range groups {
		if slices.ContainsFunc(group.Members, user.is) {
			m.SCIMRegistration.SCIMAttributes.Groups = append(m.SCIMRegistration.SCIMAttributes.Groups, scimGroup{group.ID, group.Name})
		}
	}
	m.changed(now)
}

// bringBack makes a member active who was not.
func (t *tenant) bringBack(m *member) {
	m.Status = statusActive
	t.live = slices.DeleteFunc(slices.Clone(t.members), func(other *member) bool { return other.Status == statusDeleted })
}

// deactivateOthers ends the memberships of whom the directory does not name any more.
func (p *pushing) deactivateOthers() {
	for _, m := range slices.Clone(p.tenant.live) {
		registration := m.SCIMRegistration
		if registration == nil || registration.ConnectionID != p.tenant.scim.ConnectionID {
			continue
		}
		if _, named := p.members[registration.SCIMAttributes.ExternalID]; named {
			continue
		}
		p.store.removeMember(m, p.now())
		registration.SCIMAttributes.Active, registration.SCIMAttributes.Groups = false, nil
		p.done.Deactivated++
	}
}

// provision is what a directory tells of a member: who it is, in no group yet.
func (m *member) provision(connectionID, external string) {
	given, family, _ := strings.Cut(m.Name, " ")
	m.SCIMRegistration = &scimRegistration{
		ConnectionID: connectionID, RegistrationID: seedID("scim-member-registration", m.MemberID), ExternalID: &external,
		SCIMAttributes: &scimAttributes{
			UserName: m.EmailAddress, ID: m.MemberID, ExternalID: external, Active: m.Status == statusActive, DisplayName: m.Name,
			Emails: []scimValue{{m.EmailAddress, "work", true}},
			Name:   &scimName{Formatted: m.Name, GivenName: given, FamilyName: family},
		},
	}
}
