package connectivity

import (
	"testing"
	"time"
)

func TestWaitingTests_hearOfTheirOwnCallAndOfForgedRequests(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	var w waitingTests
	mine, other := w.wait("call", "pbx"), w.wait("other", "elsewhere")
	if w.ring("stranger", firstWebhook{Arrived: at}) {
		t.Error("a call that nobody waits for was taken")
	}
	if !w.ring("call", firstWebhook{Arrived: at}) || w.ring("call", firstWebhook{Arrived: at}) {
		t.Error("the first request of a call is told once")
	}
	if got := <-mine; !got.Arrived.Equal(at) || got.Forged {
		t.Errorf("told %+v", got)
	}
	if w.forged("pbx", at) {
		t.Error("nobody waits at this PBX any more")
	}
	if !w.forged("elsewhere", at) {
		t.Error("who waits was not told of a forged request")
	}
	if got := <-other; !got.Forged {
		t.Errorf("told %+v", got)
	}
	if !w.mayAsk("pbx", at) || w.mayAsk("pbx", at.Add(askEvery/2)) || !w.mayAsk("pbx", at.Add(askEvery)) {
		t.Error("other nodes are asked once in a while only")
	}
}
