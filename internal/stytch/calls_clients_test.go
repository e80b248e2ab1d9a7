package stytch

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"
)

// appCalls are the methods about what members let in, and what an app asks of them.
func appCalls(c *Client, t Tenant, s Staff) map[Operation]func(context.Context) error {
	return map[Operation]func(context.Context) error{
		ConsentClientGet:   func(ctx context.Context) error { return second(c.ConsentClient(ctx, appID)) },
		AuthorizeStart:     func(ctx context.Context) error { return second(t.AuthorizeStart(ctx, wholeAuthorization)) },
		Authorize:          func(ctx context.Context) error { return second(t.Authorize(ctx, wholeAuthorization, true)) },
		ConsentPreview:     func(ctx context.Context) error { return second(s.PreviewConsent(ctx, t, otherID, wholeAuthorization)) },
		OrganizationAppGet: func(ctx context.Context) error { return second(t.OrganizationApp(ctx, appID)) },
		OwnAppsList:        func(ctx context.Context) error { return second(t.OwnApps(ctx)) },
		OwnAppRevoke:       func(ctx context.Context) error { return second(t.RevokeOwnApp(ctx, "app")) },
	}
}

// clientCalls are the methods by which the support staff keep the clients of the project, of either kind.
func clientCalls(s Staff) map[Operation]func(context.Context) error {
	return map[Operation]func(context.Context) error{
		AppClientsSearch:      func(ctx context.Context) error { return second(s.SearchAppClients(ctx, "c", 5)) },
		AppClientGet:          func(ctx context.Context) error { return second(s.AppClient(ctx, appID)) },
		AppClientCreate:       func(ctx context.Context) error { return second(s.CreateAppClient(ctx, AppFirstParty, wholeClient())) },
		AppClientUpdate:       func(ctx context.Context) error { return second(s.UpdateAppClient(ctx, appID, wholeClient())) },
		AppClientDelete:       func(ctx context.Context) error { return second(s.DeleteAppClient(ctx, appID)) },
		AppSecretRotateStart:  func(ctx context.Context) error { return second(s.StartAppSecretRotation(ctx, appID)) },
		AppSecretRotate:       func(ctx context.Context) error { return second(s.CompleteAppSecretRotation(ctx, appID)) },
		AppSecretRotateCancel: func(ctx context.Context) error { return second(s.CancelAppSecretRotation(ctx, appID)) },
		M2MClientsSearch:      func(ctx context.Context) error { return second(s.SearchM2MClients(ctx, wholeM2MSearch)) },
		M2MClientGet:          func(ctx context.Context) error { return second(s.M2MClient(ctx, m2mID)) },
		M2MClientCreate:       func(ctx context.Context) error { return second(s.CreateM2MClient(ctx, wholeM2M)) },
		M2MClientUpdate:       func(ctx context.Context) error { return second(s.UpdateM2MClient(ctx, m2mID, wholeM2MChange())) },
		M2MClientDelete:       func(ctx context.Context) error { return second(s.DeleteM2MClient(ctx, m2mID)) },
		M2MSecretRotateStart:  func(ctx context.Context) error { return second(s.StartM2MSecretRotation(ctx, m2mID)) },
		M2MSecretRotate:       func(ctx context.Context) error { return second(s.CompleteM2MSecretRotation(ctx, m2mID)) },
		M2MSecretRotateCancel: func(ctx context.Context) error { return second(s.CancelM2MSecretRotation(ctx, m2mID)) },
		ProjectMetrics:        func(ctx context.Context) error { return second(s.ProjectMetrics(ctx)) },
	}
}

// What follows fills in every field that a request can have.
var (
	wholeAuthorization = Authorization{
		ClientID: appID, RedirectURI: aRedirect, Scopes: []string{"openid", "offline_access"}, Prompt: "consent", State: "s", Nonce: "n",
		Challenge: challenge, Resources: []string{"https://api.example"},
	}
	wholeM2M       = NewM2MClient{ID: m2mID, Name: "n", Description: "d", Secret: "a-secret-that-somebody-chose", Scopes: []string{"read:x"}, Trusted: jsontext.Value(`{"a":1}`)}
	wholeM2MSearch = M2MClientSearch{Operands: []Operand{{"client_name", []string{"n"}}}, Cursor: "c", Limit: 5}
)

const aRedirect = "https://app.example/callback"

func wholeM2MChange() M2MClientChange {
	name, description, status, scopes := "n", "d", "inactive", []string{"read:x"}
	return M2MClientChange{&name, &description, &status, &scopes, jsontext.Value(`{"a":null}`)}
}
