package access

import "dozvon/client"

// Anybody is the need of an endpoint that asks for no token.
const Anybody client.Role = ""

// Policy gives every endpoint of the API, by operation id, the least role it needs. An
// endpoint that is not in it does not start: the router refuses to register it.
var Policy = map[string]client.Role{
	"create-session":        Anybody,
	"delete-session":        client.RoleOperator,
	"get-me":                client.RoleOperator,
	"stream":                client.RoleOperator,
	"lookup":                client.RoleOperator,
	"list-calls":            client.RoleOperator,
	"get-call":              client.RoleOperator,
	"create-call":           client.RoleOperator,
	"hangup-call":           client.RoleOperator,
	"transfer-call":         client.RoleOperator,
	"hold-call":             client.RoleOperator,
	"resume-call":           client.RoleOperator,
	"connect-call":          client.RoleOperator,
	"return-call":           client.RoleOperator,
	"record-call":           client.RoleOperator,
	"send-sms":              client.RoleOperator,
	"note-call":             client.RoleOperator,
	"bind-call":             client.RoleOperator,
	"get-recording":         client.RoleOperator,
	"list-feed":             client.RoleOperator,
	"create-note":           client.RoleOperator,
	"list-clients":          client.RoleOperator,
	"create-client":         client.RoleOperator,
	"get-client":            client.RoleOperator,
	"update-client":         client.RoleOperator,
	"delete-client":         client.RoleOperator,
	"list-contracts":        client.RoleOperator,
	"create-contract":       client.RoleOperator,
	"get-contract":          client.RoleOperator,
	"update-contract":       client.RoleOperator,
	"delete-contract":       client.RoleOperator,
	"list-employees":        client.RoleOperator,
	"create-employee":       client.RoleDirector,
	"update-employee":       client.RoleDirector,
	"list-integrations":     client.RoleAccountant,
	"create-integration":    client.RoleAccountant,
	"update-integration":    client.RoleAccountant,
	"delete-integration":    client.RoleAccountant,
	"get-extensions":        client.RoleAccountant,
	"set-extensions":        client.RoleAccountant,
	"check-integration":     client.RoleAccountant,
	"list-pbx-extensions":   client.RoleAccountant,
	"bell-test":             client.RoleAccountant,
	"reconcile-integration": client.RoleAccountant,
	"plan-address-book":     client.RoleAccountant,
	"report-calls":          client.RoleManager,
	"get-settings":          client.RoleOperator,
	"update-settings":       client.RoleAccountant,
}
