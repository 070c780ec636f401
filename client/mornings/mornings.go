// Package mornings reads what a day begins with. It is apart from the client, which would be too large with it.
package mornings

import (
	"context"
	"net/url"
	"time"

	"dozvon/client"
)

// MorningRecording is a recording that should be there and is not.
type MorningRecording struct {
	CallID  string          `json:"call_id"`
	At      time.Time       `json:"at" doc:"When the call began"`
	Phone   string          `json:"phone"`
	Subject *client.Subject `json:"subject"`
	Why     string          `json:"why" doc:"Why it has not come"`
	WhyEN   string          `json:"why_en" doc:"The same in English"`
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

// Read tells what a day begins with; since bounds how far it looks back.
func Read(ctx context.Context, api *client.API, since time.Time) (Morning, error) {
	return client.Get[Morning](ctx, api, "/morning?since="+url.QueryEscape(since.UTC().Format(time.RFC3339)))
}
