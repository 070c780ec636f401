package calls

import (
	"context"
	"log/slog"
	"time"

	"dozvon/app/server/call"
	"dozvon/app/server/callers"
	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

const (
	// lookLimit bounds looking for what the school knows of a caller: the PBX waits 300 ms, and rings
	// without a name after that.
	lookLimit = 150 * time.Millisecond
	// noteLimit bounds waiting until the question and its answer are durable: they will be, but the
	// caller must not wait for a database that is busy.
	noteLimit = 100 * time.Millisecond
)

// Answers answers the questions of PBXs that wait for what the school knows of a caller.
type Answers struct{ calls *Service }

// ask answers a question of the PBX, which its call waits for, from memory. What the request tells beside
// is written meanwhile.
func (s *Answers) ask(ctx context.Context, integration *directory.Integration, path string, d pbx.Delivery, answerer pbx.Answerer) pbx.Answer {
	arrived := s.calls.Now()
	reply, why := s.reply(ctx, integration, *d.Question)
	if e, ok := s.toldOf(*d.Question, reply, why); ok {
		d.Events = append(d.Events, e)
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		work, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
		defer cancel()
		if _, err := s.calls.write(work, integration, path, d, arrived); err != nil {
			slog.ErrorContext(ctx, "a question of the PBX was answered and not noted", "integration", integration.ID, "err", err)
		}
	}()
	wait := time.NewTimer(noteLimit)
	defer wait.Stop()
	select {
	case <-written:
	case <-wait.C:
	}
	return answerer.Answer(*d.Question, reply)
}

// reply is whose number it is and whose telephone shall ring, by the choice that a route makes; nothing
// of what cannot be known in time.
func (s *Answers) reply(ctx context.Context, integration *directory.Integration, q pbx.Question) (pbx.Reply, routeReason) {
	if q.Number == "" {
		return pbx.Reply{}, routeReason{}
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	who, err := s.calls.callers.Of(ctx, q.Number)
	if err != nil {
		slog.WarnContext(ctx, "caller not known in time for the PBX's question", "integration", integration.ID, "err", err)
		return pbx.Reply{}, routeReason{}
	}
	var out pbx.Reply
	if who.Subject != nil {
		out.Name = who.Subject.Name
	}
	for _, candidate := range s.candidates(integration, who) {
		extension := s.calls.Directory.Snapshot().Rings(integration, candidate.employee)
		if extension == "" {
			continue
		}
		talks, err := s.calls.callers.Talks(ctx, candidate.employee)
		if err != nil {
			slog.WarnContext(ctx, "presence not known in time for the PBX's question", "integration", integration.ID, "err", err)
		}
		if err == nil && !talks { // who cannot be asked about is not disturbed
			out.Extension = extension
			return out, candidate.why
		}
	}
	return out, routeReason{}
}

// candidate is somebody to whom a call may be sent.
type candidate struct {
	employee string
	why      routeReason
}

// candidates are those who may get a call, the first choice first: who was asked to call back, whatever
// the switch of the forwarding says, then the responsible.
func (s *Answers) candidates(integration *directory.Integration, who callers.Caller) []candidate {
	var all []candidate
	if who.Asked != "" {
		all = append(all, candidate{who.Asked, routeReason{call.RoutedForTask, s.calls.Directory.EmployeeName(who.Asked)}})
	}
	if who.Subject == nil || who.Subject.Responsible == nil || !integration.Forwarding {
		return all
	}
	why := routeReason{call.RoutedForClient, who.Subject.Responsible.Name}
	if who.Subject.Kind == client.KindContract {
		why.of = call.RoutedForContract
	}
	return append(all, candidate{who.Subject.Responsible.ID, why})
}

// toldOf tells a call what its PBX was answered; nothing of an answer that says nothing.
func (s *Answers) toldOf(q pbx.Question, r pbx.Reply, why routeReason) (call.Event, bool) {
	if q.Key == "" || r == (pbx.Reply{}) {
		return call.Event{}, false
	}
	return call.Event{
		Kind: call.KindRouted, Key: q.Key, At: s.calls.Now().UTC().Truncate(time.Second), Fact: "answer", Name: r.Name, Line: q.Line,
		From: call.Party{Number: q.Number}, To: call.Party{Extension: r.Extension}, RoutedFor: why.of, RoutedTo: why.whom,
	}, true
}
