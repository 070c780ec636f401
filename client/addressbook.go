package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// BookState is how far the PBX's address book agrees with our cards.
type BookState struct {
	Synced  int        `json:"synced"`
	Waiting int        `json:"waiting"`
	At      *time.Time `json:"at,omitempty"`
	Error   string     `json:"error,omitempty"`
	ErrorEN string     `json:"error_en,omitempty"`
}

// BookPlan is what a synchronisation would change, without changing it.
type BookPlan struct {
	Create   int      `json:"create"`
	Update   int      `json:"update"`
	Delete   int      `json:"delete"`
	Foreign  int      `json:"foreign" doc:"Contacts of others, which stay as they are"`
	Examples []string `json:"examples"`
}

// PlanBook tells what a synchronisation of the address book would change.
func (a *API) PlanBook(ctx context.Context, id string) (BookPlan, error) {
	return send[BookPlan](ctx, a, http.MethodPost, "/integrations/"+url.PathEscape(id)+"/address-book/plan", struct{}{})
}
