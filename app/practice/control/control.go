// Package control is the HTTP endpoint by which people and tests lead a practice PBX: make calls,
// set how telephones behave, let it misbehave, play a day. It is the same for every kind of PBX and
// has no login; serve it on a loopback address only.
package control

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"dozvon/app/practice"
	"dozvon/app/practice/day"
	"dozvon/app/practice/staff"
)

// PBX is what the endpoint leads; F is the kind's faults.
type PBX[F any] interface {
	Kind() string
	Scenarios() []practice.Scenario
	// Calls are what the PBX remembers, List the ended ones as they really were; both oldest first.
	Calls() []practice.CallView
	List() []practice.CallTruth
	Employees() []staff.Employee
	Call(practice.CallRequest) (entryID string, err error)
	// Ended is closed when the call has ended and its last event is on its way.
	Ended(entryID string) (<-chan struct{}, error)
	// Resume lets the employee of a call take his client back from hold.
	Resume(entryID string) error
	SetPhone(number string, rule practice.Rule) error
	DeleteRecording(id string) error
	Traffic(every time.Duration, count int, numbers []string) error
	Day(day.Request) (*day.Day, error)
	// Drain waits until every webhook has been delivered or given up.
	Drain(context.Context) error
	Closed() <-chan struct{}
	Faults() F
	SetFaults(F) error
}

// TrafficRequest asks for random calls: Count of them, one per EveryMS; 0 means until Close.
type TrafficRequest struct {
	EveryMS int64    `json:"every_ms"`
	Count   int      `json:"count,omitempty"`
	Numbers []string `json:"numbers,omitempty"`
}

// maxBody bounds a request in bytes.
const maxBody = 1 << 20

type endpoint[F any] struct{ pbx PBX[F] }

// Mount serves the endpoint of p under /control/.
func Mount[F any](mux *http.ServeMux, p PBX[F]) {
	e := endpoint[F]{p}
	for pattern, get := range map[string]func() any{
		"GET /control/healthz":   func() any { return map[string]string{"status": "ok", "kind": p.Kind()} },
		"GET /control/scenarios": func() any { return p.Scenarios() },
		"GET /control/calls":     func() any { return p.Calls() },
		"GET /control/list":      func() any { return p.List() },
		"GET /control/employees": func() any { return p.Employees() },
		"GET /control/faults":    func() any { return p.Faults() },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { JSON(w, http.StatusOK, get()) })
	}
	mux.HandleFunc("POST /control/calls", e.call)
	mux.HandleFunc("GET /control/calls/{entry}/ended", e.ended)
	mux.HandleFunc("POST /control/calls/{entry}/resume", func(w http.ResponseWriter, r *http.Request) {
		Done(w, http.StatusNoContent, p.Resume(r.PathValue("entry")))
	})
	mux.HandleFunc("PUT /control/phones/{number}", func(w http.ResponseWriter, r *http.Request) {
		var rule practice.Rule
		if Read(w, r, &rule) {
			Done(w, http.StatusNoContent, p.SetPhone(r.PathValue("number"), rule))
		}
	})
	mux.HandleFunc("PUT /control/faults", func(w http.ResponseWriter, r *http.Request) {
		var faults F
		if Read(w, r, &faults) {
			Done(w, http.StatusNoContent, p.SetFaults(faults))
		}
	})
	mux.HandleFunc("DELETE /control/recordings/{id}", func(w http.ResponseWriter, r *http.Request) {
		Done(w, http.StatusNoContent, p.DeleteRecording(r.PathValue("id")))
	})
	mux.HandleFunc("POST /control/traffic", func(w http.ResponseWriter, r *http.Request) {
		var request TrafficRequest
		if Read(w, r, &request) {
			every := time.Duration(request.EveryMS) * time.Millisecond
			Done(w, http.StatusAccepted, p.Traffic(every, request.Count, request.Numbers))
		}
	})
	mux.HandleFunc("POST /control/day", e.day)
	mux.HandleFunc("POST /control/drain", func(w http.ResponseWriter, r *http.Request) {
		Done(w, http.StatusNoContent, p.Drain(r.Context()))
	})
}

func (e endpoint[F]) call(w http.ResponseWriter, r *http.Request) {
	var request practice.CallRequest
	if !Read(w, r, &request) {
		return
	}
	entryID, err := e.pbx.Call(request)
	if err != nil {
		refuse(w, err)
		return
	}
	JSON(w, http.StatusCreated, map[string]string{"entry_id": entryID})
}

// ended answers when the call has ended.
func (e endpoint[F]) ended(w http.ResponseWriter, r *http.Request) {
	ended, err := e.pbx.Ended(r.PathValue("entry"))
	if err != nil {
		refuse(w, err)
		return
	}
	select {
	case <-ended:
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	case <-e.pbx.Closed():
		refuse(w, practice.ErrClosed)
	}
}

// day plays a day; with wait in the query it answers when all of it has been delivered.
func (e endpoint[F]) day(w http.ResponseWriter, r *http.Request) {
	var request day.Request
	if !Read(w, r, &request) {
		return
	}
	played, err := e.pbx.Day(request)
	if err != nil {
		refuse(w, err)
		return
	}
	status := http.StatusAccepted
	if r.URL.Query().Has("wait") {
		status = http.StatusOK
		if err := played.Wait(r.Context()); err != nil {
			refuse(w, err)
			return
		}
		if err := e.pbx.Drain(r.Context()); err != nil {
			refuse(w, err)
			return
		}
	}
	JSON(w, status, map[string]int{"calls": played.Planned(), "made": len(played.Entries())})
}

// Done answers with status, or says why not.
func Done(w http.ResponseWriter, status int, err error) {
	if err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(status)
}

// Read reads a request's JSON; it reports false once it has refused it.
func Read(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		JSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return false
	}
	return true
}

// JSON answers with a body.
func JSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
}

func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	switch {
	case errors.Is(err, practice.ErrCall), errors.Is(err, practice.ErrRecording):
		status = http.StatusNotFound
	case errors.Is(err, practice.ErrClosed):
		status = http.StatusServiceUnavailable
	}
	JSON(w, status, map[string]string{"error": err.Error()})
}
