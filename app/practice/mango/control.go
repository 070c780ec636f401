package mango

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"dozvon/app/mango"
)

// CallView is a call as the control API shows it.
type CallView struct {
	EntryID string    `json:"entry_id"`
	Ended   bool      `json:"ended"`
	Legs    []LegView `json:"legs"`
}

// LegView is a leg in the state that was reported last.
type LegView struct {
	CallID    string `json:"call_id"`
	State     string `json:"state"`
	Location  string `json:"location"`
	From      string `json:"from"`
	To        string `json:"to"`
	Extension string `json:"extension,omitempty"`
	// ShownName is what a route command put on the telephone's display.
	ShownName string `json:"shown_name,omitempty"`
}

// Calls returns what the PBX remembers, oldest first.
func (p *PBX) Calls() []CallView {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := make([]CallView, 0, len(p.calls))
	for _, c := range p.calls {
		v := CallView{EntryID: c.entryID, Ended: c.over(), Legs: []LegView{}}
		for _, l := range c.legs {
			e := l.event
			v.Legs = append(v.Legs, LegView{
				CallID: string(e.CallID), State: string(e.State), Location: string(e.Location), From: string(e.From.Number),
				To: string(e.To.Number), Extension: string(e.To.Extension), ShownName: l.shown,
			})
		}
		list = append(list, v)
	}
	return list
}

// Ended returns a channel that is closed when the call's summary has been sent on its way.
func (p *PBX) Ended(entryID string) (<-chan struct{}, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		if c.entryID == entryID {
			return c.ended, nil
		}
	}
	return nil, ErrCall
}

// TrafficRequest asks for random calls: Count of them, one per EveryMS; 0 means until Close.
type TrafficRequest struct {
	EveryMS int64    `json:"every_ms"`
	Count   int      `json:"count,omitempty"`
	Numbers []string `json:"numbers,omitempty"`
}

func (p *PBX) control(mux *http.ServeMux) {
	for pattern, get := range map[string]func() any{
		"GET /control/healthz":   func() any { return map[string]string{"status": "ok"} },
		"GET /control/scenarios": func() any { return Scenarios() },
		"GET /control/calls":     func() any { return p.Calls() },
		"GET /control/list":      func() any { return p.List() },
		"GET /control/employees": func() any { return p.Employees() },
		"GET /control/faults":    func() any { return p.Faults() },
		"GET /control/book":      func() any { return p.Book() },
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, get()) })
	}
	mux.HandleFunc("POST /control/calls", p.controlCall)
	mux.HandleFunc("GET /control/calls/{entry}/ended", p.controlEnded)
	mux.HandleFunc("POST /control/calls/{entry}/resume", func(w http.ResponseWriter, r *http.Request) {
		controlDone(w, http.StatusNoContent, p.Resume(r.PathValue("entry")))
	})
	mux.HandleFunc("PUT /control/phones/{number}", func(w http.ResponseWriter, r *http.Request) {
		var rule Rule
		if readControl(w, r, &rule) {
			controlDone(w, http.StatusNoContent, p.SetPhone(r.PathValue("number"), rule))
		}
	})
	mux.HandleFunc("PUT /control/faults", func(w http.ResponseWriter, r *http.Request) {
		var faults Faults
		if readControl(w, r, &faults) {
			controlDone(w, http.StatusNoContent, p.SetFaults(faults))
		}
	})
	mux.HandleFunc("DELETE /control/recordings/{id}", func(w http.ResponseWriter, r *http.Request) {
		controlDone(w, http.StatusNoContent, p.DeleteRecording(r.PathValue("id")))
	})
	mux.HandleFunc("POST /control/traffic", func(w http.ResponseWriter, r *http.Request) {
		var request TrafficRequest
		if readControl(w, r, &request) {
			every := time.Duration(request.EveryMS) * time.Millisecond
			controlDone(w, http.StatusAccepted, p.Traffic(every, request.Count, request.Numbers))
		}
	})
	mux.HandleFunc("POST /control/day", p.controlDay)
	mux.HandleFunc("POST /control/drain", func(w http.ResponseWriter, r *http.Request) {
		controlDone(w, http.StatusNoContent, p.Drain(r.Context()))
	})
}

func (p *PBX) controlCall(w http.ResponseWriter, r *http.Request) {
	var request CallRequest
	if !readControl(w, r, &request) {
		return
	}
	entryID, err := p.Call(request)
	if err != nil {
		controlError(w, err)
		return
	}
	writeJSON(w, http.StatusCreated, map[string]string{"entry_id": entryID})
}

// controlEnded answers when the call has ended.
func (p *PBX) controlEnded(w http.ResponseWriter, r *http.Request) {
	ended, err := p.Ended(r.PathValue("entry"))
	if err != nil {
		controlError(w, err)
		return
	}
	select {
	case <-ended:
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	case <-p.ctx.Done():
		controlError(w, ErrClosed)
	}
}

// controlDay plays a day; with wait in the query it answers when all of it has been delivered.
func (p *PBX) controlDay(w http.ResponseWriter, r *http.Request) {
	var request DayRequest
	if !readControl(w, r, &request) {
		return
	}
	day, err := p.Day(request)
	if err != nil {
		controlError(w, err)
		return
	}
	status := http.StatusAccepted
	if r.URL.Query().Has("wait") {
		status = http.StatusOK
		if err := day.Wait(r.Context()); err != nil {
			controlError(w, err)
			return
		}
		if err := p.Drain(r.Context()); err != nil {
			controlError(w, err)
			return
		}
	}
	writeJSON(w, status, map[string]int{"calls": day.Planned(), "made": len(day.Entries())})
}

// DeleteRecording removes a recording, as somebody may in the cabinet; from then on it answers 3320.
func (p *PBX) DeleteRecording(id string) error {
	if !p.files.remove(id) {
		return fmt.Errorf("deleting recording %s: %w", id, ErrRecording)
	}
	return nil
}

func controlDone(w http.ResponseWriter, status int, err error) {
	if err != nil {
		controlError(w, err)
		return
	}
	w.WriteHeader(status)
}

func readControl(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, mango.MaxJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return false
	}
	return true
}

func controlError(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	switch {
	case errors.Is(err, ErrCall), errors.Is(err, ErrRecording):
		status = http.StatusNotFound
	case errors.Is(err, ErrClosed):
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, map[string]string{"error": err.Error()})
}
