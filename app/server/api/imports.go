package api

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/client"
)

func (s *Server) importRoutes() {
	s.uploadRoute()
	run := op("run-import", http.MethodPost, "/imports/{id}/run", "Start an import or a trial of it; import events tell how it goes on")
	run.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, run, func(ctx context.Context, in *withBody[client.ImportRun]) (*body[client.Import], error) {
		im, err := s.Switchboard.StartImport(ctx, who(ctx), in.ID, languageOf(ctx), in.Body)
		return &body[client.Import]{im}, fail(ctx, err)
	})
	huma.Register(s.api, op("get-import", http.MethodGet, "/imports/{id}", "An import and how far it is"), func(ctx context.Context, in *byID) (*body[client.Import], error) {
		row, err := s.Store.Import(ctx, in.ID)
		return &body[client.Import]{row.Import}, fail(ctx, err)
	})
	remove := op("delete-import", http.MethodDelete, "/imports/{id}", "Forget the file; what it brought in stays")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, remove, func(ctx context.Context, in *byID) (*empty, error) {
		return nil, fail(ctx, s.Switchboard.DropImport(ctx, who(ctx), in.ID))
	})
	report := op("get-import-report", http.MethodGet, "/imports/{id}/report", "Every row that was skipped, and why (CSV)")
	report.Responses = csvResponse
	huma.Register(s.api, report, s.importReport)
}

var csvResponse = map[string]*huma.Response{"200": {Description: "CSV", Content: map[string]*huma.MediaType{"text/csv": {}}}}

func (s *Server) importReport(ctx context.Context, in *byID) (*huma.StreamResponse, error) {
	row, err := s.Store.Import(ctx, in.ID)
	if err != nil {
		return nil, fail(ctx, err)
	}
	file, err := os.Open(s.Switchboard.ImportReport(row.ID))
	if errors.Is(err, os.ErrNotExist) {
		err = store.ErrNotFound // not run yet
	}
	if err != nil {
		return nil, fail(ctx, err)
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer file.Close()
		r, w := humago.Unwrap(hctx)
		attach(w, "text/csv; charset=utf-8", "report.csv")
		http.ServeContent(w, r, "", row.CreatedAt, file)
	}}, nil
}

// uploadRoute takes a file beside the router, which would hold all of it in memory.
func (s *Server) uploadRoute() {
	o := op("create-import", http.MethodPost, "/imports", "Send a CSV or XLSX file (the raw body) and learn how it is understood")
	o.Parameters = []*huma.Param{
		{Name: "kind", In: "query", Required: true, Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"clients", "contracts"}}},
		{Name: "file", In: "query", Description: "The file's name", Schema: &huma.Schema{Type: huma.TypeString}},
	}
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {}}}
	o.Responses = map[string]*huma.Response{"201": {Description: "How the file is understood", Content: map[string]*huma.MediaType{"application/json": {}}}}
	s.api.OpenAPI().AddOperation(&o)
	s.mux.HandleFunc("POST "+o.Path, func(w http.ResponseWriter, r *http.Request) {
		language := lang(r.Header.Get("Accept-Language"))
		me, session, refusal := s.admit(r.Context(), o.OperationID, r.Header.Get("Authorization"))
		if refusal != "" {
			writeProblem(w, problem(refusal, language))
			return
		}
		if r.ContentLength > table.MaxBytes {
			writeProblem(w, faultProblem(&table.Fault{Code: table.TooBig}, language))
			return
		}
		ctx := context.WithValue(withSession(r.Context(), session), langKey{}, language)
		q := r.URL.Query()
		im, err := s.Switchboard.AddImport(ctx, me, q.Get("kind"), q.Get("file"), r.Body)
		if err != nil {
			var p *client.Problem
			if !errors.As(fail(ctx, err), &p) {
				p = problem("internal", language)
			}
			writeProblem(w, p)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		if err := json.NewEncoder(w).Encode(im); err != nil {
			slog.Debug("answer not sent", "err", err)
		}
	})
}
