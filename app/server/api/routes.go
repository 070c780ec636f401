package api

import (
	"context"
	"errors"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/texts"
	"dozvon/client"
)

// route is one endpoint of the API.
type route struct {
	id     string // OpenAPI's operation id
	method string
	path   string // behind /api/v1
	// role is the least that an endpoint needs. It must be written down: what is left empty is nobody's.
	role client.Role
	endpoint
	summary string
}

// anybody is the need of an endpoint that asks for no token.
const anybody client.Role = "anybody"

// routes is the whole API, and its policy: what is not here is not served, and who may call an
// endpoint is told by its line and nowhere else. The roles are in ascending order of rights, each may
// do what the ones before it may.
func (s *Server) routes() []route {
	const (
		get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

		operator, manager, accountant, director = client.RoleOperator, client.RoleManager, client.RoleAccountant, client.RoleDirector
	)
	var (
		me           = sessionAPI{s}
		calls        = callAPI{s}
		feed         = feedAPI{s}
		missed       = missedAPI{s}
		tasks        = taskAPI{s}
		undo         = undoAPI{s}
		clients      = clientsAPI(s)
		contracts    = contractsAPI(s)
		sync         = syncAPI{s}
		imports      = importAPI{s}
		figures      = figuresAPI{s}
		people       = peopleAPI{s}
		integrations = integrationAPI{s}
		school       = schoolAPI{s}
	)
	return []route{
		// Who am I.
		{"get-welcome", get, "/welcome", anybody, ok(me.welcome), "Whose server this is, and whether it waits for its first account"},
		{"create-first-account", post, "/welcome", anybody, limited(signInLimit, created(me.firstAccount)), "Make the first administrator by the server's one-time code, and sign in"},
		{"create-session", post, "/sessions", anybody, limited(signInLimit, created(me.signIn)), "Sign in"},
		{"list-sessions", get, "/sessions", operator, ok(me.sessions), "Who is signed in where: oneself, or, for directors, an employee"},
		{"delete-session", del, "/sessions/current", operator, done(me.signOut), "Sign out"},
		{"end-session", del, "/sessions/{id}", operator, done(me.end), "End a session: one's own, or, for directors, of anybody not above them"},
		{"get-me", get, "/me", operator, ok(me.get), "Who am I"},
		{"update-me", patch, "/me", operator, ok(me.changePassword), "Change one's own password; all other sessions of oneself end"},
		{"stream", get, "/stream", operator, beside(describeStream, s.stream), "Live events (text/event-stream); Last-Event-ID replays"},
		{"practise", get, "/practice", operator, beside(describePractice, s.practise), "Practise calls, on a connection of its own"},

		// Calls.
		{"lookup", get, "/lookup", operator, ok(calls.lookup), "Whose number is it"},
		{"list-calls", get, "/calls", operator, ok(calls.list), "Calls, newest first"},
		{"create-call", post, "/calls", operator, accepted(calls.dial), "Click-to-call: the PBX rings you, then the number"},
		{"get-call", get, "/calls/{id}", operator, ok(calls.get), "One call"},
		{"hangup-call", post, "/calls/{id}/hangup", operator, done(calls.act(s.Calls.Commands.Hangup)), "End a call"},
		{"hold-call", post, "/calls/{id}/hold", operator, done(calls.act(s.Calls.Commands.Hold)), "Put the client on hold"},
		{"resume-call", post, "/calls/{id}/resume", operator, done(calls.act(s.Calls.Commands.Resume)), "Take the client back from hold"},
		{"transfer-call", post, "/calls/{id}/transfer", operator, done(calls.transfer), "Transfer to an extension, at once or after a consultation"},
		{"connect-call", post, "/calls/{id}/transfer/connect", operator, done(calls.act(s.Calls.Commands.Connect)), "Join the client with the colleague who was asked"},
		{"return-call", post, "/calls/{id}/transfer/return", operator, done(calls.act(s.Calls.Commands.Return)), "Give a consultation up and go back to the client"},
		{"record-call", post, "/calls/{id}/record", operator, done(calls.act(s.Calls.Commands.Record)), "Begin to record a talk"},
		{"note-call", post, "/calls/{id}/note", operator, created(calls.note), "A note that lands in the feed"},
		{"bind-call", post, "/calls/{id}/subject", operator, ok(calls.bind), "Choose whose call it is"},
		{"unbind-call", del, "/calls/{id}/subject", operator, ok(calls.unbind), "Let the number say whose call it is"},
		{"get-recording", get, "/calls/{id}/recording", operator, file("MP3", ok(calls.recording), "audio/mpeg"), "The recording as MP3; Range is served"},
		{"get-timeline", get, "/calls/{id}/timeline", operator, ok(calls.timeline), "A call's course in milliseconds: who rang, talked and waited, what the PBX told, how soon the server had it"},
		{"set-flag", post, "/calls/{id}/flags", operator, created(calls.setFlag), "Mark a moment of a recording, or a part of it, with a word"},
		{"delete-flag", del, "/calls/{id}/flags/{flag}", operator, done(calls.deleteFlag), "Take a flag away; its author and managers may"},
		{"retry-recording", post, "/calls/{id}/recording", operator, ok(calls.retryRecording), "Ask the PBX once more for the recordings that have not come"},
		{"send-sms", post, "/sms", operator, accepted(calls.sendSMS), "A text message through the PBX, in your name"},

		// The feed.
		{"list-feed", get, "/feed", operator, ok(feed.list), "The feed, newest first"},
		{"create-note", post, "/feed", operator, created(feed.addNote), "A note on a contract or client"},
		{"update-note", patch, "/feed/{id}", operator, ok(feed.editNote), "Change a note; its former text is kept"},
		{"list-note-versions", get, "/feed/{id}/versions", operator, ok(feed.noteVersions), "Former texts of a note, newest first"},
		{"feed-health", get, "/feed/health", operator, ok(feed.health), "What the feed knows of a period, and what it does not"},
		{"list-lines", get, "/lines", operator, ok(feed.lines), "The school's trunk lines, for filters"},

		// What is left to do after a call.
		{"list-missed", get, "/missed", operator, ok(missed.list), "Missed callers, one row each; who called last first"},
		{"take-missed", post, "/missed/{phone}/take", operator, ok(missed.act(s.Followup.ClaimMissed)), "I will call back"},
		{"release-missed", post, "/missed/{phone}/release", operator, ok(missed.act(s.Followup.ReleaseMissed)), "Put a caller back into the queue"},
		{"dismiss-missed", post, "/missed/{phone}/dismiss", operator, ok(missed.dismiss), "No call-back is needed"},
		{"list-tasks", get, "/tasks", operator, ok(tasks.list), "Reminders and calls to give back: yours, and those you gave away"},
		{"create-task", post, "/tasks", operator, created(tasks.add), "Remind me, or ask a colleague to call back"},
		{"update-task", patch, "/tasks/{id}", operator, ok(tasks.change), "Finish a task, or put it off"},
		{"get-morning", get, "/morning", operator, ok(calls.morning), "What a day begins with: recordings that have not come, extensions that are nobody's"},
		{"list-undo", get, "/undo", operator, ok(undo.list), "What you may take back now"},
		{"undo", post, "/undo/{id}", operator, done(undo.undo), "Take back what you did a moment ago"},

		// Clients and contracts.
		{"list-clients", get, "/clients", operator, ok(clients.list), "Clients and leads, newest first"},
		{"create-client", post, "/clients", operator, created(clients.create), "Make a client or lead; earlier calls of its numbers bind to it"},
		{"list-client-tags", get, "/clients/tags", operator, ok(clients.tags), "The tags that clients have, the most frequent first"},
		{"get-client", get, "/clients/{id}", operator, ok(clients.get), "One client"},
		{"update-client", patch, "/clients/{id}", operator, ok(clients.update), "Change the given fields"},
		{"delete-client", del, "/clients/{id}", operator, done(clients.remove), "Delete; it can be restored"},
		{"restore-client", post, "/clients/{id}/restore", operator, ok(clients.restore), "Take a deletion back"},
		{"merge-client", post, "/clients/{id}/merge", operator, ok(clients.merge), "Join another card into this one"},
		{"list-client-history", get, "/clients/{id}/history", operator, ok(clients.history), "Who changed what, newest first"},
		{"list-contracts", get, "/contracts", operator, ok(contracts.list), "Contracts, newest first"},
		{"create-contract", post, "/contracts", operator, created(contracts.create), "Make a contract; earlier calls of its numbers bind to it"},
		{"list-contract-tags", get, "/contracts/tags", operator, ok(contracts.tags), "The tags that contracts have, the most frequent first"},
		{"get-contract", get, "/contracts/{id}", operator, ok(contracts.get), "One contract"},
		{"update-contract", patch, "/contracts/{id}", operator, ok(contracts.update), "Change the given fields"},
		{"delete-contract", del, "/contracts/{id}", operator, done(contracts.remove), "Delete; it can be restored"},
		{"restore-contract", post, "/contracts/{id}/restore", operator, ok(contracts.restore), "Take a deletion back"},
		{"merge-contract", post, "/contracts/{id}/merge", operator, ok(contracts.merge), "Join another card into this one"},
		{"list-contract-history", get, "/contracts/{id}/history", operator, ok(contracts.history), "Who changed what, newest first"},

		// Another CRM, files, figures.
		{"put-client", put, "/clients/by-external-id/{id}", manager, ok(sync.putClient), "Make or change the client with this id in another CRM; the same again changes nothing"},
		{"put-contract", put, "/contracts/by-number/{number}", manager, ok(sync.putContract), "Make or change the contract with this number; the same again changes nothing"},
		{"sync-clients", post, "/sync/clients", manager, limited(syncLimit, ok(sync.clients)), "Many clients by external id"},
		{"sync-contracts", post, "/sync/contracts", manager, limited(syncLimit, ok(sync.contracts)), "Many contracts by number; each tells what became of it, one that is refused does not stop the others"},
		{"create-import", post, "/imports", manager, beside(describeUpload, imports.upload), "Send a CSV or XLSX file (the raw body) and learn how it is understood"},
		{"list-imports", get, "/imports", manager, ok(imports.list), "What files and other CRMs did to cards in the last week, the last first"},
		{"get-import", get, "/imports/{id}", manager, ok(imports.get), "An import and how far it is"},
		{"run-import", post, "/imports/{id}/run", manager, accepted(imports.run), "Start an import or a trial of it; import events tell how it goes on"},
		{"delete-import", del, "/imports/{id}", manager, done(imports.drop), "Forget the file; what it brought in stays"},
		{"get-import-report", get, "/imports/{id}/report", manager, file("CSV", ok(imports.report), "text/csv"), "Every row that was skipped, and why (CSV)"},
		{"get-import-undo", get, "/imports/{id}/undo", manager, ok(imports.receipt), "What taking an import or a go of another CRM back would do, or has done"},
		{"undo-import", post, "/imports/{id}/undo", manager, accepted(imports.undo), "Take an import or a go of another CRM back as a whole, within a day; what somebody changed since stays. Again: what was kept for a later run, once that is taken back"},
		{"export-feed", get, "/export/feed", manager, file("A file", ok(feed.export), "text/csv", xlsxType), "The feed, newest first, with the list's filters"},
		{"export-clients", get, "/export/clients", manager, file("A file", ok(clients.export), "text/csv", xlsxType), "The list with its filters, newest first"},
		{"export-contracts", get, "/export/contracts", manager, file("A file", ok(contracts.export), "text/csv", xlsxType), "The list with its filters, newest first"},
		{"export-report", get, "/export/report", manager, file("A file", ok(figures.export), "text/csv", xlsxType), "The figures of /reports/calls"},
		{"report-calls", get, "/reports/calls", manager, ok(figures.report), "Figures for charts"},

		// The school and its PBXs.
		{"list-employees", get, "/employees", operator, ok(people.list), "The school's people"},
		{"create-employee", post, "/employees", director, created(people.create), "Add somebody, with an account when a login is given"},
		{"get-employee", get, "/employees/{id}", operator, ok(people.get), "One of the school's people"},
		{"update-employee", patch, "/employees/{id}", director, ok(people.update), "Change the given fields"},
		{"list-integration-kinds", get, "/integrations/kinds", accountant, ok(integrations.kinds), "The makes of PBX that can be connected, and all that a settings window needs to draw them"},
		{"list-integrations", get, "/integrations", accountant, ok(integrations.list), "Connected PBXs, without their secrets"},
		{"create-integration", post, "/integrations", accountant, created(integrations.create), "Connect a PBX"},
		{"get-integration", get, "/integrations/{id}", accountant, ok(integrations.get), "One connected PBX, without its secrets"},
		{"update-integration", patch, "/integrations/{id}", accountant, ok(integrations.update), "Change the given fields"},
		{"delete-integration", del, "/integrations/{id}", accountant, done(integrations.remove), "Disconnect a PBX; its calls stay"},
		{"get-extensions", get, "/integrations/{id}/extensions", accountant, ok(integrations.extensions), "The table of employees' extensions"},
		{"set-extensions", put, "/integrations/{id}/extensions", accountant, ok(integrations.setExtensions), "Replace the table of employees' extensions"},
		{"list-pbx-extensions", get, "/integrations/{id}/pbx-extensions", accountant, ok(integrations.pbxExtensions), "The PBX's own list of employees, with who of ours has each"},
		{"check-integration", post, "/integrations/{id}/check", accountant, ok(integrations.check), "What works and what does not, in words"},
		{"bell-test", post, "/integrations/{id}/bell", accountant, ok(integrations.testConnectivity), "Ring your own telephone and follow the call on its way"},
		{"reconcile-integration", post, "/integrations/{id}/reconcile", accountant, accepted(integrations.reconcile), "Compare our calls with the PBX's statistics now"},
		{"renew-subscription", post, "/integrations/{id}/subscription", accountant, accepted(integrations.renewSubscription), "Make the subscription to the PBX's events anew now; an integration event tells the end"},
		{"plan-address-book", post, "/integrations/{id}/address-book/plan", accountant, ok(integrations.planAddressBook), "What keeping our cards in the PBX's address book would change"},
		{"get-settings", get, "/settings", operator, ok(school.settings), "What the school has chosen for everybody"},
		{"update-settings", patch, "/settings", director, ok(school.updateSettings), "Change the given fields"},
		{"list-audit", get, "/audit", director, ok(school.audit), "Who did, heard, exported and changed what, from where; newest first"},
	}
}

// endpoint is a handler and how it is put on a router, as o describes it. lay holds nothing of the server whose the
// handler is: the router is others' as well, each of which has its own handler at the same place.
type endpoint struct {
	handler any
	lay     func(r *Router, at int, o huma.Operation)
}

// ok is a handler that answers 200. What goes wrong becomes a problem in the language of whoever asks.
func ok[In, Out any](h func(context.Context, *In) (*Out, error)) endpoint {
	return endpoint{handler: h, lay: layHandler[In, Out]}
}

func layHandler[In, Out any](r *Router, at int, o huma.Operation) {
	huma.Register(r.api, o, func(ctx context.Context, in *In) (*Out, error) {
		out, err := serverOf(ctx).handlers[at].(func(context.Context, *In) (*Out, error))(ctx, in)
		return out, fail(ctx, err)
	})
}

// described is an endpoint of which more is to be said.
func (e endpoint) described(describe func(*huma.Operation)) endpoint {
	lay := e.lay
	e.lay = func(r *Router, at int, o huma.Operation) {
		describe(&o)
		lay(r, at, o)
	}
	return e
}

// created answers 201.
func created[In, Out any](h func(context.Context, *In) (*Out, error)) endpoint {
	return answering(http.StatusCreated, ok(h))
}

// accepted answers 202: it has begun, events tell how it goes on.
func accepted[In, Out any](h func(context.Context, *In) (*Out, error)) endpoint {
	return answering(http.StatusAccepted, ok(h))
}

// done answers 204.
func done[In any](h func(context.Context, *In) error) endpoint {
	return answering(http.StatusNoContent, ok(func(ctx context.Context, in *In) (*empty, error) {
		return nil, h(ctx, in)
	}))
}

func answering(status int, e endpoint) endpoint {
	return e.described(func(o *huma.Operation) { o.DefaultStatus = status })
}

// limited bounds the body, in bytes; all others have 1 MiB.
func limited(most int64, e endpoint) endpoint {
	return e.described(func(o *huma.Operation) { o.MaxBodyBytes = most })
}

// file describes an answer that is no JSON.
func file(what string, e endpoint, types ...string) endpoint {
	content := map[string]*huma.MediaType{}
	for _, t := range types {
		content[t] = &huma.MediaType{}
	}
	return e.described(func(o *huma.Operation) {
		o.Responses = map[string]*huma.Response{"200": {Description: what, Content: content}}
	})
}

// beside serves an endpoint beside the router, which would hold a whole body in memory, and whose
// frames would stand on the stack of every stream for as long as that lives.
func beside(describe func(*huma.Operation), h http.HandlerFunc) endpoint {
	return endpoint{handler: h, lay: layBeside}.described(describe)
}

func layBeside(router *Router, at int, o huma.Operation) {
	router.api.OpenAPI().AddOperation(&o)
	router.mux.HandleFunc(o.Method+" "+o.Path, func(w http.ResponseWriter, r *http.Request) {
		s := serverOf(r.Context())
		language := texts.Match(r.Header.Get("Accept-Language"))
		me, session, refusal := s.admit(r.Context(), o.OperationID, r.Header.Get("Authorization"))
		if refusal != "" {
			writeProblem(w, problem(refusal, language))
			return
		}
		ctx := context.WithValue(aboutCall(withSession(r.Context(), session), o.Path, r.PathValue("id")), langKey{}, language)
		s.handlers[at].(http.HandlerFunc)(w, r.WithContext(context.WithValue(ctx, ctxKey{}, me)))
	})
}

// refuseRequest answers an endpoint beside the router.
func refuseRequest(w http.ResponseWriter, r *http.Request, err error) {
	refusal := fail(r.Context(), err)
	var headed huma.HeadersError
	if errors.As(refusal, &headed) {
		maps.Copy(w.Header(), headed.GetHeaders())
	}
	var p *client.Problem
	if !errors.As(refusal, &p) {
		p = problem("internal", languageOf(r.Context()))
	}
	writeProblem(w, p)
}
