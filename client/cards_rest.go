package client

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// card is the path of one card.
func card(ref SubjectRef) string { return "/" + string(ref.Kind) + "s/" + url.PathEscape(ref.ID) }

// DeleteCard hides a client or contract; RestoreCard takes that back, however long ago it was.
func (a *API) DeleteCard(ctx context.Context, ref SubjectRef) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, card(ref), nil)
	return err
}

// RestoreCard takes a deletion back.
func (a *API) RestoreCard(ctx context.Context, ref SubjectRef) error {
	_, err := send[map[string]any](ctx, a, http.MethodPost, card(ref)+"/restore", struct{}{})
	return err
}

// MergeCards joins the card from, of the same kind, into another; from is deleted.
func (a *API) MergeCards(ctx context.Context, into SubjectRef, from string) error {
	_, err := send[map[string]any](ctx, a, http.MethodPost, card(into)+"/merge", Merge{From: from})
	return err
}

// CardHistory reads a page of who changed what, newest first.
func (a *API) CardHistory(ctx context.Context, ref SubjectRef, cursor string) (Page[Change], error) {
	return send[Page[Change]](ctx, a, http.MethodGet, listPath(card(ref)+"/history", "", cursor), nil)
}

// ContractsOf lists the contracts of one client.
func (a *API) ContractsOf(ctx context.Context, clientID string) (Page[Contract], error) {
	return send[Page[Contract]](ctx, a, http.MethodGet, "/contracts?client_id="+url.QueryEscape(clientID), nil)
}

// DeletedClients lists the clients that can be restored.
func (a *API) DeletedClients(ctx context.Context, cursor string) (Page[Client], error) {
	q := url.Values{"deleted": {"true"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return send[Page[Client]](ctx, a, http.MethodGet, "/clients?"+q.Encode(), nil)
}

// UnbindCall lets the number say whose call it is.
func (a *API) UnbindCall(ctx context.Context, id string) (Call, error) {
	return send[Call](ctx, a, http.MethodDelete, "/calls/"+url.PathEscape(id)+"/subject", nil)
}

// EditNote changes the text of a note; its former text is kept.
func (a *API) EditNote(ctx context.Context, id, text string) (FeedEntry, error) {
	return send[FeedEntry](ctx, a, http.MethodPatch, "/feed/"+url.PathEscape(id), EditNote{Text: text})
}

// NoteVersions lists the former texts of a note, newest first.
func (a *API) NoteVersions(ctx context.Context, id string) ([]NoteVersion, error) {
	page, err := send[Page[NoteVersion]](ctx, a, http.MethodGet, "/feed/"+url.PathEscape(id)+"/versions", nil)
	return page.Items, err
}

// FeedHealth says what the feed knows of a period, and what it does not.
func (a *API) FeedHealth(ctx context.Context, from, to time.Time) (FeedHealth, error) {
	q := url.Values{"from": {from.UTC().Format(time.RFC3339)}, "to": {to.UTC().Format(time.RFC3339)}}
	return send[FeedHealth](ctx, a, http.MethodGet, "/feed/health?"+q.Encode(), nil)
}

// Lines lists the school's trunk lines.
func (a *API) Lines(ctx context.Context) ([]Line, error) {
	page, err := send[Page[Line]](ctx, a, http.MethodGet, "/lines", nil)
	return page.Items, err
}

// Missed reads a page of the queue of missed callers in some states; none are those that wait.
func (a *API) Missed(ctx context.Context, cursor string, states ...MissedState) (Page[MissedCaller], error) {
	q := url.Values{"limit": {"200"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var names []string
	for _, s := range states {
		names = append(names, string(s))
	}
	if len(names) > 0 {
		q.Set("state", strings.Join(names, ","))
	}
	return send[Page[MissedCaller]](ctx, a, http.MethodGet, "/missed?"+q.Encode(), nil)
}

// TakeMissed says that oneself will call back.
func (a *API) TakeMissed(ctx context.Context, phone string) (MissedCaller, error) {
	return send[MissedCaller](ctx, a, http.MethodPost, "/missed/"+url.PathEscape(phone)+"/take", struct{}{})
}

// ReleaseMissed gives a caller back to the queue.
func (a *API) ReleaseMissed(ctx context.Context, phone string) (MissedCaller, error) {
	return send[MissedCaller](ctx, a, http.MethodPost, "/missed/"+url.PathEscape(phone)+"/release", struct{}{})
}

// DismissMissed says that no call-back is needed.
func (a *API) DismissMissed(ctx context.Context, phone, reason string) (MissedCaller, error) {
	return send[MissedCaller](ctx, a, http.MethodPost, "/missed/"+url.PathEscape(phone)+"/dismiss", DismissMissed{Reason: reason})
}

// Tasks lists one's tasks, and those one gave away.
func (a *API) Tasks(ctx context.Context) ([]Task, error) {
	page, err := send[Page[Task]](ctx, a, http.MethodGet, "/tasks", nil)
	return page.Items, err
}

// AddTask makes a reminder, or asks a colleague to call back.
func (a *API) AddTask(ctx context.Context, in NewTask) (Task, error) {
	return send[Task](ctx, a, http.MethodPost, "/tasks", in)
}

// ChangeTask finishes a task or puts it off.
func (a *API) ChangeTask(ctx context.Context, id string, in TaskChange) (Task, error) {
	return send[Task](ctx, a, http.MethodPatch, "/tasks/"+url.PathEscape(id), in)
}

// Undos lists what one may take back now, newest first.
func (a *API) Undos(ctx context.Context) ([]Undo, error) {
	page, err := send[Page[Undo]](ctx, a, http.MethodGet, "/undo", nil)
	return page.Items, err
}

// Undo takes back what one did a moment ago.
func (a *API) Undo(ctx context.Context, id string) error {
	_, err := send[struct{}](ctx, a, http.MethodPost, "/undo/"+url.PathEscape(id), struct{}{})
	return err
}
