package stytch

import "context"

type rotatedAppClient struct {
	RequestID string `json:"request_id"`
	Client    struct {
		AppClient
		Next Secret `json:"next_client_secret"`
	} `json:"connected_app"`
}

func (a rotatedAppClient) complete() bool { return a.Client.complete() && a.Client.Next != "" }

// StartAppSecretRotation makes the secret that takes the place of a client's own, and returns it, this once. Both are good until the
// rotation is completed or cancelled (rule secret-rotation).
func (s Staff) StartAppSecretRotation(ctx context.Context, id string) (NewAppClient, error) {
	if !IsAppID(id) {
		return NewAppClient{}, ErrInput
	}
	got, err := checked[rotatedAppClient](ctx, s.tenant, AppSecretRotateStart, request{path: []string{id}, target: id})
	if err != nil {
		return NewAppClient{}, err
	}
	if got.Client.ID != id {
		return NewAppClient{}, mismatch(AppSecretRotateStart, got.RequestID)
	}
	return NewAppClient{got.RequestID, got.Client.AppClient, got.Client.Next}, nil
}

// CompleteAppSecretRotation ends the old secret: from now on only the new one is good.
func (s Staff) CompleteAppSecretRotation(ctx context.Context, id string) (AppClientAnswer, error) {
	return s.appClient(ctx, AppSecretRotate, id, nil)
}

// CancelAppSecretRotation ends the new secret: the old one stays.
func (s Staff) CancelAppSecretRotation(ctx context.Context, id string) (AppClientAnswer, error) {
	return s.appClient(ctx, AppSecretRotateCancel, id, nil)
}
