package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/server/crm"
	"dozvon/app/server/store"
	"dozvon/app/server/switchboard"
	"dozvon/client"
)

// Paging is how far into a list; exported because the router reads it by reflection.
type Paging struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"500"`
	Cursor string `query:"cursor"`
}

type byID struct {
	ID string `path:"id"`
}

type withBody[T any] struct {
	ID   string `path:"id"`
	Body T
}

// IfMatch is the record that a change expects; exported because the router reads it by reflection.
type IfMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the record that is changed; when it stands otherwise by now, the answer is 409 conflict"`
}

// changeOf changes the given fields of a record.
type changeOf[T any] struct {
	IfMatch
	ID   string `path:"id"`
	Body T
}

// removal takes a record away.
type removal struct {
	IfMatch
	ID string `path:"id"`
}

// tagged is a record with its ETag.
type tagged[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

type matches struct {
	Matches []client.Subject `json:"matches"`
}

func (s *Server) callRoutes() {
	huma.Register(s.api, op("lookup", http.MethodGet, "/lookup", "Whose number is it"), s.lookup)
	huma.Register(s.api, op("list-calls", http.MethodGet, "/calls", "Calls, newest first"), s.listCalls)
	huma.Register(s.api, op("get-call", http.MethodGet, "/calls/{id}", "One call"), func(ctx context.Context, in *byID) (*body[client.Call], error) {
		c, err := s.Switchboard.Call(ctx, who(ctx), in.ID)
		return &body[client.Call]{c}, fail(ctx, err)
	})
	dial := op("create-call", http.MethodPost, "/calls", "Click-to-call: the PBX rings you, then the number")
	dial.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, dial, func(ctx context.Context, in *body[client.Dial]) (*body[client.Call], error) {
		number, err := s.Switchboard.Numbers().Parse(in.Body.Phone)
		if err != nil {
			return nil, fail(ctx, err)
		}
		c, err := s.Switchboard.Dial(ctx, who(ctx), switchboard.DialOrder{
			Number: number, Subject: in.Body.Subject, Group: in.Body.Group, Request: in.Body.CommandID,
		})
		return &body[client.Call]{c}, fail(ctx, err)
	})
	for _, act := range []struct {
		id, path, about string
		do              func(ctx context.Context, by client.Employee, callID string) error
	}{
		{"hangup-call", "hangup", "End a call", s.Switchboard.Hangup},
		{"hold-call", "hold", "Put the client on hold", s.Switchboard.Hold},
		{"resume-call", "resume", "Take the client back from hold", s.Switchboard.Resume},
		{"connect-call", "transfer/connect", "Join the client with the colleague who was asked", s.Switchboard.Connect},
		{"return-call", "transfer/return", "Give a consultation up and go back to the client", s.Switchboard.Return},
		{"record-call", "record", "Begin to record a talk", s.Switchboard.Record},
	} {
		o := op(act.id, http.MethodPost, "/calls/{id}/"+act.path, act.about)
		o.DefaultStatus = http.StatusNoContent
		huma.Register(s.api, o, func(ctx context.Context, in *byID) (*empty, error) {
			return nil, fail(ctx, act.do(ctx, who(ctx), in.ID))
		})
	}
	transfer := op("transfer-call", http.MethodPost, "/calls/{id}/transfer", "Transfer to an extension, at once or after a consultation")
	transfer.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, transfer, func(ctx context.Context, in *withBody[client.Transfer]) (*empty, error) {
		return nil, fail(ctx, s.Switchboard.Transfer(ctx, who(ctx), in.ID, in.Body))
	})
	sms := op("send-sms", http.MethodPost, "/sms", "A text message through the PBX, in your name")
	sms.DefaultStatus = http.StatusAccepted
	huma.Register(s.api, sms, func(ctx context.Context, in *body[client.SMSInput]) (*body[client.FeedEntry], error) {
		number, err := s.Switchboard.Numbers().Parse(in.Body.Phone)
		if err != nil {
			return nil, fail(ctx, err)
		}
		e, err := s.Switchboard.SendSMS(ctx, who(ctx), number, in.Body)
		return &body[client.FeedEntry]{e}, fail(ctx, err)
	})
	note := op("note-call", http.MethodPost, "/calls/{id}/note", "A note that lands in the feed")
	note.DefaultStatus = http.StatusCreated
	huma.Register(s.api, note, func(ctx context.Context, in *withBody[client.CallNote]) (*body[client.FeedEntry], error) {
		e, err := s.Switchboard.NoteCall(ctx, who(ctx), in.ID, in.Body)
		return &body[client.FeedEntry]{e}, fail(ctx, err)
	})
	huma.Register(s.api, op("bind-call", http.MethodPost, "/calls/{id}/subject", "Choose whose call it is"),
		func(ctx context.Context, in *withBody[client.SubjectRef]) (*body[client.Call], error) {
			c, err := s.Switchboard.Choose(ctx, who(ctx), in.ID, in.Body)
			return &body[client.Call]{c}, fail(ctx, err)
		})
	huma.Register(s.api, op("unbind-call", http.MethodDelete, "/calls/{id}/subject", "Let the number say whose call it is"),
		func(ctx context.Context, in *byID) (*body[client.Call], error) {
			c, err := s.Switchboard.Choose(ctx, who(ctx), in.ID, client.SubjectRef{})
			return &body[client.Call]{c}, fail(ctx, err)
		})
}

func (s *Server) lookup(ctx context.Context, in *struct {
	Phone string `query:"phone" required:"true" maxLength:"300"`
},
) (*body[matches], error) {
	number, err := s.Switchboard.Numbers().Parse(in.Phone)
	if err != nil {
		return nil, fail(ctx, err)
	}
	contracts, clients, err := s.Store.Owners(ctx, number)
	if err != nil {
		return nil, fail(ctx, err)
	}
	found := crm.Subjects(contracts, clients)
	if found == nil {
		found = []client.Subject{}
	}
	return &body[matches]{matches{found}}, nil
}

func (s *Server) listCalls(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"active,"`
	Told  bool   `query:"told" doc:"Only those of which the stream tells you: that ring you or that you talk on, for managers all"`
},
) (*body[client.Page[client.Call]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, fail(ctx, err)
	}
	if in.State == "active" {
		all, err := s.Switchboard.ActiveCalls(ctx, who(ctx), in.Told)
		return pageBody(all, nil), fail(ctx, err)
	}
	all, next, err := s.Switchboard.Calls(ctx, who(ctx), in.Told, cursor, in.Limit)
	return pageBody(all, next), fail(ctx, err)
}
