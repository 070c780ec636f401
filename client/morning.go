package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// MorningRecording is a recording that should be there and is not.
type MorningRecording struct {
	CallID  string    `json:"call_id"`
	At      time.Time `json:"at" doc:"When the call began"`
	Phone   string    `json:"phone"`
	Subject *Subject  `json:"subject"`
	Why     string    `json:"why" doc:"Why it has not come"`
	WhyEN   string    `json:"why_en" doc:"The same in English"`
}

// MorningExtension is an extension of a PBX that rang or talked and is nobody's.
type MorningExtension struct {
	Extension     string `json:"extension"`
	Calls         int    `json:"calls"`
	IntegrationID string `json:"integration_id"`
	Integration   string `json:"integration" doc:"Name of the PBX"`
}

// Morning is what a day begins with, as far as the app does not know it from the stream: only what the one who asks
// can do something about.
type Morning struct {
	Since      time.Time          `json:"since" doc:"What is older is not told"`
	Recordings []MorningRecording `json:"recordings" doc:"The newest first"`
	Extensions []MorningExtension `json:"extensions" doc:"For accountants and above; whose calls are most first"`
}

// Morning tells what a day begins with; since bounds how far it looks back.
func (a *API) Morning(ctx context.Context, since time.Time) (Morning, error) {
	return send[Morning](ctx, a, http.MethodGet, "/morning?since="+url.QueryEscape(since.UTC().Format(time.RFC3339)), nil)
}

// RetryRecording lets the PBX be asked once more for the recordings of a call. Where it has to be asked at its own time,
// the call is told without; the recording comes by itself.
func (a *API) RetryRecording(ctx context.Context, callID string) (Call, error) {
	return send[Call](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(callID)+"/recording", nil)
}
