package api

import (
	"context"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dozvon/app/server/exports"
	"dozvon/app/server/report"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/client"
)

// exportPage is how many records are read at once: an export takes as much memory as one page.
const exportPage = 500

// The filters of the lists; what is embedded must have a name that the router sees.
type (
	FeedFilter   = feedQuery
	CardFilter   = cardQuery
	ReportFilter = reportQuery
)

// AsFile is how a list is wanted as a file.
type AsFile struct {
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
	Zone   string `query:"tz" maxLength:"64" doc:"In which zone times are written: IANA name or offset from UTC in minutes; UTC when absent"`
}

func (s *Server) exportRoutes() {
	huma.Register(s.api, exportOp("feed", "The feed, newest first, with the list's filters"), func(ctx context.Context, in *struct {
		AsFile
		FeedFilter
	},
	) (*huma.StreamResponse, error) {
		filter, err := in.filter(s.Switchboard.Numbers())
		if err != nil {
			return nil, fail(ctx, err)
		}
		language := languageOf(ctx)
		return exportList(ctx, s, in.AsFile, "feed", exports.FeedHeading(language),
			func(ctx context.Context, c store.Cursor) ([]client.FeedEntry, *store.Cursor, error) {
				return s.Feed.Page(ctx, who(ctx), filter, c, exportPage)
			},
			func(e client.FeedEntry, zone *time.Location) []string { return exports.FeedRow(e, language, zone) })
	})
	exportCards(s, client.KindClient, "clients", exports.ClientHeading)
	exportCards(s, client.KindContract, "contracts", exports.ContractHeading)
	huma.Register(s.api, exportOp("report", "The figures of /reports/calls"), func(ctx context.Context, in *struct {
		Format string `query:"format" enum:"csv,xlsx" default:"csv"`
		ReportFilter
	},
	) (*huma.StreamResponse, error) {
		q, err := in.query(s.Switchboard.Now())
		if err != nil {
			return nil, fail(ctx, err)
		}
		r, err := s.Switchboard.CallReport(ctx, q)
		if err != nil {
			return nil, fail(ctx, err)
		}
		rows := report.Table(r, languageOf(ctx) == "en")
		return s.export(ctx, in.Format, "report", rows[0], func(_ context.Context, w table.Writer) error {
			for _, row := range rows[1:] {
				if err := w.Write(row); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func exportOp(what, summary string) huma.Operation {
	o := op("export-"+what, http.MethodGet, "/export/"+what, summary)
	o.Responses = map[string]*huma.Response{"200": {Description: "A file", Content: map[string]*huma.MediaType{"text/csv": {}, xlsxType: {}}}}
	return o
}

func exportCards(s *Server, kind client.SubjectKind, what string, heading func(string) []string) {
	huma.Register(s.api, exportOp(what, "The list with its filters, newest first"), func(ctx context.Context, in *struct {
		AsFile
		CardFilter
	},
	) (*huma.StreamResponse, error) {
		filter, err := in.filter(kind)
		if err != nil {
			return nil, fail(ctx, err)
		}
		language := languageOf(ctx)
		return exportList(ctx, s, in.AsFile, what, heading(language),
			func(ctx context.Context, c store.Cursor) ([]card, *store.Cursor, error) {
				return s.Store.CardPage(ctx, kind, filter, c, exportPage)
			},
			func(c card, zone *time.Location) []string { return exports.Row(c, language, zone) })
	})
}

// exportList writes a list page by page.
func exportList[T any](ctx context.Context, s *Server, in AsFile, what string, heading []string,
	page func(context.Context, store.Cursor) ([]T, *store.Cursor, error), row func(T, *time.Location) []string,
) (*huma.StreamResponse, error) {
	zone, err := report.Zone(in.Zone)
	if err != nil {
		return nil, fail(ctx, badZone)
	}
	return s.export(ctx, in.Format, what, heading, func(ctx context.Context, w table.Writer) error {
		at := &store.Start
		for at != nil {
			items, next, err := page(ctx, *at)
			if err != nil {
				return err
			}
			for _, item := range items {
				if err := w.Write(row(item, zone)); err != nil {
					return err
				}
			}
			at = next
		}
		return nil
	})
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// sheetNames name the sheet of a workbook; Excel allows 31 characters.
var sheetNames = map[string][2]string{
	"feed": {"Лента", "Feed"}, "clients": {"Клиенты", "Clients"}, "contracts": {"Договоры", "Contracts"}, "report": {"Отчёт", "Report"},
}

// export sends a file while it is being written. It is noted before the first byte: who took the
// school's clients along must be found even if they broke off.
func (s *Server) export(ctx context.Context, format, what string, heading []string, rows func(context.Context, table.Writer) error) (*huma.StreamResponse, error) {
	me := who(ctx)
	if err := s.Audit.Exported(ctx, me, what, format); err != nil {
		return nil, fail(ctx, err)
	}
	names := sheetNames[what]
	sheet := names[0]
	if languageOf(ctx) == "en" {
		sheet = names[1]
	}
	slog.Info("list exported", "what", what, "format", format, "by", me.ID)
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		_, w := humago.Unwrap(hctx)
		kind := "text/csv; charset=utf-8"
		if format == "xlsx" {
			kind = xlsxType
		}
		attach(w, kind, fmt.Sprintf("%s %s.%s", sheet, s.Switchboard.Now().Format("2006-01-02"), format))
		out, err := table.NewWriter(w, format, sheet, heading)
		if err == nil {
			err = rows(ctx, out)
		}
		if err == nil {
			err = out.Close()
		}
		if err != nil {
			slog.Error("export broken off", "what", what, "err", err)
			// The status is sent already: only a torn connection tells that the file is not whole.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func attach(w http.ResponseWriter, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}
