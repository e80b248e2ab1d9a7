package main

import (
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json"
)

// everybody returns the id of the big organization and the addresses of its members: no address is asked to sign in
// twice, since the console limits that.
func (b *bench) everybody() (organizationID string, emails []string, err error) {
	var found struct {
		Organizations []struct {
			ID string `json:"organization_id"`
		} `json:"organizations"`
	}
	query := `{"limit":1,"query":{"operator":"AND","operands":[{"filter_name":"organization_slugs","filter_value":["big"]}]}}`
	if err := b.ask("/v1/b2b/organizations/search", query, &found); err != nil {
		return "", nil, err
	}
	if len(found.Organizations) != 1 {
		return "", nil, fmt.Errorf("%d organizations with the slug big", len(found.Organizations))
	}
	organizationID = found.Organizations[0].ID
	cursor := ""
	for {
		var page struct {
			Members []struct {
				Email  string `json:"email_address"`
				Status string `json:"status"`
			} `json:"members"`
			Metadata struct {
				Next string `json:"next_cursor"`
			} `json:"results_metadata"`
		}
		if err := b.ask("/v1/b2b/organizations/members/search", `{"organization_ids":["`+organizationID+`"],"limit":1000,"cursor":"`+cursor+`"}`, &page); err != nil {
			return "", nil, err
		}
		for _, m := range page.Members {
			if m.Status == "active" {
				emails = append(emails, m.Email)
			}
		}
		if cursor = page.Metadata.Next; cursor == "" {
			return organizationID, emails, nil
		}
	}
}

// ask calls the upstream with the project's secret.
func (b *bench) ask(path, body string, into any) error {
	resp, err := b.send(http.MethodPost, b.upstreamURL+path, body)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %d", path, resp.StatusCode)
	}
	return json.UnmarshalRead(resp.Body, into)
}
