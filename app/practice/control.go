package practice

import (
	"encoding/json"
	"errors"
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
		for _, l := range c.snapshot {
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
	mux.HandleFunc("GET /control/healthz", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	})
	mux.HandleFunc("GET /control/scenarios", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, Scenarios())
	})
	mux.HandleFunc("GET /control/calls", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, p.Calls())
	})
	mux.HandleFunc("POST /control/calls", func(w http.ResponseWriter, r *http.Request) {
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
	})
	mux.HandleFunc("GET /control/calls/{entry}/ended", func(w http.ResponseWriter, r *http.Request) {
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
	})
	mux.HandleFunc("PUT /control/phones/{number}", func(w http.ResponseWriter, r *http.Request) {
		var rule Rule
		if !readControl(w, r, &rule) {
			return
		}
		if err := p.SetPhone(r.PathValue("number"), rule); err != nil {
			controlError(w, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("POST /control/traffic", func(w http.ResponseWriter, r *http.Request) {
		var request TrafficRequest
		if !readControl(w, r, &request) {
			return
		}
		every := time.Duration(request.EveryMS) * time.Millisecond
		if err := p.Traffic(every, request.Count, request.Numbers); err != nil {
			controlError(w, err)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})
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
	case errors.Is(err, ErrCall):
		status = http.StatusNotFound
	case errors.Is(err, ErrClosed):
		status = http.StatusServiceUnavailable
	}
	writeJSON(w, status, map[string]string{"error": err.Error()})
}
