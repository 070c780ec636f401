package present

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// AuditLine is an entry of the audit, ready for the screen.
type AuditLine struct {
	ID, When string
	Who      string // the employee, the console, or the login that somebody tried
	What     string
	About    string // what it was done to, and the few values that were noted
	From     string // address; empty for the server's own console
	Refused  bool
}

// AuditGroup is a kind of deeds that the audit can be narrowed to.
type AuditGroup struct {
	Name    string // the end of its key among the words: audit.group_…
	Actions []string
}

// AuditGroups are all kinds, in their order on the screen; the first is everything.
func AuditGroups() []AuditGroup {
	return []AuditGroup{
		{Name: "all"},
		{"sign_in", []string{"sign_in", "sign_in_refused", "sign_out", "session_end"}},
		{"people", []string{"account_create", "first_account", "account_change", "account_off", "account_on", "role", "password"}},
		{"telephony", []string{"integration_create", "integration_change", "integration_delete", "extensions", "subscription_renew", "reconcile", "connectivity_test", "settings"}},
		{"recordings", []string{"listen", "download", "flag_set", "flag_delete"}},
		{"files", []string{"export", "import_upload", "import_try", "import_run", "import_undo", "import_delete"}},
		{"cards", []string{"card_delete", "card_restore", "card_merge", "call_bind", "undo", "erase"}},
	}
}

// consoleLogin is what the server notes for commands given on its own machine.
const consoleLogin = "console"

// AuditLines puts entries of the audit in words. An action or a value that this version has no
// words for stands as the server wrote it: an audit must not hide anything.
func AuditLines(entries []client.AuditEntry, text *i18n.Text, now time.Time) []AuditLine {
	out := make([]AuditLine, 0, len(entries))
	for _, e := range entries {
		out = append(out, AuditLine{
			ID: e.ID, When: text.Moment(e.At, now), Who: auditWho(e, text), What: wordsOr(text, "audit.", e.Action),
			About: auditAbout(e, text), From: e.Address, Refused: e.Action == "sign_in_refused",
		})
	}
	return out
}

func auditWho(e client.AuditEntry, text *i18n.Text) string {
	switch {
	case e.Employee != nil:
		return e.Employee.Name
	case e.Login == consoleLogin:
		return text.T("audit.console")
	case e.Login != "":
		return text.T("audit.login", "login", e.Login)
	}
	return text.T("audit.nobody")
}

func auditAbout(e client.AuditEntry, text *i18n.Text) string {
	var parts []string
	kind, id, named := strings.Cut(e.Target, ":")
	switch {
	case e.TargetName != "":
		parts = append(parts, e.TargetName)
	case named:
		parts = append(parts, wordsOr(text, "audit.kind_", kind)+" "+id)
	case e.Target != "":
		parts = append(parts, wordsOr(text, "audit.kind_", e.Target))
	}
	for _, key := range slices.SortedFunc(maps.Keys(e.Detail), before) {
		if value := e.Detail[key]; value != "" && key != otherLanguage(text) {
			parts = append(parts, auditDetail(key, value, text))
		}
	}
	return PrettyNumbers(strings.Join(parts, " · "), text)
}

// before puts what was ahead of what is now, and the rest by its name.
func before(a, b string) int {
	rank := map[string]int{"before": 1, "from": 1, "after": 2, "to": 2}
	return cmp.Or(cmp.Compare(rank[a], rank[b]), strings.Compare(a, b))
}

// otherLanguage is the key under which the server's words stand in the language that is not in use.
func otherLanguage(text *i18n.Text) string { return text.Either("en", "ru") }

func auditDetail(key, value string, text *i18n.Text) string {
	if key == "ru" || key == "en" {
		return value // a sentence of the server's
	}
	return wordsOr(text, "audit.detail_", key) + ": " + auditValue(key, value, text)
}

// auditValue translates the values that are words of ours.
func auditValue(key, value string, text *i18n.Text) string {
	prefix, ok := map[string]string{
		"role": "role.", "from": "role.", "to": "role.", "reason": "audit.reason_", "kind": "audit.kind_", "rule": "audit.rule_",
	}[key]
	if !ok {
		return value
	}
	return wordsOr(text, prefix, value)
}

func wordsOr(text *i18n.Text, prefix, key string) string {
	if text.Has(prefix + key) {
		return text.T(prefix + key)
	}
	return key
}
