package server_test

import (
	"strings"
	"testing"

	"dozvon/client"
)

// TestAudit_everyDeedLeavesItsRow, and no row a secret.
func TestAudit_everyDeedLeavesItsRow(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api, ctx := s.api("105"), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const secret = "very-secret-value"

	made, err := api.CreateIntegration(ctx, client.IntegrationInput{APIKey: ptr(secret + "-key"), APISalt: ptr(secret + "-salt"), APIURL: ptr("http://127.0.0.1:1/vpbx/")})
	must(err)
	_, err = api.UpdateIntegration(ctx, made.ID, client.IntegrationInput{APISalt: ptr(secret + "-other")})
	must(err)
	_, err = api.SetExtensions(ctx, made.ID, []client.ExtensionRow{{EmployeeID: s.staff["104"].ID, Extension: "777"}})
	must(err)
	must(api.DeleteIntegration(ctx, made.ID))
	_, err = api.UpdateSettings(ctx, client.SchoolInput{WhatsApp: ptr(false)})
	must(err)

	one, err := api.CreateClient(ctx, client.ClientInput{Name: ptr("Гусева Анна"), Phones: &[]string{"+79145550148"}})
	must(err)
	two, err := api.CreateClient(ctx, client.ClientInput{Name: ptr("Гусев Борис")})
	must(err)
	ref := client.SubjectRef{Kind: client.KindClient, ID: one.ID}
	must(api.DeleteCard(ctx, ref))
	must(api.RestoreCard(ctx, ref))
	must(api.MergeCards(ctx, ref, two.ID))
	undos, err := api.Undos(ctx)
	must(err)
	must(api.Undo(ctx, undos[0].ID))
	s.ring(1, "79145550148", "101", true)
	page, err := api.Feed(ctx, client.FeedQuery{Type: "call_in"})
	must(err)
	_, err = api.BindCall(ctx, page.Items[0].CallID, client.SubjectRef{Kind: client.KindClient, ID: two.ID})
	must(err)

	password := secret + "-password"
	person, err := api.CreateEmployee(ctx, client.EmployeeInput{Name: ptr("Новенькая"), Login: ptr("new"), Password: &password})
	must(err)
	role := client.RoleManager
	_, err = api.UpdateEmployee(ctx, person.ID, client.EmployeeInput{Name: ptr("Новая"), Role: &role, Password: ptr(password + "2"), Active: ptr(false)})
	must(err)

	token := s.token("105")
	s.get(token, "/api/v1/export/clients?format=csv")
	im, err := api.Upload(ctx, "clients", "x.csv", strings.NewReader("ФИО;Телефон\nИванов Иван;89145550155\n"))
	must(err)
	id := im.ID
	_, err = api.RunImport(ctx, id, client.ImportRun{Mapping: im.Mapping, Rule: "skip", DryRun: true})
	must(err)
	must(s.parts.Imports.RunWaiting(ctx))
	_, err = api.RunImport(ctx, id, client.ImportRun{Mapping: im.Mapping, Rule: "skip"})
	must(err)
	must(s.parts.Imports.RunWaiting(ctx))
	must(api.DeleteImport(ctx, id))

	audit, err := api.Audit(ctx, client.AuditQuery{Employee: s.staff["105"].ID, Limit: 200})
	must(err)
	got := map[string][]string{}
	for _, e := range audit.Items {
		got[e.Action] = append(got[e.Action], e.Target)
		if e.Address != "127.0.0.1" || e.SessionID == "" && e.Action != "sign_in" {
			t.Errorf("%s comes from %q, session %q", e.Action, e.Address, e.SessionID)
		}
	}
	for action, target := range map[string]string{
		"integration_create": "integration:" + made.ID, "integration_change": "integration:" + made.ID, "integration_delete": "integration:" + made.ID,
		"extensions": "integration:" + made.ID, "settings": "settings", "card_delete": "client:" + one.ID, "card_restore": "client:" + one.ID,
		"card_merge": "client:" + one.ID, "undo": "client:", "call_bind": "call:" + page.Items[0].CallID, "account_create": "employee:" + person.ID,
		"account_change": "employee:" + person.ID, "role": "employee:" + person.ID, "password": "employee:" + person.ID, "account_off": "employee:" + person.ID,
		"export": "clients", "import_upload": "import:" + id, "import_try": "import:" + id, "import_run": "import:" + id, "import_delete": "import:" + id,
	} {
		if len(got[action]) != 1 || !strings.HasPrefix(got[action][0], target) {
			t.Errorf("%s stands on %q, want once on %s", action, got[action], target)
		}
	}
	if raw := s.get(token, "/api/v1/audit?limit=500"); strings.Contains(raw, secret) {
		t.Errorf("the audit tells a secret: %s", raw)
	}
	// The set-up of the school was made on the server's own machine.
	console, err := api.Audit(ctx, client.AuditQuery{Employee: "console", Limit: 200})
	must(err)
	if len(console.Items) == 0 || console.Items[0].Login != "console" || console.Items[0].Address != "" || console.Items[0].Employee != nil {
		t.Errorf("the console's rows are %+v", console.Items)
	}
}
