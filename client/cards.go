package client

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// Phone is one number of a card.
type Phone struct {
	// Number is in E.164; empty when what was typed could not be read as a number.
	Number string `json:"number,omitempty"`
	// Typed is what was written, when it could not be read: it is kept, but nobody can be called by it.
	Typed string `json:"typed,omitempty"`
	// Ext is an extension behind the number, digits.
	Ext   string `json:"ext,omitempty"`
	Label string `json:"label,omitempty" maxLength:"60" doc:"Whose number, e.g. the wife's"`
}

// UnmarshalJSON also reads a bare string, as cards were kept before numbers had labels.
func (p *Phone) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] == '"' {
		*p = Phone{}
		return json.Unmarshal(raw, &p.Number)
	}
	type plain Phone
	return json.Unmarshal(raw, (*plain)(p))
}

// Removed tells of a card that was deleted; it can be restored.
type Removed struct {
	DeletedAt  *time.Time  `json:"deleted_at,omitempty"`
	MergedInto *SubjectRef `json:"merged_into,omitempty" doc:"The card that took this one over"`
}

// Merge joins another card of the same kind into this one.
type Merge struct {
	From string `json:"from" minLength:"1" doc:"Id of the card that is taken over and deleted"`
}

// Change is one step of a card's history.
type Change struct {
	ID     string       `json:"id"`
	At     time.Time    `json:"at"`
	By     *Person      `json:"by,omitempty"`
	Action string       `json:"action" doc:"created, changed, deleted, restored, merged, imported, synced or undone"`
	Fields []FieldDelta `json:"fields"`
}

// FieldDelta is what became of one field.
type FieldDelta struct {
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// CardQuery filters the list of clients or contracts; zero fields do not filter.
type CardQuery struct {
	Q           string
	Status, Tag string
	Responsible string // employee id
	ClientID    string // contracts of one client
	Kind        string // clients: lead or client
	Deleted     bool   // the deleted ones instead
	Cursor      string
}

// Values is the filter as the lists and their exports take it.
func (q CardQuery) Values() url.Values {
	v := url.Values{}
	for key, value := range map[string]string{
		"q": q.Q, "status": q.Status, "tag": q.Tag, "responsible_id": q.Responsible, "client_id": q.ClientID,
		"kind": q.Kind, "cursor": q.Cursor,
	} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if q.Deleted {
		v.Set("deleted", "true")
	}
	return v
}

// TagUse is a tag with how many cards have it.
type TagUse struct {
	Tag   string `json:"tag"`
	Cards int    `json:"cards"`
}

// CardTags lists the tags that cards of a kind have, the most frequent first.
func (a *API) CardTags(ctx context.Context, kind SubjectKind) ([]TagUse, error) {
	page, err := send[Page[TagUse]](ctx, a, http.MethodGet, "/"+string(kind)+"s/tags", nil)
	return page.Items, err
}

func listPath(path, q, cursor string) string {
	v := url.Values{}
	if q != "" {
		v.Set("q", q)
	}
	if cursor != "" {
		v.Set("cursor", cursor)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

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
