package outage_test

import (
	"net/url"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/model"
	"dozvon/app/desktop/outage"
	"dozvon/app/desktop/present"
	"dozvon/app/desktop/session"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/client"
)

// lost is an operator whose connection comes and goes.
type lost struct {
	*uitest.Host
	watch *outage.Watch
}

func (l *lost) is(connection session.Connection, past time.Duration) {
	l.watch.Follow(session.State{Connection: connection, Since: uitest.Ago(past), Server: "https://dozvon.example", Me: uitest.Kireeva})
}

func (l *lost) cards() []present.Card { return present.Cards(l.Facts, l.Words, uitest.Now) }

func newLost(t *testing.T) *lost {
	t.Helper()
	h := uitest.NewHost(t, i18n.Russian)
	row := func(n string, kind client.EntryType) client.FeedEntry {
		return client.FeedEntry{ID: n, Type: kind, At: uitest.Ago(30 * time.Minute)}
	}
	h.School.Answers["/feed"] = func(q url.Values) any {
		if q.Get("from") == "" || q.Get("to") == "" {
			t.Errorf("the feed was asked for without a period: %v", q)
		}
		if q.Get("cursor") == "" {
			return client.Page[client.FeedEntry]{NextCursor: "2", Items: []client.FeedEntry{
				row("1", client.EntryCallMissed), row("2", client.EntryCallIn), row("3", client.EntryCallOut), row("4", client.EntryNote),
			}}
		}
		return client.Page[client.FeedEntry]{Items: []client.FeedEntry{row("5", client.EntryCallMissed), row("6", client.EntryCallMissed)}}
	}
	caller := func(phone string, past time.Duration) client.MissedCaller {
		return client.MissedCaller{Phone: phone, State: client.MissedWaiting, FirstAt: uitest.Ago(past), LastAt: uitest.Ago(past)}
	}
	h.School.Answers["/missed"] = client.Page[client.MissedCaller]{Items: []client.MissedCaller{
		caller("+79140001001", 20*time.Minute), caller("+79140001002", 40*time.Minute),
		caller("+79140001003", 5*time.Hour), // waits since before
	}}
	return &lost{h, outage.New(h)}
}

func TestOutage_tellsWhatWasMissedAndSinceWhen(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	l.is(session.Live, 2*time.Hour)
	l.is(session.Lost, 52*time.Minute)
	l.is(session.Lost, 52*time.Minute) // told again after each try
	l.is(session.Live, 0)
	cards := l.cards()
	if len(cards) != 1 || cards[0].State != model.CardOutage {
		t.Fatalf("the cards are %+v", cards)
	}
	from, to := l.Words.Clock(uitest.Ago(52*time.Minute)), l.Words.Clock(uitest.Now)
	if got, want := cards[0].Title, "Связи не было 52 минуты, с "+from+" до "+to+"."; got != want {
		t.Errorf("the card says %q, want %q", got, want)
	}
	if got, want := cards[0].Subtitle, "Пропущено 3 из 4 звонков, двое ещё ждут."; got != want {
		t.Errorf("the card says %q, want %q", got, want)
	}
	model.Returned(l.Facts, nil)
	if cards := l.cards(); len(cards) != 0 {
		t.Errorf("after × there stands %+v", cards)
	}
}

func TestOutage_saysSoWhereNothingWasMissed(t *testing.T) {
	t.Parallel()
	l := newLost(t)
	l.School.Answers["/feed"] = client.Page[client.FeedEntry]{}
	l.is(session.Lost, 3*time.Minute)
	l.is(session.Live, 0)
	if cards := l.cards(); len(cards) != 1 || cards[0].Subtitle != "Пропущенных нет." || len(cards[0].Acts) != 0 {
		t.Errorf("the cards are %+v", cards)
	}
}

func TestOutage_isNoneForAMomentNorForAnotherPerson(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]func(*lost){
		"a restart of the server": func(l *lost) { l.is(session.Lost, 40*time.Second); l.is(session.Live, 0) },
		"signed out meanwhile": func(l *lost) {
			l.is(session.Lost, time.Hour)
			l.is(session.SignedOut, 30*time.Minute)
			l.is(session.Connecting, time.Minute)
			l.is(session.Live, 0)
		},
		"another server": func(l *lost) {
			l.is(session.Lost, time.Hour)
			l.watch.Follow(session.State{Connection: session.Live, Since: uitest.Now, Server: "https://other.example", Me: uitest.Kireeva})
		},
	} {
		l := newLost(t)
		way(l)
		if cards := l.cards(); len(cards) != 0 {
			t.Errorf("%s: there stands %+v", name, cards)
		}
	}
}
