package sandbox

import "slices"

type recoveryCodesAnswer struct {
	memberAnswer
	RecoveryCodes []string `json:"recovery_codes"`
}

// withRecoveryCodes finds a member who has an authenticator app, and so codes for when it is lost.
func (c *call) withRecoveryCodes(organization, id string) (*member, error) {
	if err := checkMemberID(id); err != nil {
		return nil, err
	}
	t, err := c.resolve(organization)
	if err != nil {
		return nil, err
	}
	m := t.member(c.store, id)
	if m == nil || m.Status == statusDeleted {
		return nil, errMemberNotFound()
	}
	if m.TOTPRegistrationID == "" {
		return nil, errRecoveryCodesNotFound()
	}
	return m, nil
}

func errRecoveryCodesNotFound() error {
	return notFound("recovery_codes_not_found", "The member has no recovery codes.")
}

// recoveryCodesGet shows the codes that were not used yet. The project's secret alone is enough.
func (c *call) recoveryCodesGet() (any, error) {
	m, err := c.withRecoveryCodes(c.params["organization_id"], c.params["member_id"])
	if err != nil {
		return nil, err
	}
	return recoveryCodesAnswer{c.memberAnswer(m), m.app.recovery}, nil
}

// recoveryCodesRotate makes ten new ones; none of the old ones works any more.
func (c *call) recoveryCodesRotate() (any, error) {
	in, err := decode[struct {
		OrganizationID string `json:"organization_id"`
		MemberID       string `json:"member_id"`
	}](c)
	if err != nil {
		return nil, err
	}
	m, err := c.withRecoveryCodes(in.OrganizationID, in.MemberID)
	if err != nil {
		return nil, err
	}
	m.app.recovery = recoveryCodes(randomBytes(120))
	return recoveryCodesAnswer{c.memberAnswer(m), m.app.recovery}, nil
}

type recoverRequest struct {
	proofRequest
	Code string `json:"recovery_code"`
}

type recoverAnswer struct {
	secondAnswer
	Remaining int `json:"recovery_codes_remaining"`
}

// recoveryCodesRecover takes a recovery code for a code of the authenticator app, and uses it up.
func (c *call) recoveryCodesRecover() (any, error) {
	in, err := decode[recoverRequest](c)
	if err != nil {
		return nil, err
	}
	if checkCode(in.Code) == nil {
		return nil, badRequest("totp_code_used_as_recovery_code", "This is a code of an authenticator app, not a recovery code.")
	}
	if !recoveryShape.MatchString(in.Code) {
		return nil, badRequest("invalid_recovery_code", "The recovery code must look like xxxx-xxxx-xxxx.")
	}
	step, err := c.proving(&in.proofRequest, "totp")
	if err != nil {
		return nil, err
	}
	m := step.member
	if m.TOTPRegistrationID == "" {
		return nil, errRecoveryCodesNotFound()
	}
	at := slices.Index(m.app.recovery, in.Code)
	if at < 0 {
		c.store.failures[m.MemberID]++
		c.lockAfterFailures(m)
		return nil, unauthorized("unable_to_authenticate_recovery_code", "The recovery code could not be authenticated.")
	}
	m.app.recovery = slices.Concat(m.app.recovery[:at], m.app.recovery[at+1:])
	outcome, err := c.proved(&in.proofRequest, step, recoveryFactor(m, c.time), "")
	if err != nil {
		return nil, err
	}
	return recoverAnswer{outcome, len(m.app.recovery)}, nil
}
