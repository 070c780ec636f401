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

	"dozvon/app/server/crm"
	"dozvon/app/server/entry"
	"dozvon/app/server/exports"
	"dozvon/app/server/report"
	"dozvon/app/server/store"
	"dozvon/app/server/table"
	"dozvon/app/server/texts"
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

func (s feedAPI) export(ctx context.Context, in *struct {
	AsFile
	FeedFilter
},
) (*huma.StreamResponse, error) {
	filter, err := in.filter(s.Directory.Numbers())
	if err != nil {
		return nil, err
	}
	language := languageOf(ctx)
	return exportList(ctx, s.Server, in.AsFile, "feed", exports.FeedHeading(language),
		func(ctx context.Context, c store.Cursor) ([]entry.Entry, *store.Cursor, error) {
			return s.Feed.Page(ctx, who(ctx), filter, c, exportPage)
		},
		func(e entry.Entry, zone *time.Location) []string { return exports.FeedRow(e, language, zone) })
}

func (s cardAPI[Record, Input]) export(ctx context.Context, in *struct {
	AsFile
	CardFilter
},
) (*huma.StreamResponse, error) {
	filter, err := in.filter(s.kind)
	if err != nil {
		return nil, err
	}
	language := languageOf(ctx)
	return exportList(ctx, s.Server, in.AsFile, string(s.kind)+"s", exports.CardHeading(s.kind, language),
		func(ctx context.Context, c store.Cursor) ([]crm.Card, *store.Cursor, error) {
			return s.Store.CardPage(ctx, s.kind, filter, c, exportPage)
		},
		func(c crm.Card, zone *time.Location) []string { return exports.CardRow(c, language, zone) })
}

func (s figuresAPI) export(ctx context.Context, in *struct {
	Format string `query:"format" enum:"csv,xlsx" default:"csv"`
	ReportFilter
},
) (*huma.StreamResponse, error) {
	q, err := in.query(s.Now())
	if err != nil {
		return nil, err
	}
	r, err := s.Reports.Calls(ctx, q)
	if err != nil {
		return nil, err
	}
	rows := report.WithDoubts(report.Table(r, languageOf(ctx)), r, q.Zone, languageOf(ctx))
	return s.sendFile(ctx, in.Format, "report", rows[0], func(_ context.Context, w table.Writer) error {
		for _, row := range rows[1:] {
			if err := w.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// exportList writes a list page by page.
func exportList[T any](ctx context.Context, s *Server, in AsFile, what string, heading []string,
	page func(context.Context, store.Cursor) ([]T, *store.Cursor, error), row func(T, *time.Location) []string,
) (*huma.StreamResponse, error) {
	zone, err := report.Zone(in.Zone)
	if err != nil {
		return nil, crm.Wrong("tz", texts.Of("fault.zone"))
	}
	return s.sendFile(ctx, in.Format, what, heading, func(ctx context.Context, w table.Writer) error {
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

// sendFile sends a file while it is being written. It is noted before the first byte: who took the
// school's clients along must be found even if they broke off.
func (s *Server) sendFile(ctx context.Context, format, what string, heading []string, rows func(context.Context, table.Writer) error) (*huma.StreamResponse, error) {
	me := who(ctx)
	if err := s.Audit.Exported(ctx, me, what, format); err != nil {
		return nil, err
	}
	sheet := texts.Of("sheet." + what).In(languageOf(ctx)) // Excel allows 31 characters
	slog.InfoContext(ctx, "list exported", "what", what, "format", format, "by", me.ID)
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		_, w := humago.Unwrap(hctx)
		kind := "text/csv; charset=utf-8"
		if format == "xlsx" {
			kind = xlsxType
		}
		attach(w, kind, fmt.Sprintf("%s %s.%s", sheet, s.Now().Format("2006-01-02"), format))
		out, err := table.NewWriter(w, format, sheet, heading)
		if err == nil {
			err = rows(ctx, out)
		}
		if err == nil {
			err = out.Close()
		}
		if err != nil {
			slog.ErrorContext(ctx, "export broken off", "what", what, "err", err)
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
