package sandbox

// handlers is what the sandbox has of the contract; every other operation is answered 501.
func handlers() map[string]handler {
	return map[string]handler{
		"api_debug_v1_Whoami":                                       (*call).whoami,
		"api_b2b_rbac_v1_Policy":                                    (*call).rbacPolicy,
		"api_organization_v1_Get":                                   (*call).organizationGet,
		"api_organization_v1_Search":                                (*call).organizationSearch,
		"api_organization_v1_Metrics":                               (*call).organizationMetrics,
		"api_organization_v1_ConnectedApps":                         (*call).organizationConnectedApps,
		"api_organization_v1_organizations_members_Search":          (*call).memberSearch,
		"api_organization_v1_organizations_members_Get":             (*call).memberGet,
		"api_organization_v1_organizations_members_DangerouslyGet":  (*call).memberDangerouslyGet,
		"api_sso_v1_GetConnections":                                 (*call).ssoGet,
		"api_b2b_scim_v1_b2b_scim_connection_Get":                   (*call).scimGet,
		"api_b2b_session_v1_Get":                                    (*call).sessionGet,
		"api_b2b_session_v1_Authenticate":                           (*call).sessionAuthenticate,
		"api_b2b_session_v1_Exchange":                               (*call).sessionExchange,
		"api_b2b_session_v1_Revoke":                                 (*call).sessionRevoke,
		"api_discovery_v1_discovery_organizations_List":             (*call).discoveryList,
		"api_discovery_v1_discovery_intermediate_sessions_Exchange": (*call).intermediateExchange,
		"api_b2b_magic_v1_b2b_magic_links_email_discovery_Send":     (*call).discoveryLinkSend,
		"api_b2b_magic_v1_b2b_magic_links_discovery_Authenticate":   (*call).discoveryLinkAuthenticate,
		"api_b2b_magic_v1_b2b_magic_links_email_LoginOrSignup":      (*call).linkLoginOrSignup,
		"api_b2b_magic_v1_Authenticate":                             (*call).linkAuthenticate,
		"api_b2b_otp_v1_b2b_otp_email_discovery_Send":               (*call).discoveryCodeSend,
		"api_b2b_otp_v1_b2b_otp_email_discovery_Authenticate":       (*call).discoveryCodeAuthenticate,
		"api_b2b_otp_v1_b2b_otp_email_LoginOrSignup":                (*call).codeLoginOrSignup,
		"api_b2b_otp_v1_b2b_otp_email_Authenticate":                 (*call).codeAuthenticate,
	}
}
