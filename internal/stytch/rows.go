package stytch

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Decoding is most of a list page's work, and most of what the upstream sends of a row is not shown. Rows are therefore
// taken apart by hand: a name that is not wanted is skipped without looking further into it.

// Room that is made for rows before the first one is read. Growing from nothing copies a page several times over.
const (
	usualPage  = 50
	usualRoles = 2
)

// organizationRows are the organizations of a search.
type organizationRows []OrganizationSummary

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (rows *organizationRows) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return decodeRows(dec, rows, usualPage, func(o *OrganizationSummary, name []byte) error {
		switch string(name) {
		case "organization_id":
			return decodeText(dec, &o.ID)
		case "organization_name":
			return decodeText(dec, &o.Name)
		case "organization_slug":
			return decodeText(dec, &o.Slug)
		case "auth_methods":
			return decodeText(dec, &o.AuthMethods)
		case "allowed_auth_methods":
			return json.UnmarshalDecode(dec, &o.AllowedAuthMethods)
		case "mfa_policy":
			return decodeText(dec, &o.MFAPolicy)
		case "sso_active_connections":
			return json.UnmarshalDecode(dec, &o.SSOActiveConnections)
		case "scim_active_connection":
			return json.UnmarshalDecode(dec, &o.SCIM)
		case "sso_jit_provisioning":
			return decodeText(dec, &o.SSOJIT)
		case "email_jit_provisioning":
			return decodeText(dec, &o.EmailJIT)
		case "email_invites":
			return decodeText(dec, &o.EmailInvites)
		case "oauth_tenant_jit_provisioning":
			return decodeText(dec, &o.OAuthTenantJIT)
		case "created_at":
			return decodeText(dec, &o.CreatedAt)
		}
		return dec.SkipValue()
	})
}

// memberRows are the members of a search.
type memberRows []MemberSummary

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (rows *memberRows) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return decodeRows(dec, rows, usualPage, func(m *MemberSummary, name []byte) error {
		switch string(name) {
		case "member_id":
			return decodeText(dec, &m.ID)
		case "organization_id":
			return decodeText(dec, &m.OrganizationID)
		case "email_address":
			return decodeText(dec, &m.Email)
		case "name":
			return decodeText(dec, &m.Name)
		case "status":
			return decodeText(dec, &m.Status)
		case "is_breakglass":
			return json.UnmarshalDecode(dec, &m.IsBreakglass)
		case "is_locked":
			return json.UnmarshalDecode(dec, &m.IsLocked)
		case "mfa_enrolled":
			return json.UnmarshalDecode(dec, &m.MFAEnrolled)
		case "mfa_phone_number":
			return decodeText(dec, &m.MFAPhone)
		case "totp_registration_id":
			return decodeText(dec, &m.TOTPID)
		case "roles":
			roles := roleRows(m.Roles)
			err := roles.UnmarshalJSONFrom(dec)
			m.Roles = roles
			return err
		case "created_at":
			return decodeText(dec, &m.CreatedAt)
		}
		return dec.SkipValue()
	})
}

// roleRows are the roles of a member in a list, without where they came from.
type roleRows []RoleName

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (rows *roleRows) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	return decodeRows(dec, rows, usualRoles, func(r *RoleName, name []byte) error {
		if string(name) == "role_id" {
			return decodeText(dec, &r.ID)
		}
		return dec.SkipValue()
	})
}

// decodeRows reads an array of objects, with room for as many as there usually are. null leaves the rows nil, which is how an answer without them shows.
func decodeRows[R ~[]T, T any](dec *jsontext.Decoder, rows *R, room int, field func(row *T, name []byte) error) error {
	open, err := dec.ReadToken()
	if err != nil || open.Kind() == 'n' {
		return err
	}
	if open.Kind() != '[' {
		return fmt.Errorf("an array is wanted, not %v", open.Kind())
	}
	*rows = make(R, 0, room)
	for dec.PeekKind() != ']' {
		begin, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if begin.Kind() != '{' {
			return fmt.Errorf("an object is wanted, not %v", begin.Kind())
		}
		*rows = append(*rows, *new(T))
		row := &(*rows)[len(*rows)-1]
		for dec.PeekKind() != '}' {
			name, err := dec.ReadValue()
			if err != nil {
				return err
			}
			if name.Kind() != '"' {
				return fmt.Errorf("a name is wanted, not %v", name.Kind())
			}
			// Names are compared as they are written. One with an escape in it is none that is wanted.
			if err := field(row, name[1:len(name)-1]); err != nil {
				return err
			}
		}
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// decodeText reads a string, which the upstream may leave null (rule unset-values).
func decodeText(dec *jsontext.Decoder, text *string) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	switch token.Kind() {
	case '"':
		*text = token.String()
	case 'n':
		*text = ""
	default:
		return fmt.Errorf("a string is wanted, not %v", token.Kind())
	}
	return nil
}
