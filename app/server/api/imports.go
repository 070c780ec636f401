package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/client"
)

// importAPI takes files in.
type importAPI struct{ *Server }

func (s importAPI) get(ctx context.Context, in *byID) (*body[client.Import], error) {
	row, err := s.Store.Import(ctx, in.ID)
	return one(row.Import, err)
}

func (s importAPI) list(ctx context.Context, in *Paging) (*body[client.Page[client.CardRun]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	return page(s.Imports.Runs(ctx, cursor, in.Limit))
}

func (s importAPI) receipt(ctx context.Context, in *byID) (*body[client.RunReceipt], error) {
	return one(s.Imports.Receipt(ctx, in.ID))
}

func (s importAPI) undo(ctx context.Context, in *byID) (*body[client.RunReceipt], error) {
	return one(s.Imports.Undo(ctx, who(ctx), in.ID))
}

func (s importAPI) run(ctx context.Context, in *withBody[client.ImportRun]) (*body[client.Import], error) {
	return one(s.Imports.Start(ctx, who(ctx), in.ID, languageOf(ctx), in.Body))
}

func (s importAPI) drop(ctx context.Context, in *byID) error {
	return s.Imports.Drop(ctx, who(ctx), in.ID)
}

func (s importAPI) report(ctx context.Context, in *byID) (*huma.StreamResponse, error) {
	path, err := s.Imports.ReportPath(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		err = store.ErrNotFound // not run yet
	}
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer file.Close()
		r, w := humago.Unwrap(hctx)
		attach(w, "text/csv; charset=utf-8", "report.csv")
		http.ServeContent(w, r, "", time.Time{}, file) // each run has another
	}}, nil
}

func describeUpload(o *huma.Operation) {
	o.Parameters = []*huma.Param{
		{Name: "kind", In: "query", Required: true, Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"clients", "contracts"}}},
		{Name: "file", In: "query", Description: "The file's name", Schema: &huma.Schema{Type: huma.TypeString}},
	}
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {}}}
	o.Responses = map[string]*huma.Response{"201": {Description: "How the file is understood", Content: map[string]*huma.MediaType{"application/json": {}}}}
}

// upload takes a file as the raw body.
func (s importAPI) upload(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if r.ContentLength > table.MaxBytes {
		refuseRequest(w, r, &table.Fault{Code: table.TooBig})
		return
	}
	q := r.URL.Query()
	im, err := s.Imports.Add(ctx, who(ctx), q.Get("kind"), q.Get("file"), r.Body)
	if err != nil {
		refuseRequest(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	if err := json.NewEncoder(w).Encode(im); err != nil {
		slog.DebugContext(r.Context(), "answer not sent", "err", err)
	}
}
