package stats_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dozvon/app/mango"
	"dozvon/app/practice"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/mango/stats"
)

const began = 1760000000

// two calls: one talked for a minute, one was missed.
func history() []stats.Call {
	leg := func(id string, answered, ended int64) stats.Leg {
		return stats.Leg{
			Event: mango.CallEvent{CallID: mango.Text(id), Location: mango.LocationAbonent, From: mango.Party{Number: "79000000101"}, To: mango.Party{Extension: "101"}},
			Began: began, Answered: answered, Ended: ended, Reason: 1110,
		}
	}
	return []stats.Call{
		{EntryID: "one", Direction: mango.DirectionInbound, Client: "79000000101", Began: began, Finished: began + 70, Talked: began + 10, Legs: []stats.Leg{leg("a", began+10, began+70)}},
		{EntryID: "two", Direction: mango.DirectionInbound, Client: "79000000102", Began: began + 100, Finished: began + 120, Legs: []stats.Leg{leg("b", 0, began+120)}},
	}
}

type asked struct {
	*stats.Service
	ready chan mango.Text
	wrong int
}

func start(t *testing.T, limits bool) *asked {
	t.Helper()
	a := &asked{ready: make(chan mango.Text, 9)}
	life := practice.NewLife()
	t.Cleanup(life.Close)
	a.Service = stats.New(stats.Config{
		History: history, Staff: cast.Staff(nil, 0, false), NoLimits: !limits, Life: life,
		Ready: func(key, _ mango.Text) { a.ready <- key }, Wrong: func(int) { a.wrong++ },
		TooMany: func(w http.ResponseWriter) { w.WriteHeader(http.StatusTooManyRequests) },
	})
	return a
}

func ask(query func(http.ResponseWriter, []byte) int, request string) (int, *httptest.ResponseRecorder) {
	answer := httptest.NewRecorder()
	return query(answer, []byte(request)), answer
}

func TestRequest_isReadyLaterAndHasARowForEveryLeg(t *testing.T) {
	t.Parallel()
	a := start(t, true)
	code, answer := ask(a.Request, `{"date_from":"1760000000","date_to":"1760003600","fields":"entry_id,start,finish,answer"}`)
	var key mango.StatsKey
	if err := json.Unmarshal(answer.Body.Bytes(), &key); code != mango.CodeDone || err != nil {
		t.Fatalf("%d %s", code, answer.Body)
	}
	if told := <-a.ready; told != key.Key {
		t.Errorf("told of %q, want %q", told, key.Key)
	}
	raw, _ := json.Marshal(key)
	_, answer = ask(a.Result, string(raw))
	if rows := strings.Count(strings.TrimSpace(answer.Body.String()), "\n") + 1; answer.Code != http.StatusOK || rows != 2 {
		t.Errorf("%d %q", answer.Code, answer.Body)
	}
	if _, answer = ask(a.Result, string(raw)); answer.Code != http.StatusTooManyRequests {
		t.Errorf("asked again at once: %d", answer.Code)
	}
	if _, answer = ask(a.Result, `{"key":"unknown"}`); answer.Code != http.StatusNotFound {
		t.Errorf("an unknown key: %d", answer.Code)
	}
}

func TestCallsRequest_isWorkFirstThenCalls(t *testing.T) {
	t.Parallel()
	a := start(t, false)
	date := func(unix int64) string { return time.Unix(unix, 0).In(mango.Moscow).Format(mango.StatsDate) }
	_, answer := ask(a.CallsRequest, `{"start_date":"`+date(began-60)+`","end_date":"`+date(began+600)+`","limit":"5000","offset":"0"}`)
	key := answer.Body.String()
	var result mango.StatsCallsAnswer
	for _, want := range []mango.Text{mango.StatsWork, mango.StatsComplete} {
		_, answer = ask(a.CallsResult, key)
		if err := json.Unmarshal(answer.Body.Bytes(), &result); err != nil || result.Status != want {
			t.Fatalf("status %s, %v, want %s", result.Status, err, want)
		}
	}
	if list := result.Data[0].List; len(list) != 2 || list[0].Talk != 60 || list[0].Status != 1 || list[1].Status != 0 {
		t.Errorf("calls %+v", result.Data[0].List)
	}
	if _, answer = ask(a.CallsRequest, `{"limit":"7"}`); a.wrong != 1 || !strings.Contains(answer.Body.String(), "limit") {
		t.Errorf("a wrong request: %s, counted %d", answer.Body, a.wrong)
	}
}
