package switchboard

import (
	"context"
	"log/slog"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/pbx"
	"dozvon/app/server/subject"
)

// answerLimit bounds looking for what the school knows of a caller: the PBX waits, and rings without
// a name after that.
const answerLimit = 250 * time.Millisecond

// answer is what the PBX is answered once all that it told is durable.
func (s *Switchboard) answer(ctx context.Context, integration *directory.Integration, d pbx.Delivery) pbx.Answer {
	answerer, ok := integration.Provider.(pbx.Answerer)
	if d.Question == nil || !ok {
		return d.Answer
	}
	return answerer.Answer(*d.Question, s.reply(ctx, integration, *d.Question))
}

// reply is whose number it is and whose telephone shall ring; nothing of what cannot be read in time.
func (s *Switchboard) reply(ctx context.Context, integration *directory.Integration, q pbx.Question) pbx.Reply {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	var out pbx.Reply
	if q.Number == "" {
		return out
	}
	matches, err := subject.LookupNow(ctx, s.Store, q.Number)
	if err != nil {
		slog.Warn("caller not looked up in time for the PBX's question", "integration", integration.ID, "err", err)
		return out
	}
	whose, _ := subject.First(matches)
	if whose != nil {
		out.Name = whose.Name
	}
	if out.Extension, _ = s.askedDesk(integration, q.Number); out.Extension == "" && whose != nil {
		out.Extension = s.responsibleDesk(integration, whose)
	}
	return out
}
