package stytch

import "context"

// ProjectMetric is one count of the project.
type ProjectMetric struct {
	// Type is USER_COUNT, ORGANIZATION_COUNT, MEMBER_COUNT, M2M_CLIENT_COUNT, or a word that is not known yet.
	Type  string `json:"metric_type"`
	Count *int   `json:"count"`
}

type projectMetricsAnswer struct {
	RequestID string          `json:"request_id"`
	ProjectID string          `json:"project_id"`
	Metrics   []ProjectMetric `json:"metrics"`
}

func (a projectMetricsAnswer) complete() bool {
	for _, m := range a.Metrics {
		if m.Type == "" || m.Count == nil || *m.Count < 0 {
			return false
		}
	}
	return a.ProjectID != "" && a.Metrics != nil
}

// ProjectMetrics returns the counts of the project.
func (s Staff) ProjectMetrics(ctx context.Context) ([]ProjectMetric, error) {
	got, err := checked[projectMetricsAnswer](ctx, s.tenant, ProjectMetrics, request{})
	return got.Metrics, err
}
