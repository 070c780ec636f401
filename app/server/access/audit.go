package access

import "context"

// What the audit tells that somebody did. The words are fixed: they stand in the database and on
// the wire.
const (
	ActionSignIn        = "sign_in"
	ActionSignInRefused = "sign_in_refused"
	ActionSignOut       = "sign_out"
	// ActionSessionEnd is a session ended by its owner elsewhere, or by a director.
	ActionSessionEnd = "session_end"

	ActionAccountCreate = "account_create"
	// ActionFirstAccount is the first administrator, who came in by the server's one-time code.
	ActionFirstAccount = "first_account"
	// ActionAccountChange is a change of name, login or extension; role, password and switching off
	// have words of their own.
	ActionAccountChange = "account_change"
	ActionAccountOff    = "account_off"
	ActionAccountOn     = "account_on"
	ActionRole          = "role"
	ActionPassword      = "password"

	ActionIntegrationCreate = "integration_create"
	ActionIntegrationChange = "integration_change"
	ActionIntegrationDelete = "integration_delete"
	ActionExtensions        = "extensions"
	// ActionSubscription, ActionReconcile and ActionConnectivity are what somebody had done with a PBX: its
	// subscription made anew, calls compared with its statistics, their own telephone rung.
	ActionSubscription = "subscription_renew"
	ActionReconcile    = "reconcile"
	ActionConnectivity = "connectivity_test"
	ActionSettings     = "settings"

	ActionListen   = "listen"
	ActionDownload = "download"
	ActionCallBind = "call_bind"
	// ActionFlagSet and ActionFlagDelete are a word set at a moment of a recording, and taken away.
	ActionFlagSet    = "flag_set"
	ActionFlagDelete = "flag_delete"
	ActionExport     = "export"

	ActionImportUpload = "import_upload"
	ActionImportTry    = "import_try"
	ActionImportRun    = "import_run"
	ActionImportDelete = "import_delete"
	// ActionImportUndo is an import, or a go of another CRM, taken back as a whole.
	ActionImportUndo = "import_undo"

	ActionCardDelete  = "card_delete"
	ActionCardRestore = "card_restore"
	ActionCardMerge   = "card_merge"
	ActionUndo        = "undo"
	// ActionErase is a person's data removed for good.
	ActionErase = "erase"
)

// Actions are all of them, in the order in which a filter may show them.
var Actions = []string{
	ActionSignIn, ActionSignInRefused, ActionSignOut, ActionSessionEnd,
	ActionAccountCreate, ActionFirstAccount, ActionAccountChange, ActionAccountOff, ActionAccountOn, ActionRole, ActionPassword,
	ActionIntegrationCreate, ActionIntegrationChange, ActionIntegrationDelete, ActionExtensions,
	ActionSubscription, ActionReconcile, ActionConnectivity, ActionSettings,
	ActionListen, ActionDownload, ActionFlagSet, ActionFlagDelete, ActionCallBind, ActionExport,
	ActionImportUpload, ActionImportTry, ActionImportRun, ActionImportDelete, ActionImportUndo,
	ActionCardDelete, ActionCardRestore, ActionCardMerge, ActionUndo, ActionErase,
}

// Console is the login that stands in the audit for the commands of the server's own machine.
const Console = "console"

// Caller is from where something is asked. The zero value is the server's own machine.
type Caller struct {
	// Address is the IP address of the asking program, behind our own proxies too; empty for commands.
	Address string
	// Session is the id of the session, never its token; empty before signing in.
	Session string
}

type callerKey struct{}

// WithCaller says in ctx from where something is asked. The API does it for every request.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf tells from where something is asked.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
