package sandbox

// m2mSearch finds machine clients, in order of creation (rule m2m-search).
func (c *call) m2mSearch() (any, error) {
	in, err := decode[searchRequest](c)
	if err != nil {
		return nil, err
	}
	in.OrganizationIDs = nil
	either, err := in.either()
	if err != nil {
		return nil, err
	}
	operands, err := in.operands("m2m")
	if err != nil {
		return nil, err
	}
	var tests []test[*m2mClient]
	for _, o := range operands {
		one, err := m2mTest(o)
		if err != nil {
			return nil, err
		}
		tests = append(tests, one)
	}
	cut, metadata, err := cutPage(c, &in, matching(c.store.machineOrder, tests, either))
	if err != nil {
		return nil, err
	}
	clients := make([]m2mFields, 0, len(cut))
	for _, one := range cut {
		clients = append(clients, one.m2mFields)
	}
	return struct {
		envelope
		M2MClients      []m2mFields     `json:"m2m_clients"`
		ResultsMetadata resultsMetadata `json:"results_metadata"`
	}{c.ok(), clients, metadata}, nil
}

func m2mTest(o operand) (test[*m2mClient], error) {
	switch o.name {
	case "client_id":
		return exact(o, func(m *m2mClient) []string { return []string{m.ClientID} })
	case "client_name":
		return exact(o, func(m *m2mClient) []string { return []string{m.ClientName} })
	case "scopes":
		return exact(o, func(m *m2mClient) []string { return m.Scopes })
	}
	return nil, o.unknown()
}
