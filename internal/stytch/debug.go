package stytch

import "context"

// Project is the project that the credentials belong to.
type Project struct {
	ID   string `json:"project_id"`
	Name string `json:"name"`
}

func (p Project) complete() bool { return p.ID != "" }

// Whoami returns the project of the credentials, which makes it a probe of them.
func (c *Client) Whoami(ctx context.Context) (Project, error) {
	return open[Project](ctx, c, Whoami, request{})
}
