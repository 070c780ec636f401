package api

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"dozvon/app/server/recordings"
	"dozvon/client"
	"dozvon/client/mornings"
)

func (s callAPI) recording(ctx context.Context, in *struct {
	ID       string `path:"id"`
	Part     int    `query:"part" default:"1" minimum:"1" doc:"Which of the call's recordings"`
	Download bool   `query:"download"`
	Range    string `header:"Range"`
},
) (*huma.StreamResponse, error) {
	file, call, err := s.Recordings.Open(ctx, who(ctx), recordings.Listening{
		Call: in.ID, Part: in.Part, Download: in.Download, Further: in.Range != "" && !strings.HasPrefix(in.Range, "bytes=0-"),
	})
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		defer file.Close()
		r, w := humago.Unwrap(hctx)
		w.Header().Set("Content-Type", "audio/mpeg")
		if in.Download {
			w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": recordings.FileName(call, in.Part)}))
		}
		if file.Sized() {
			http.ServeContent(w, r, "", call.StartedAt, file)
		} else if _, err := io.Copy(w, file); err != nil {
			panic(http.ErrAbortHandler) // only a torn connection tells that it is not whole
		}
	}}, nil
}

// retryRecording asks the PBX for what has not come; nobody hears it by that.
func (s callAPI) retryRecording(ctx context.Context, in *byID) (*body[client.Call], error) {
	if err := s.Recordings.Retry(ctx, who(ctx), in.ID); err != nil {
		return nil, err
	}
	return s.get(ctx, in)
}

func (s callAPI) morning(ctx context.Context, in *struct {
	Since time.Time `query:"since" doc:"How far to look back; at most four days"`
},
) (*body[mornings.Morning], error) {
	return one(s.Morning.Of(ctx, who(ctx), in.Since))
}
