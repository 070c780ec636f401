package mango

import (
	"net/http"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
	"dozvon/app/practice/faults"
	"dozvon/app/practice/mango/api"
	"dozvon/app/practice/mango/stats"
)

// routes serves /vpbx/, /files/ and /control/.
func (p *PBX) routes() http.Handler {
	answers := p.api()
	statistics := p.statistics(answers)
	handler := answers.Handler(map[string]api.Query{
		mango.PathStats: statistics.Request, mango.PathStatsResult: statistics.Result,
		mango.PathStatsCalls: statistics.CallsRequest, mango.PathStatsCallsResult: statistics.CallsResult,
		mango.PathBookInit: p.addresses.Init, mango.PathBookCursor: p.addresses.Cursor, mango.PathBookCreate: p.addresses.Create,
		mango.PathBookUpdate: p.addresses.Update, mango.PathBookDelete: p.addresses.Delete,
	})
	mux := http.NewServeMux()
	mux.Handle("/vpbx/", faults.Spoil(handler, p.luck.answers, faults.Answers{
		Error: func(w http.ResponseWriter, _ *http.Request) {
			control.JSON(w, http.StatusServiceUnavailable, map[string]int{"code": 5008})
		},
		Limit: func(w http.ResponseWriter, _ *http.Request) { api.TooMany(w) },
	}, p.life.Closed()))
	mux.Handle("GET /files/{token}", p.files)
	control.Mount[Faults](mux, p)
	mux.HandleFunc("GET /control/book", func(w http.ResponseWriter, _ *http.Request) {
		control.JSON(w, http.StatusOK, p.AddressBook())
	})
	return mux
}

func (p *PBX) api() *api.Server {
	return api.New(api.Config{
		Key: p.config.Key, Salt: p.config.Salt, NoLimits: p.config.NoLimits, HoldOff: p.config.HoldOff,
		SMSDelay:     p.config.SMSDelay,
		SMSFails:     func() bool { return p.luck.Strikes("sms", func(f Faults) float64 { return f.SMSFailed }) },
		AcceptedZero: func() bool { return p.luck.Get().AcceptedZero },
		Now:          p.config.Now,
		Stamp:        func() mango.Int { return mango.Int(p.config.Now().Unix()) + p.luck.skew() },
		Staff:        p.staff, Recordings: p.files, Life: p.life, Log: p.config.Log,
	}, p)
}

func (p *PBX) statistics(answers *api.Server) *stats.Service {
	return stats.New(stats.Config{
		History: p.history, Staff: p.staff, Delay: p.config.StatsDelay, NoLimits: p.config.NoLimits,
		Wrong: answers.CountWrong, TooMany: api.TooMany, Life: p.life,
		Ready: func(key, requestID mango.Text) {
			p.Post(mango.PathResult+"stat", mango.Result{Key: key, RequestID: requestID})
		},
	})
}

// history is the ended calls as the statistics tell them, oldest first.
func (p *PBX) history() []stats.Call {
	var list []stats.Call
	for _, c := range p.ended() {
		list = append(list, c.forStats())
	}
	return list
}

func (c *call) forStats() stats.Call {
	s := stats.Call{
		EntryID: c.entryID, Direction: c.direction, Client: c.client, Line: c.line, Began: c.began, Finished: c.finished,
		Talked: c.talked, From: c.from, Called: c.called, InitType: c.initType(),
	}
	for _, l := range c.legs {
		s.Legs = append(s.Legs, stats.Leg{
			Event: l.event, Began: l.began, Answered: l.answered, Ended: l.ended, Held: l.held, Reason: l.reason,
			Records: l.records, Intercepted: l.intercepted,
		})
	}
	return s
}

// initType is context_init_type: 4 a callback of ours, 5 a widget's, 6 a group's, else any device.
func (c *call) initType() mango.Int {
	switch {
	case c.callback == nil:
		return 0
	case c.callback.group:
		return 6
	case c.callback.initiator == widgetInitiator:
		return 5
	}
	return 4
}

// AddressBook returns the address book, as it stands.
func (p *PBX) AddressBook() []mango.Contact { return p.addresses.Contacts() }

// addressBookChanged tells the server of a change of the book, its own included (section 3.9.4). That the
// path ends in the kind of object is inferred.
func (p *PBX) addressBookChanged(action string, data any) {
	if !p.config.SilentAddressBook {
		p.Post(mango.PathBookEvents+"contact", map[string]any{"action": action, "data": data})
	}
}
