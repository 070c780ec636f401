package api

import (
	"context"

	"dozvon/app/server/calls"
	"dozvon/app/server/crm"
	"dozvon/app/server/directory"
	"dozvon/app/server/store"
	"dozvon/client"
)

// callAPI is calls, past and present, and what can be done with them.
type callAPI struct{ *Server }

type matches struct {
	Matches []client.Subject `json:"matches"`
}

func (s callAPI) lookup(ctx context.Context, in *struct {
	Phone string `query:"phone" required:"true" maxLength:"300"`
},
) (*body[matches], error) {
	number, err := s.Directory.Numbers().Parse(in.Phone)
	if err != nil {
		return nil, err
	}
	cards, err := s.Store.Owners(ctx, number)
	if err != nil {
		return nil, err
	}
	return &body[matches]{matches{append([]client.Subject{}, crm.Subjects(cards)...)}}, nil
}

func (s callAPI) list(ctx context.Context, in *struct {
	Paging
	State string `query:"state" enum:"active,"`
	Told  bool   `query:"told" doc:"Only those of which the stream tells you: that ring you or that you talk on, for managers all"`
},
) (*body[client.Page[client.Call]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	if in.State == "active" {
		return all(s.Calls.Reader.ActiveCalls(ctx, who(ctx), in.Told))
	}
	return page(s.Calls.Reader.Calls(ctx, who(ctx), in.Told, cursor, in.Limit))
}

func (s callAPI) get(ctx context.Context, in *byID) (*body[client.Call], error) {
	return one(s.Calls.Reader.Call(ctx, who(ctx), in.ID))
}

func (s callAPI) dial(ctx context.Context, in *body[client.Dial]) (*body[client.Call], error) {
	o := calls.DialOrder{Request: in.Body.CommandID, Integration: in.Body.IntegrationID}
	if o.Colleague = (directory.Colleague{Employee: in.Body.EmployeeID, Extension: in.Body.Extension}); o.Colleague == (directory.Colleague{}) {
		to, err := s.Directory.Numbers().Dial(in.Body.Phone)
		if err != nil {
			return nil, err
		}
		o.Number, o.Subject, o.Group = to.Number, in.Body.Subject, in.Body.Group
	}
	return one(s.Calls.Commands.Dial(ctx, who(ctx), o))
}

// act is a command that needs nothing but the call.
func (s callAPI) act(do func(ctx context.Context, by client.Employee, callID string) error) func(context.Context, *byID) error {
	return func(ctx context.Context, in *byID) error { return do(ctx, who(ctx), in.ID) }
}

func (s callAPI) transfer(ctx context.Context, in *withBody[client.Transfer]) error {
	return s.Calls.Commands.Transfer(ctx, who(ctx), in.ID, in.Body)
}

func (s callAPI) sendSMS(ctx context.Context, in *body[client.SMSInput]) (*body[client.FeedEntry], error) {
	to, err := s.Directory.Numbers().Dial(in.Body.Phone)
	if err != nil {
		return nil, err
	}
	return entryBody(s.Calls.Texts.SendSMS(ctx, who(ctx), to.Number, in.Body))
}

func (s callAPI) note(ctx context.Context, in *withBody[client.CallNote]) (*body[client.FeedEntry], error) {
	return entryBody(s.Followup.NoteCall(ctx, who(ctx), in.ID, in.Body))
}

func (s callAPI) bind(ctx context.Context, in *withBody[client.SubjectRef]) (*body[client.Call], error) {
	return one(s.Calls.Binding.Choose(ctx, who(ctx), in.ID, in.Body))
}

func (s callAPI) unbind(ctx context.Context, in *byID) (*body[client.Call], error) {
	return one(s.Calls.Binding.Choose(ctx, who(ctx), in.ID, client.SubjectRef{}))
}
