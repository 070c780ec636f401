package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"dozvon/app/phone"
	"dozvon/app/server/revision"
	"dozvon/app/server/store"
	"dozvon/client"
)

type byPhone struct {
	Phone string `path:"phone" maxLength:"64"`
}

func (s *Server) queueRoutes() {
	huma.Register(s.api, op("list-missed", http.MethodGet, "/missed", "Missed callers, one row each; who called last first"), s.listMissed)
	for _, act := range []struct {
		id, path, about string
		do              func(context.Context, client.Employee, phone.Number) (client.MissedCaller, error)
	}{
		{"take-missed", "take", "I will call back", s.Switchboard.TakeMissed},
		{"release-missed", "release", "Put a caller back into the queue", s.Switchboard.ReleaseMissed},
	} {
		huma.Register(s.api, op(act.id, http.MethodPost, "/missed/{phone}/"+act.path, act.about), func(ctx context.Context, in *byPhone) (*body[client.MissedCaller], error) {
			number, err := s.Switchboard.Numbers().Parse(in.Phone)
			if err != nil {
				return nil, fail(ctx, err)
			}
			m, err := act.do(ctx, who(ctx), number)
			return &body[client.MissedCaller]{m}, fail(ctx, err)
		})
	}
	huma.Register(s.api, op("dismiss-missed", http.MethodPost, "/missed/{phone}/dismiss", "No call-back is needed"), func(ctx context.Context, in *struct {
		Phone string `path:"phone" maxLength:"64"`
		Body  client.DismissMissed
	},
	) (*body[client.MissedCaller], error) {
		number, err := s.Switchboard.Numbers().Parse(in.Phone)
		if err != nil {
			return nil, fail(ctx, err)
		}
		m, err := s.Switchboard.DismissMissed(ctx, who(ctx), number, in.Body.Reason)
		return &body[client.MissedCaller]{m}, fail(ctx, err)
	})
	s.taskRoutes()
	s.undoRoutes()
}

func (s *Server) listMissed(ctx context.Context, in *struct {
	Paging
	State string `query:"state" default:"waiting,taken" doc:"One or several states, with commas between"`
},
) (*body[client.Page[client.MissedCaller]], error) {
	cursor, err := store.ParseCursor(in.Cursor)
	if err != nil {
		return nil, fail(ctx, err)
	}
	var states []client.MissedState
	for state := range strings.SplitSeq(in.State, ",") {
		states = append(states, client.MissedState(strings.TrimSpace(state)))
	}
	items, next, err := s.Switchboard.MissedCallers(ctx, states, cursor, in.Limit)
	return pageBody(items, next), fail(ctx, err)
}

func (s *Server) taskRoutes() {
	huma.Register(s.api, op("list-tasks", http.MethodGet, "/tasks", "Reminders and calls to give back: yours, and those you gave away"), func(ctx context.Context, in *struct {
		State     string `query:"state" enum:"open,done" default:"open"`
		Everybody bool   `query:"everybody" doc:"Everybody's, for managers"`
	},
	) (*body[client.Page[client.Task]], error) {
		items, err := s.Switchboard.Tasks(ctx, who(ctx), in.State, in.Everybody)
		return pageBody(items, nil), fail(ctx, err)
	})
	create := op("create-task", http.MethodPost, "/tasks", "Remind me, or ask a colleague to call back")
	create.DefaultStatus = http.StatusCreated
	huma.Register(s.api, create, func(ctx context.Context, in *body[client.NewTask]) (*body[client.Task], error) {
		t, err := s.Switchboard.AddTask(ctx, who(ctx), in.Body)
		return &body[client.Task]{t}, fail(ctx, err)
	})
	huma.Register(s.api, op("update-task", http.MethodPatch, "/tasks/{id}", "Finish a task, or put it off"), func(ctx context.Context, in *changeOf[client.TaskChange]) (*tagged[client.Task], error) {
		t, err := s.Switchboard.ChangeTask(revision.Expect(ctx, in.IfMatch.IfMatch), who(ctx), in.ID, in.Body)
		return &tagged[client.Task]{t.ETag, t}, fail(ctx, err)
	})
}

func (s *Server) undoRoutes() {
	huma.Register(s.api, op("list-undo", http.MethodGet, "/undo", "What you may take back now"), func(ctx context.Context, _ *empty) (*body[client.Page[client.Undo]], error) {
		items, err := s.Undo.Open(ctx, who(ctx))
		return pageBody(items, nil), fail(ctx, err)
	})
	undo := op("undo", http.MethodPost, "/undo/{id}", "Take back what you did a moment ago")
	undo.DefaultStatus = http.StatusNoContent
	huma.Register(s.api, undo, func(ctx context.Context, in *byID) (*empty, error) {
		return nil, fail(ctx, s.Undo.TakeBack(ctx, who(ctx), in.ID))
	})
}
