package sandbox

// projectMetrics counts what the project has. Members are counted in every organization, without the deleted ones; the project
// has no users outside organizations (rule project-metrics).
func (c *call) projectMetrics() (any, error) {
	members := 0
	for _, t := range c.store.tenants {
		members += len(t.live)
	}
	type metric struct {
		MetricType string `json:"metric_type"`
		Count      int    `json:"count"`
	}
	return struct {
		envelope
		ProjectID string   `json:"project_id"`
		Metrics   []metric `json:"metrics"`
	}{c.ok(), c.projectID, []metric{
		{"USER_COUNT", 0},
		{"ORGANIZATION_COUNT", len(c.store.tenants)},
		{"MEMBER_COUNT", members},
		{"M2M_CLIENT_COUNT", len(c.store.machineOrder)},
	}}, nil
}
