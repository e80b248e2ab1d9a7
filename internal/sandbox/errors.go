package sandbox

import (
	"errors"
	"fmt"
	"net/http"
)

// apiError is a refusal in the upstream's own envelope.
type apiError struct {
	status  int
	kind    string
	message string
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s", e.status, e.kind) }

// refuse makes the error that a handler returns.
func refuse(status int, kind, message string) error {
	return &apiError{status: status, kind: kind, message: message}
}

func badRequest(kind, message string) error { return refuse(http.StatusBadRequest, kind, message) }

func notFound(kind, message string) error { return refuse(http.StatusNotFound, kind, message) }

func unauthorized(kind, message string) error { return refuse(http.StatusUnauthorized, kind, message) }

// errorAnswer is the body of every refusal; all five fields are required by the contract.
type errorAnswer struct {
	StatusCode   int    `json:"status_code"`
	RequestID    string `json:"request_id"`
	ErrorType    string `json:"error_type"`
	ErrorMessage string `json:"error_message"`
	ErrorURL     string `json:"error_url"`
}

func (e *apiError) answer(requestID string) errorAnswer {
	return errorAnswer{
		StatusCode:   e.status,
		RequestID:    requestID,
		ErrorType:    e.kind,
		ErrorMessage: e.message,
		ErrorURL:     fmt.Sprintf("https://stytch.com/docs/api/errors/%d#%s", e.status, e.kind),
	}
}

// Refusals that several areas share.

func errInternal() error {
	return refuse(http.StatusInternalServerError, "internal_server_error",
		"Oops, something seems to have gone wrong, please reach out to support@stytch.com to let us know what went wrong.")
}

func errTooManyRequests() error {
	return refuse(http.StatusTooManyRequests, "too_many_requests", "Too many requests have been made.")
}

func errOrganizationNotFound() error {
	return notFound("organization_not_found", "The organization could not be found.")
}

func errMemberNotFound() error {
	return notFound("member_not_found", "The member could not be found.")
}

func errSessionNotFound() error {
	return notFound("session_not_found", "Session could not be found.")
}

func errInvalidSessionToken() error {
	return badRequest("invalid_session_token", "Session token format is invalid.")
}

func errNotAuthorized() error {
	return refuse(http.StatusForbidden, "session_authorization_error",
		"The Member is not authorized to perform the requested action on that resource.")
}

func errOtherTenant() error {
	return refuse(http.StatusForbidden, "session_authorization_tenancy_error",
		"OrganizationID in AuthorizationCheck request does not match session's Organization ID")
}

func errRestrictedMethod() error {
	return badRequest("operation_restricted_by_organization_auth_methods", "The organization does not allow this way to sign in.")
}

func errInvalidEmail() error {
	return badRequest("invalid_email", "email_address format is invalid.")
}

func errLocked() error {
	return refuse(http.StatusTooManyRequests, "user_lock_limit_reached",
		"The user has been locked out due to too many failed authentication attempts. Please try again later.")
}

// asRefusal gives the refusal in an error, or nil.
func asRefusal(err error) *apiError {
	refusal, isRefusal := errors.AsType[*apiError](err)
	if !isRefusal {
		return nil
	}
	return refusal
}
