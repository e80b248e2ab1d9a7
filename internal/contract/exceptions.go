package contract

import "strings"

// neverNull lists the properties of answers that are references and yet never null. Each is what its answer is about: a client
// that took a null there for an empty object would act on nothing.
func neverNull(schema, property string) bool {
	switch property {
	case "results_metadata":
		return true // without it a list would silently end after one page
	case "type", "delivery_method":
		return schema == "api_session_v1_AuthenticationFactor" // a factor that does not say what it is proves nothing
	case "organization", "member":
		// Reads and sign-ins name the thing itself; only a discovered organization may lack them (a person who may join is no member).
		return strings.HasSuffix(schema, "Response")
	case "member_session":
		return schema == "api_b2b_session_v1_AuthenticateResponse" // this one answers only with a session that is alive
	}
	return false
}
