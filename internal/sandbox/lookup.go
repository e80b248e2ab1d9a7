package sandbox

import "errors"

// OrganizationID is the id of an organization by its slug, for tests. An unknown one is an error.
func (s *Server) OrganizationID(slug string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tenant := s.store.organization(slug)
	if tenant == nil {
		return "", errors.New("sandbox: no such organization")
	}
	return tenant.OrganizationID, nil
}

// MemberID is the id of a member by the organization's slug and the e-mail address, for tests. An unknown one is an error.
func (s *Server) MemberID(slug, email string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	tenant := s.store.organization(slug)
	if tenant == nil {
		return "", errors.New("sandbox: no such organization")
	}
	member := s.store.memberByEmail(tenant, email)
	if member == nil {
		return "", errors.New("sandbox: no such member")
	}
	return member.MemberID, nil
}
