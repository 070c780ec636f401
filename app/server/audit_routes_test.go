package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server"
	pbxcall "dozvon/app/server/call"
	"dozvon/client"
)

// Why a route that changes something writes no audit: what it changes tells itself who did it.
const (
	inHistory = "the card's history names who and what (GET …/history)"
	inFeed    = "the feed's entry names who; a changed note keeps its former texts"
	inCall    = "the call names who asked for it, the command who gave it; what came of it are its legs"
	inQueue   = "the list of callers, or the task, names who took it"
	noAccount = "it wants a server where nobody has an account: TestWelcome_isAudited drives it"
	asksOnly  = "it only asks the PBX, and changes nothing"
)

// auditOf says of every route that is no GET what it leaves in the audit, by hand, or why nothing. A
// route without a line fails.
var auditOf = map[string]string{
	"POST /sessions": "sign_in", "DELETE /sessions/current": "sign_out", "DELETE /sessions/{id}": "session_end", "PATCH /me": "password",
	"POST /calls/{id}/flags": "flag_set", "DELETE /calls/{id}/flags/{flag}": "flag_delete", "POST /calls/{id}/subject": "call_bind", "DELETE /calls/{id}/subject": "call_bind", "POST /undo/{id}": "undo",
	"DELETE /clients/{id}": "card_delete", "POST /clients/{id}/restore": "card_restore", "POST /clients/{id}/merge": "card_merge",
	"DELETE /contracts/{id}": "card_delete", "POST /contracts/{id}/restore": "card_restore", "POST /contracts/{id}/merge": "card_merge",
	"POST /imports": "import_upload", "POST /imports/{id}/run": "import_try", "POST /imports/{id}/undo": "import_undo", "DELETE /imports/{id}": "import_delete",
	"POST /employees": "account_create", "PATCH /employees/{id}": "account_change", "PATCH /settings": "settings",
	"POST /integrations": "integration_create", "PATCH /integrations/{id}": "integration_change", "DELETE /integrations/{id}": "integration_delete",
	"PUT /integrations/{id}/extensions": "extensions", "POST /integrations/{id}/bell": "connectivity_test",
	"POST /integrations/{id}/reconcile": "reconcile", "POST /integrations/{id}/subscription": "subscription_renew",

	"POST /clients": inHistory, "PATCH /clients/{id}": inHistory, "POST /contracts": inHistory, "PATCH /contracts/{id}": inHistory,
	"PUT /clients/by-external-id/{id}": inHistory, "PUT /contracts/by-number/{number}": inHistory, "POST /sync/clients": inHistory, "POST /sync/contracts": inHistory,
	"POST /feed": inFeed, "PATCH /feed/{id}": inFeed, "POST /calls/{id}/note": inFeed, "POST /sms": inFeed,
	"POST /calls": inCall, "POST /calls/{id}/hangup": inCall, "POST /calls/{id}/hold": inCall, "POST /calls/{id}/resume": inCall, "POST /calls/{id}/transfer": inCall,
	"POST /calls/{id}/transfer/connect": inCall, "POST /calls/{id}/transfer/return": inCall, "POST /calls/{id}/record": inCall,
	"POST /missed/{phone}/take": inQueue, "POST /missed/{phone}/release": inQueue, "POST /missed/{phone}/dismiss": inQueue,
	"POST /tasks": inQueue, "PATCH /tasks/{id}": inQueue,
	"POST /welcome": noAccount, "POST /integrations/{id}/check": asksOnly, "POST /integrations/{id}/address-book/plan": asksOnly, "POST /calls/{id}/recording": asksOnly,
}

// TestAudit_everyRouteThatChangesSomethingIsToldThere walks the routes, and drives each that is audited.
func TestAudit_everyRouteThatChangesSomethingIsToldThere(t *testing.T) {
	t.Parallel()
	s, site := openToy(t, server.Config{})
	walked := map[string]bool{}
	for path, item := range s.parts.API.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"POST": item.Post, "PATCH": item.Patch, "PUT": item.Put, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			name := method + " " + strings.TrimPrefix(path, "/api/v1")
			if walked[name] = true; auditOf[name] == "" {
				t.Errorf("%s neither writes an audit nor says why not", name)
			}
		}
	}
	for name := range auditOf {
		if !walked[name] {
			t.Errorf("%s is no route", name)
		}
	}
	d := &deeds{school: s, t: t, token: s.token("105"), reader: s.api("105"), driven: map[string]bool{}}
	d.all(site)
	for name, action := range auditOf {
		if !strings.Contains(action, " ") && !d.driven[name] {
			t.Errorf("%s was not driven", name)
		}
	}
}

// deeds drives routes and looks what the audit tells then.
type deeds struct {
	*school
	t      *testing.T
	token  string
	reader *client.API // who reads the audit
	driven map[string]bool
}

func (d *deeds) count(action string) int {
	d.t.Helper()
	page, err := d.reader.Audit(d.t.Context(), client.AuditQuery{Actions: []string{action}, Limit: 500})
	if err != nil {
		d.t.Fatal(err)
	}
	return len(page.Items)
}

// do drives a route: ids fill its places, in is its body.
func (d *deeds) do(route, ids string, in any) {
	d.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	where := path
	for _, id := range strings.Fields(ids) {
		at := strings.IndexByte(where, '{')
		where = where[:at] + id + where[strings.IndexByte(where, '}')+1:]
	}
	had := d.count(auditOf[route])
	status, p := d.refusalTo(d.token, method, where, "en", in)
	d.audited(route, had, status, p)
}

func (d *deeds) audited(route string, had, status int, p client.Problem) {
	d.t.Helper()
	d.driven[route] = true
	if status >= 300 {
		d.t.Errorf("%s: answered %d, %+v", route, status, p)
	}
	if got := d.count(auditOf[route]) - had; got != 1 {
		d.t.Errorf("%s: %d rows of %s, want one", route, got, auditOf[route])
	}
}

func (d *deeds) all(site *toySite) {
	d.t.Helper()
	ctx, api := d.t.Context(), d.reader
	must := func(err error) {
		d.t.Helper()
		if err != nil {
			d.t.Fatal(err)
		}
	}
	me, err := api.Me(ctx)
	must(err)
	d.cards(must)
	d.do("POST /integrations", "", client.IntegrationInput{
		Kind: ptr(toyKind.Name), Active: ptr(true), APIURL: ptr(site.URL + "/"), Lines: &[]client.Line{{Number: "+74950000000", Name: "Основная"}},
		Credentials: map[string]string{"api_key": "secret-token", "office": "77"},
	})
	i := d.integrations()[0]
	d.do("PATCH /integrations/{id}", i.ID, client.IntegrationInput{Name: ptr("Акме")})
	d.do("PUT /integrations/{id}/extensions", i.ID, []client.ExtensionRow{{EmployeeID: me.ID, Extension: "101"}})
	d.do("POST /integrations/{id}/subscription", i.ID, struct{}{})
	d.step(i.ID)
	d.do("POST /integrations/{id}/reconcile", i.ID, struct{}{})
	site.set(func(site *toySite) { // the event that the test of connectivity waits for
		site.calling = func() { d.toyRings(i, site.newest(), "out-1", "+74950000000") }
	})
	d.do("POST /integrations/{id}/bell", i.ID, struct{}{})
	if status := d.toyRings(i, site.newest(), "c1", "+79000000501"); status >= 300 {
		d.t.Fatalf("a call was answered with %d", status)
	}
	var call string
	for _, c := range d.calls() {
		if c.Phone == "+79000000501" {
			call = c.ID
		}
	}
	who, err := api.CreateClient(ctx, client.ClientInput{Name: ptr("Гусева")})
	must(err)
	d.do("POST /calls/{id}/subject", call, client.SubjectRef{Kind: client.KindClient, ID: who.ID})
	d.do("DELETE /calls/{id}/subject", call, nil)
	talk := inbound("c1", "101", "+79000000501", d.parts.Calls.Now()).event(pbxcall.LegTalking, time.Second, "")
	must(d.parts.Calls.ApplyEvent(ctx, i.ID, talk))
	must(d.parts.Calls.ApplyEvent(ctx, i.ID, recordingNamed("c1", "r1", d.parts.Calls.Now())))
	d.do("POST /calls/{id}/flags", call, client.NewFlag{Part: 1, Word: "цена"})
	page, err := api.Feed(ctx, client.FeedQuery{Phone: "+79000000501", Type: "call_in"})
	must(err)
	d.do("DELETE /calls/{id}/flags/{flag}", call+" "+page.Items[0].Flags[0].ID, nil)
	d.do("DELETE /integrations/{id}", i.ID, nil)
	d.do("PATCH /settings", "", client.SchoolInput{WhatsApp: ptr(false)})
	d.do("POST /employees", "", client.EmployeeInput{Name: ptr("Новая"), Login: ptr("nova"), Password: ptr(password), Role: ptr(client.RoleDirector)})
	nova := d.signIn("nova", password)
	people, err := api.Employees(ctx)
	must(err)
	for _, e := range people {
		if e.Login == "nova" {
			d.do("PATCH /employees/{id}", e.ID, client.EmployeeInput{Name: ptr("Новейшая")})
		}
	}
	d.do("POST /sessions", "", client.SignIn{Login: "nova", Password: password, Device: "test"})
	sessions, err := client.New(d.http.URL, nova).Sessions(ctx, "")
	must(err)
	mine := d.token
	d.token = nova
	for _, session := range sessions {
		if !session.Current {
			d.do("DELETE /sessions/{id}", session.ID, nil)
			break
		}
	}
	d.do("PATCH /me", "", map[string]string{"old_password": password, "password": password + "-2"})
	d.do("DELETE /sessions/current", "", nil)
	d.token = mine
}

// cards drives what is done with cards and files.
func (d *deeds) cards(must func(error)) {
	d.t.Helper()
	ctx, api := d.t.Context(), d.reader
	for _, kind := range []string{"clients", "contracts"} {
		var ids []string
		for n := range 2 {
			if kind == "clients" {
				c, err := api.CreateClient(ctx, client.ClientInput{Name: ptr(fmt.Sprint("Гусев ", n))})
				must(err)
				ids = append(ids, c.ID)
				continue
			}
			c, err := api.CreateContract(ctx, client.ContractInput{Number: ptr(fmt.Sprint("7", n)), Name: ptr("Гусев")})
			must(err)
			ids = append(ids, c.ID)
		}
		d.do("DELETE /"+kind+"/{id}", ids[0], nil)
		d.do("POST /"+kind+"/{id}/restore", ids[0], struct{}{})
		d.do("POST /"+kind+"/{id}/merge", ids[0], map[string]string{"from": ids[1]})
	}
	undos, err := api.Undos(ctx)
	must(err)
	d.do("POST /undo/{id}", undos[0].ID, struct{}{})
	had := d.count("import_upload")
	im, err := api.Upload(ctx, "clients", "x.csv", strings.NewReader("ФИО;Телефон\nИванов Иван;89145550155\n"))
	must(err)
	d.audited("POST /imports", had, http.StatusCreated, client.Problem{})
	d.do("POST /imports/{id}/run", im.ID, client.ImportRun{Mapping: im.Mapping, Rule: "skip", DryRun: true})
	must(d.parts.Imports.RunWaiting(ctx))
	_, err = api.RunImport(ctx, im.ID, client.ImportRun{Mapping: im.Mapping, Rule: "skip"})
	must(err)
	must(d.parts.Imports.RunWaiting(ctx))
	d.do("POST /imports/{id}/undo", im.ID, struct{}{})
	d.do("DELETE /imports/{id}", im.ID, nil)
}
