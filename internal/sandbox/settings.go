package sandbox

// Settings are those of an organization that say how its members sign in.
type Settings struct {
	// MFAPolicy is OPTIONAL or REQUIRED_FOR_ALL.
	MFAPolicy string
	// MFAMethods and AuthMethods are ALL_ALLOWED or RESTRICTED; only then the lists count.
	MFAMethods  string
	AuthMethods string
	// AllowedMFAMethods are of sms_otp and totp.
	AllowedMFAMethods []string
	// AllowedAuthMethods are of sso, magic_link, email_otp, password and the providers such as google_oauth.
	AllowedAuthMethods []string
}

// Configure changes the settings of the organization with this slug, for tests. An unknown one is an error. Sessions stay.
func (s *Server) Configure(slug string, change func(*Settings)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.store.organization(slug)
	if t == nil {
		return errNoOrganization
	}
	settings := Settings{t.MFAPolicy, t.MFAMethods, t.AuthMethods, t.AllowedMFAMethods, t.AllowedAuthMethods}
	change(&settings)
	t.MFAPolicy, t.MFAMethods, t.AllowedMFAMethods = settings.MFAPolicy, settings.MFAMethods, settings.AllowedMFAMethods
	t.AuthMethods, t.AllowedAuthMethods = settings.AuthMethods, settings.AllowedAuthMethods
	t.changed(s.now())
	return nil
}
