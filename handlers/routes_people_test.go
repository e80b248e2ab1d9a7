package handlers_test

import (
	"net/http"
	"net/url"
	"time"

	"console.internal/internal/paths"
	"console.internal/internal/sandbox"
)

// People who have a second factor, and a number that nobody has.
const (
	nadia     = "nadia.petrova@globex.example" // an authenticator app
	samsPhone = "+14155550199"                 // in globex
	newPhone  = "+442079460958"
)

// goodPassword is one that the upstream takes.
const goodPassword = "violet-lantern-harbour-94"

// of is an address that speaks of an organization on the way into it.
func of(slug string, path func(organizationID string) string) func(*fixture) string {
	return func(f *fixture) string { return path(f.organization(slug)) }
}

// mfa is where a second factor is asked for.
func mfa(method string) func(string) string {
	return func(organizationID string) string { return paths.LoginMFAFor(organizationID, method) }
}

// linked has chosen an organization that does not take the link by which they came.
func linked(email, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := asked(email, "", "link")(f)
		b.post(paths.Authenticate, mailedLink(email)(b)).leads(paths.LoginOrganizations)
		b.chooses(slug)
		return b
	}
}

// chooses stops on the way into an organization that asks for more.
func (b *browser) chooses(slug string) {
	b.f.t.Helper()
	b.post(paths.LoginOrganizations, choose(slug)(b)).asksMore(slug)
}

// asksMore fails unless the answer leads to what an organization asks for besides.
func (a *answer) asksMore(slug string) {
	a.t.Helper()
	id := a.f.organization(slug)
	if to := a.header.Get("Location"); to != paths.LoginMoreFor(id) && to != paths.LoginMFAFor(id, "") {
		a.t.Fatalf("status %d to %q, want the page of what %s asks for; h1 %q", a.status, to, slug, a.h1())
	}
}

// entering is signed in as staff and on the way into a tenant that asks for more.
func entering(email, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := f.signIn(email, "support-desk")
		b.post(paths.Enter(f.organization(slug)), url.Values{}).asksMore(slug)
		return b
	}
}

// settingUp has an authenticator app that waits for its first code, on the way into an organization.
func settingUp(email, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := stopped(email, slug)(f)
		b.post(paths.LoginMFAStart, middle(slug, "method", "totp")(b)).leads(paths.LoginMFAFor(f.organization(slug), "totp"))
		return b
	}
}

// texted has given a number on the way into an organization.
func texted(email, slug string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := stopped(email, slug)(f)
		b.post(paths.LoginMFAStart, middle(slug, "method", "sms_otp", "phone", newPhone)(b)).leads(paths.LoginMFAFor(f.organization(slug), "sms_otp"))
		return b
	}
}

// middle is a form on the way into an organization.
func middle(slug string, pairs ...string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		v := values(pairs...)
		v.Set("organization_id", b.f.organization(slug))
		return v
	}
}

// appCode is the form with the code of a member's authenticator app, now.
func appCode(slug, email string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		return middle(slug, "method", "totp", "code", b.f.authenticator(slug, email).Code)(b)
	}
}

func (f *fixture) authenticator(slug, email string) sandbox.Authenticator {
	f.t.Helper()
	app, err := f.sandbox.Authenticator(slug, email)
	if err != nil {
		f.t.Fatal(err)
	}
	return app
}

func textCode(slug, phone string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		return middle(slug, "method", "sms_otp", "code", b.f.lastMail(phone).Code)(b)
	}
}

func recoveryCode(slug, email string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		return middle(slug, "method", "recovery_code", "code", b.f.authenticator(slug, email).RecoveryCodes[0])(b)
	}
}

// typed is the sign-in form with the password of the seed.
func typed(email string, pairs ...string) func(*browser) url.Values {
	return form(append([]string{"email", email, "method", "password", "password", sandbox.SeedPassword}, pairs...)...)
}

// newPassword is the form behind the newest reset link.
func newPassword(email string, pairs ...string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		v := linkForm(b.f.t, b.f.lastMail(email).Link)
		v.Set("password", goodPassword)
		for i := 0; i+1 < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v
	}
}

// provided is the form behind the way back from an OAuth provider, where the account of an address was chosen.
func provided(provider, slug, email string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		b.f.t.Helper()
		out := b.get(paths.LoginOAuth(provider, slug)).want(http.StatusOK)
		back, err := b.f.sandbox.FinishOAuth(out.doc().Find("main a.go").AttrOr("href", ""), email)
		if err != nil {
			b.f.t.Fatal(err)
		}
		return linkForm(b.f.t, back)
	}
}

// impersonating is the form behind a link of the upstream's dashboard.
func impersonating(slug, email string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		b.f.t.Helper()
		link, err := b.f.sandbox.Impersonate(slug, email, ada)
		if err != nil {
			b.f.t.Fatal(err)
		}
		return linkForm(b.f.t, link)
	}
}

// impersonated acts as a member.
func impersonated(slug, email string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := f.browser()
		b.post(paths.Authenticate, impersonating(slug, email)(b)).leads(paths.Organization(f.organization(slug)))
		return b
	}
}

// stale signed in more than five minutes ago.
func stale(who func(*fixture) *browser) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		f.advance(6 * time.Minute)
		return b
	}
}

// secured is signed in as ada to the staff organization, which asks everybody for a second factor: an app, or a phone.
func secured(method string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		f.t.Helper()
		const desk = "support-desk"
		if err := f.sandbox.Configure(desk, func(s *sandbox.Settings) { s.MFAPolicy = "REQUIRED_FOR_ALL" }); err != nil {
			f.t.Fatal(err)
		}
		if method == "sms_otp" {
			b := texted(ada, desk)(f)
			b.post(paths.LoginMFA, textCode(desk, newPhone)(b)).leads(paths.Organizations)
			return b
		}
		b := settingUp(ada, desk)(f)
		b.post(paths.LoginMFA, appCode(desk, ada)(b)).want(http.StatusOK)
		return b
	}
}

// withPassword is ada at the support desk, signed in by a new password.
func withPassword(f *fixture) *browser {
	b := asked(ada, "support-desk", "reset")(f)
	b.post(paths.Password, newPassword(ada)(b)).want(http.StatusSeeOther)
	return b
}

// proofSent has asked for a code that proves the person anew, on the way to what a form does.
func proofSent(who func(*fixture) *browser, method string, path func(*fixture) string) func(*fixture) *browser {
	return func(f *fixture) *browser {
		b := who(f)
		b.post(path(f), values("proof_method", method, "proof_send", "yes")).want(http.StatusOK)
		return b
	}
}

// proving is a form with what proves the person anew.
func proving(method string, secret func(*fixture) string, pairs ...string) func(*browser) url.Values {
	return func(b *browser) url.Values {
		v := values(pairs...)
		v.Set("proof_method", method)
		name := "proof_code"
		if method == "password" {
			name = "proof_password"
		}
		v.Set(name, secret(b.f))
		return v
	}
}

func made(secret string) func(*fixture) string { return func(*fixture) string { return secret } }

// mailed is the code of the newest message.
func mailed(to string) func(*fixture) string {
	return func(f *fixture) string { return f.lastMail(to).Code }
}

// nextCode is a code of a member's authenticator app that was not used yet.
func nextCode(slug, email string) func(*fixture) string {
	return func(f *fixture) string { return f.authenticator(slug, email).NextCode }
}

func firstRecoveryCode(slug, email string) func(*fixture) string {
	return func(f *fixture) string { return f.authenticator(slug, email).RecoveryCodes[0] }
}
