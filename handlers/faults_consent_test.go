package handlers_test

import (
	"net/http"
	"time"

	"console.internal/internal/stytch"
)

// wordsLost stand where a decision was sent and nobody knows what came of it.
const wordsLost = "The answer to your decision was lost"

// lostDecisions are the faults of a decision whose end is not known. Nothing is sent again by itself.
func lostDecisions() map[string]cell {
	lost := map[string]cell{}
	for _, s := range spoils {
		if s.status >= http.StatusInternalServerError && s.name != "401" {
			lost[s.name] = cell{s.status, wordsLost}
		}
	}
	return mended(lost, stytch.Authorize)
}

// consentDrivers spoil the visits to the authorization endpoint. What is read beside the question may be missing: the page stands without.
func consentDrivers() []*driver {
	beside := map[string]outcome{stytch.ConsentClientGet.String(): quiet, stytch.OwnAppsList.String(): quiet}
	unknown := mended(map[string]cell{"404": {http.StatusBadRequest, "This app is not known here"}}, stytch.ConsentClientGet)
	all := append(driversOf(consentDrives, []spoiledVisit{
		{route: "GET /oauth/authorize", names: []string{"stranger", "stranger, not to be asked"}, special: unknown},
		{route: "GET /oauth/authorize", names: []string{"asked", "asked, not long ago"}, outcome: beside},
		{route: "GET /oauth/authorize", names: []string{"straight on"}, outcome: beside},
		{route: "GET /oauth/who", names: []string{"signed in"}, outcome: map[string]outcome{stytch.DiscoveryOrganizations.String(): quiet}},
	}), driversOf(consentDrives, []spoiledVisit{
		{route: "POST /oauth/authorize", names: []string{"allowed"}, special: lostDecisions()},
		{route: "POST /oauth/authorize", names: []string{"not allowed any more"}, special: both(both(lostDecisions(), mended(map[string]cell{
			"404": {http.StatusForbidden, "does not let An app without a name in"},
		}, stytch.ConsentClientGet)), mended(map[string]cell{
			"garbage": {http.StatusBadGateway, "Stytch refused this"}, // the answer is a refusal, whatever is in it
		}, stytch.Authorize))},
		{route: "POST /oauth/ask", names: []string{"asked for"}},
		{route: "POST /oauth/account", names: []string{"signed in", "as support elsewhere"}, outcome: map[string]outcome{
			stytch.SessionRevoke.String(): quiet, stytch.EntryDelete.String(): quiet,
		}},
	})...)
	for _, d := range all {
		d.private = append(d.private, goodState, goodNonce, goodChallenge)
		d.anew = d.write
		visit := d.drive
		d.open = func(f *tapped) *browser {
			f.ahead.Add(int64(61 * time.Second))
			b := anew(visit.who)(f)
			if visit.form != nil {
				b.ready = visit.form(b)
			}
			return b
		}
		d.act = func(f *tapped, b *browser) *answer {
			f.ahead.Add(int64(61 * time.Second)) // what was known of clients counts no more
			if visit.form != nil {
				return b.post(visit.path(f.fixture), b.ready)
			}
			return b.get(visit.path(f.fixture))
		}
	}
	return all
}
