package client

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Sources of a run: a file, or another CRM.
const RunFile, RunSync = "file", "sync"

// States of a run: what it did stands; its cards are as before, histories and calls follow; all is as before.
const RunIn, RunUndoing, RunUndone = "in", "undoing", "undone"

// CardRun is what one file, or one go of another CRM, did to cards. For a day it may be taken back as a whole.
type CardRun struct {
	ID        string     `json:"id" doc:"Of a file: the import's"`
	Source    string     `json:"source" enum:"file,sync"`
	Kind      string     `json:"kind,omitempty" doc:"clients or contracts; absent: another CRM sends both"`
	File      string     `json:"file,omitempty"`
	By        *Person    `json:"by,omitempty"`
	StartedAt time.Time  `json:"started_at"`
	EndedAt   time.Time  `json:"ended_at"`
	Until     time.Time  `json:"until" doc:"Until then it may be taken back"`
	Added     int        `json:"added"`
	Changed   int        `json:"changed"`
	State     string     `json:"state" enum:"in,undoing,undone"`
	UndoneBy  *Person    `json:"undone_by,omitempty"`
	UndoneAt  *time.Time `json:"undone_at,omitempty"`
	Kept      int        `json:"kept,omitempty" doc:"Cards that taking it back has left alone; within its day that may be asked for again"`
}

// RunReceipt tells what taking a run back would do now, or what it has done.
type RunReceipt struct {
	Run      CardRun   `json:"run"`
	Removed  int       `json:"removed" doc:"Cards that the run made, and that go; they can be restored one by one"`
	Restored int       `json:"restored" doc:"Cards that are as before the run"`
	Kept     int       `json:"kept" doc:"Cards that stay as they are, for somebody changed them since"`
	Stays    []RunKept `json:"stays" doc:"The first 200 of those"`
	Again    int       `json:"again,omitempty" doc:"Of the kept ones of a run that was taken back: how many would go back now, asked for again"`
	Later    []CardRun `json:"later,omitempty" doc:"Runs that keep some of its cards from going back, and may be taken back themselves: those first, and they do no more"`
}

// RunKept is a card that taking a run back leaves alone.
type RunKept struct {
	Kind SubjectKind `json:"kind"`
	ID   string      `json:"id"`
	Name string      `json:"name"`
	Why  string      `json:"why" enum:"gone,deleted,changed,note,task,contract,client"`
	RU   string      `json:"ru"`
	EN   string      `json:"en"`
	By   *Person     `json:"by,omitempty" doc:"Who did what keeps it; absent: a program, or not known"`
	At   *time.Time  `json:"at,omitempty"`
}

// CardRuns lists what files and other CRMs did in the last week, the last first.
func (a *API) CardRuns(ctx context.Context, cursor string) (Page[CardRun], error) {
	return send[Page[CardRun]](ctx, a, http.MethodGet, "/imports?cursor="+url.QueryEscape(cursor), nil)
}

// RunReceipt tells what taking a run back would do, or has done.
func (a *API) RunReceipt(ctx context.Context, id string) (RunReceipt, error) {
	return send[RunReceipt](ctx, a, http.MethodGet, "/imports/"+url.PathEscape(id)+"/undo", nil)
}

// UndoRun takes a run back as a whole.
func (a *API) UndoRun(ctx context.Context, id string) (RunReceipt, error) {
	return send[RunReceipt](ctx, a, http.MethodPost, "/imports/"+url.PathEscape(id)+"/undo", nil)
}
