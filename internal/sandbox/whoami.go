package sandbox

func (c *call) whoami() (any, error) {
	return struct {
		envelope
		ProjectID string `json:"project_id"`
		Name      string `json:"name"`
	}{c.ok(), c.projectID, "Sandbox"}, nil
}
