package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Undo is something that the employee did a moment ago and may take back.
type Undo struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	TextEN string    `json:"text_en"`
	Until  time.Time `json:"until"`
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
