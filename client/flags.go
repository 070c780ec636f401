package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Flag marks a moment of a recording, or a part of it, with a word.
type Flag struct {
	ID     string    `json:"id"`
	Part   int       `json:"part" doc:"Which of the call's recordings, counted from 1"`
	FromMS int64     `json:"from_ms" doc:"Where in the recording it begins, in milliseconds"`
	ToMS   int64     `json:"to_ms" doc:"Where it ends; the same as from_ms: a moment"`
	Word   string    `json:"word"`
	By     *Person   `json:"by,omitempty"`
	At     time.Time `json:"at"`
}

// FlagWordMost is how many signs the word of a flag may have.
const FlagWordMost = 40

// NewFlag is a flag to be set.
type NewFlag struct {
	Part   int    `json:"part,omitempty" default:"1" minimum:"1" doc:"Which of the call's recordings, counted from 1"`
	FromMS int64  `json:"from_ms" minimum:"0" maximum:"86400000" doc:"Where in the recording it begins, in milliseconds"`
	ToMS   int64  `json:"to_ms" minimum:"0" maximum:"86400000" doc:"Where it ends; the same as from_ms: a moment"`
	Word   string `json:"word" minLength:"1" maxLength:"40"`
}

// SetFlag sets a flag in a call's recording. The same once more is the one that stands already.
func (a *API) SetFlag(ctx context.Context, callID string, in NewFlag) (Flag, error) {
	return send[Flag](ctx, a, http.MethodPost, "/calls/"+url.PathEscape(callID)+"/flags", in)
}

// DeleteFlag takes a flag away; its author and managers may. It can be taken back for a moment.
func (a *API) DeleteFlag(ctx context.Context, callID, flagID string) error {
	_, err := send[struct{}](ctx, a, http.MethodDelete, "/calls/"+url.PathEscape(callID)+"/flags/"+url.PathEscape(flagID), nil)
	return err
}
