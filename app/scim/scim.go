// Package scim lets the company's directory bring accounts and groups up to date by itself: SCIM 2.0 (RFC 7643 and 7644)
// under /scim/v2. What people do about groups in their browser is the matter of groups, and how someone whom the
// directory told of signs in is that of accounts.
package scim

import (
	"ruche/app/web"
)

// SCIM is the feature.
type SCIM struct {
	web *web.Web
}

// New returns the feature.
func New(w *web.Web) *SCIM { return &SCIM{w} }

// Prefix is where the directory finds it.
const Prefix = "/scim/v2"

// Names of schemas and messages.
const (
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	listMessage      = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	errorMessage     = "urn:ietf:params:scim:api:messages:2.0:Error"
	patchMessage     = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

// by is what the log says of a change that the directory made.
const by = "scim"
