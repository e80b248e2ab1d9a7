package sandbox

// secondFactors are tenants that ask everybody for one kind of second factor, which nobody in them has yet.
func (s *seeder) secondFactors() {
	for _, one := range []struct{ slug, name, method, person string }{
		{"only-totp", "Lantern Works", "totp", "Iris Field"},
		{"only-sms", "Pebble Post", "sms_otp", "Jonah Reef"},
	} {
		t := s.organization(one.slug, one.name, func(o *organization) {
			o.MFAPolicy, o.MFAMethods, o.AllowedMFAMethods = requiredForAll, restricted, []string{one.method}
		})
		s.person(t, one.person, one.slug+".example", statusActive)
		s.support(t, ada)
	}
}
