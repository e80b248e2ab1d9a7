package sandbox

import "errors"

var (
	errNoOrganization  = errors.New("sandbox: no such organization")
	errNoMember        = errors.New("sandbox: no such member")
	errNoAuthenticator = errors.New("sandbox: the member has no authenticator app")
)

// OrganizationID is the id of an organization by its slug, for tests. An unknown one is an error.
func (s *Server) OrganizationID(slug string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tenant := s.store.organization(slug)
	if tenant == nil {
		return "", errNoOrganization
	}
	return tenant.OrganizationID, nil
}

// MemberID is the id of a member by the organization's slug and the e-mail address, for tests. An unknown one is an error.
func (s *Server) MemberID(slug, email string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	member, err := s.lookup(slug, email)
	if err != nil {
		return "", err
	}
	return member.MemberID, nil
}

// RemoveMember deletes a member, for tests: all their sessions are over. Slug and email name the member; an unknown one is an
// error.
func (s *Server) RemoveMember(slug, email string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.lookup(slug, email)
	if err != nil {
		return err
	}
	s.store.removeMember(m, s.now())
	return nil
}

// lookup finds a member by the organization's slug and the e-mail address; the caller holds mu.
func (s *Server) lookup(slug, email string) (*member, error) {
	tenant := s.store.organization(slug)
	if tenant == nil {
		return nil, errNoOrganization
	}
	member := s.store.memberByEmail(tenant, email)
	if member == nil {
		return nil, errNoMember
	}
	return member, nil
}
