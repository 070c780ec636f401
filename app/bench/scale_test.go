//go:build linux

package bench

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"dozvon/app/server/entry"

	_ "github.com/jackc/pgx/v5/stdlib" // the floor on PostgreSQL

	"dozvon/app/phone"
	"dozvon/app/server"
	"dozvon/app/server/search"
	"dozvon/app/server/store"
	"dozvon/client"
)

const (
	lookups     = 5000
	scaleSample = 100 // of each filter and each search
	scalePage   = 50

	lookupLimit         = time.Millisecond
	lookupLimitPostgres = 5 * time.Millisecond
	feedLimit           = 10 * time.Millisecond
	searchLimit         = 60 * time.Millisecond
	wholeLimit          = 500 * time.Millisecond
)

// scaled measures a school of ten years on both databases.
func scaled(t *testing.T, b *bench) {
	if *benchEntries > 0 {
		s := scale{*benchEntries, *benchCards}
		file := scaleSQLite(t, s)
		measure := func(state string) {
			measureScale(t, b, s, "SQLite, "+state, "sqlite://"+file, "sqlite", "file:"+file+"?_pragma=busy_timeout(10000)&_pragma=query_only(ON)", lookupLimit)
		}
		forget(t, file)
		measure("the file not in memory")
		remember(t, file)
		measure("the file in memory")
	}
	if *benchPostgres > 0 {
		s := scale{*benchPostgres, *benchCards}
		url := scalePostgres(t, s)
		measureScale(t, b, s, "PostgreSQL", url, "pgx", url, lookupLimitPostgres)
	}
}

// large is a large database that is being measured.
type large struct {
	scale
	name  string
	parts *server.Parts
	bare  *sql.DB
	r     *rand.Rand
	one   string // a mark of the dialect
	two   string
	three string
}

func measureScale(t *testing.T, b *bench, s scale, name, url, driver, bare string, lookupLimit time.Duration) {
	parts, err := server.Build(t.Context(), server.Config{Listen: "127.0.0.1:0", Data: filepath.Join(scaleRoot(), "server-"+driver), Database: url, Version: "bench"})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, parts)
	db, err := sql.Open(driver, bare)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, db)
	l := &large{scale: s, name: name, parts: parts, bare: db, r: rand.New(rand.NewPCG(1, 2)), one: "?", two: "?", three: "?"}
	if driver == "pgx" {
		l.one, l.two, l.three = "$1", "$2", "$3"
	}
	l.lookup(t, b, lookupLimit)
	l.keys(t, b)
	floor := l.feedFloor(t)
	l.feed(t, b, "one filter", floor, l.oneFilter())
	l.feed(t, b, "several filters at once", floor, l.severalFilters())
	l.search(t, b, "a text search", floor, l.searches(), true)
	l.search(t, b, "a text search narrowed by a filter", floor, l.narrowed(), false)
	l.lookedThrough(t, b, floor)
}

// lookedThrough searches the feed of the card with the most calls for what is not there: to the
// end, over all the pages that bring nothing, as the app does.
func (l *large) lookedThrough(t *testing.T, b *bench, floor times) {
	t.Helper()
	f := store.FeedFilter{Subject: l.cardRef(hotCard), Query: search.Parse("4567")}
	var taken times
	pages := 0
	for range scaleSample {
		began := time.Now()
		pages = 0
		for c := new(store.Start); c != nil; pages++ {
			_, next, err := l.parts.Feed.Page(t.Context(), client.Employee{Role: client.RoleAdmin}, f, *c, scalePage)
			if err != nil {
				t.Fatal(err)
			}
			c = next
		}
		taken = append(taken, time.Since(began))
	}
	b.add(t, row{
		fmt.Sprintf("a search for what is not there in the feed of a card with %d calls, to its end in %d pages, %s", l.entries/1000, pages, l.name), taken.String(),
		"a page by one prepared SELECT: " + floor.String(), factor(over(taken.p99(), floor.p99())), "p99 ≤ " + ms(wholeLimit) + " (ours)", taken.p99() <= wholeLimit,
	})
}

// lookup asks whose a number is; every tenth number is nobody's.
func (l *large) lookup(t *testing.T, b *bench, limit time.Duration) {
	one, err := l.bare.Prepare("SELECT subject_id FROM phones WHERE number = " + l.one)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, one)
	var taken, floor times
	for i := range lookups {
		number, known := phone.Number(cardPhone(l.r.IntN(l.cards))), i%10 != 0
		if !known {
			number = "+79990000000"
		}
		began := time.Now()
		owners, err := l.parts.Store.Owners(t.Context(), number)
		taken = append(taken, time.Since(began))
		if err != nil || (len(owners) == 1) != known {
			t.Fatalf("%s has %d owners: %v", number, len(owners), err)
		}
		began = time.Now()
		var id string
		if err := one.QueryRow(string(number)).Scan(&id); (err == nil) != known {
			t.Fatalf("the floor's query of %s: %v", number, err)
		}
		floor = append(floor, time.Since(began))
	}
	b.add(t, row{
		fmt.Sprintf("a number looked up among %d cards, %s", l.cards, l.name), taken.String(),
		"one prepared SELECT of one row: " + floor.String(), factor(over(taken.p99(), floor.p99())), "p99 ≤ " + ms(limit), taken.p99() <= limit,
	})
}

// place is anywhere in the ten years.
func (l *large) place() store.Cursor {
	return store.Cursor{At: l.at(l.r.IntN(l.entries)).UnixMilli(), ID: ""}
}

// feedFloor reads pages by one prepared statement and does nothing with them.
func (l *large) feedFloor(t *testing.T) times {
	t.Helper()
	stmt, err := l.bare.Prepare("SELECT view FROM feed WHERE (at, id) < (" + l.one + ", " + l.two + ") ORDER BY at DESC, id DESC LIMIT " + l.three)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, stmt)
	var floor times
	for range 10 * scaleSample {
		c, began := l.place(), time.Now()
		rows, err := stmt.Query(c.At, c.ID, scalePage)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var view string
			if err := rows.Scan(&view); err != nil {
				t.Fatal(err)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		floor = append(floor, time.Since(began))
	}
	return floor
}

// asked is one kind of question; every call asks another one of its kind.
type asked struct {
	what string
	f    func() store.FeedFilter
}

// feed measures the kinds of a group; the worst one counts. Half of the pages are the first
// ones, the others lie anywhere deep.
func (l *large) feed(t *testing.T, b *bench, group string, floor times, all []asked) {
	t.Helper()
	var worst times
	var slow string
	var every times
	for _, a := range all {
		taken := l.ask(t, a)
		every = append(every, taken...)
		t.Logf("%-45s %s", a.what, taken)
		if taken.p99() > worst.p99() {
			worst, slow = taken, a.what
		}
	}
	b.add(t, row{
		fmt.Sprintf("a feed page of %d at %d entries, %s, the worst of %d kinds, %s", scalePage, l.entries, group, len(all), l.name),
		fmt.Sprintf("%s (%s); of all kinds %s", worst, slow, every),
		"a page by one prepared SELECT: " + floor.String(), factor(over(worst.p99(), floor.p99())), "p99 ≤ " + ms(feedLimit), worst.p99() <= feedLimit,
	})
}

func (l *large) ask(t *testing.T, a asked) times {
	t.Helper()
	var taken times
	for i := range scaleSample {
		f, c := a.f(), store.Start
		if i%2 == 1 && f.Query.Empty() {
			c = l.place()
		}
		// A page and, where there is one, the next.
		for range 2 {
			began := time.Now()
			_, next, err := l.parts.Feed.Page(t.Context(), client.Employee{Role: client.RoleAdmin}, f, c, scalePage)
			took := time.Since(began)
			taken = append(taken, took)
			if err != nil {
				t.Fatalf("%s: %v", a.what, err)
			}
			if next == nil || took > time.Second {
				break
			}
			c = *next
		}
		if taken.at(1) > 3*time.Second {
			break // no need to wait for what has failed so clearly
		}
	}
	return taken
}

func (l *large) someone() string { return scaleEmployee(l.r.IntN(goneStaff)).ID }
func (l *large) someLine() string {
	return scaleLine(l.r.IntN(goneLine))
}

func (l *large) someResult() string {
	all := []client.Result{client.Answered, client.Missed, client.NoAnswer, client.Busy, client.Declined, client.Failed}
	return string(all[l.r.IntN(len(all))])
}

func (l *large) someType() string {
	all := []entry.Type{entry.CallIn, entry.CallMissed, entry.CallOut, entry.Note, entry.SMS, entry.ClientCreated}
	return string(all[l.r.IntN(len(all))])
}

// period is a day, a month or a year, somewhere.
func (l *large) period() (from, to time.Time) {
	from = l.at(l.r.IntN(l.entries)).UTC()
	return from, from.Add([]time.Duration{24 * time.Hour, 30 * 24 * time.Hour, 365 * 24 * time.Hour}[l.r.IntN(3)])
}

type part struct {
	what string
	set  func(*store.FeedFilter)
}

func (l *large) parts1() []part {
	card := func(kind int) client.SubjectRef { return l.cardRef(l.r.IntN(l.cards/2)*2 + kind) }
	return []part{
		{"type", func(f *store.FeedFilter) { f.Types = []string{l.someType()} }},
		{"employee", func(f *store.FeedFilter) { f.Employee = l.someone() }},
		{"employee who left", func(f *store.FeedFilter) { f.Employee = scaleEmployee(goneStaff).ID }},
		{"line", func(f *store.FeedFilter) { f.Line = l.someLine() }},
		{"line given up", func(f *store.FeedFilter) { f.Line = scaleLine(goneLine) }},
		{"result", func(f *store.FeedFilter) { f.Result = l.someResult() }},
		{"period", func(f *store.FeedFilter) { f.From, f.To = l.period() }},
		{"unbound", func(f *store.FeedFilter) { f.Bound = new(false) }},
		{"bound", func(f *store.FeedFilter) { f.Bound = new(true) }},
		{"a contract's", func(f *store.FeedFilter) { f.Subject = card(0) }},
		{"a client's", func(f *store.FeedFilter) { f.Subject = card(1) }},
		{"the partner's", func(f *store.FeedFilter) { f.Subject = l.cardRef(hotCard) }},
		{"a number's", func(f *store.FeedFilter) { f.Phone = phone.Number(l.stranger(l.r.IntN(l.strangers()))) }},
	}
}

func (l *large) oneFilter() []asked {
	all := []asked{
		{"none", func() store.FeedFilter { return store.FeedFilter{} }},
		{"three types", func() store.FeedFilter {
			return store.FeedFilter{Types: []string{"call_in", "call_missed", "call_out"}}
		}},
		{"a last page", func() store.FeedFilter {
			return store.FeedFilter{To: scaleBegan.Add(time.Duration(l.r.IntN(1000)) * time.Minute)}
		}},
		{"an empty period", func() store.FeedFilter { return store.FeedFilter{From: scaleEnd.AddDate(1, 0, 0)} }},
	}
	for _, p := range l.parts1() {
		all = append(all, asked{p.what, func() store.FeedFilter {
			var f store.FeedFilter
			p.set(&f)
			return f
		}})
	}
	return all
}

// severalFilters are every two of the filters, and what no entry can be.
func (l *large) severalFilters() []asked {
	var all []asked
	parts := l.parts1()
	for i, p := range parts {
		for _, q := range parts[i+1:] {
			all = append(all, asked{p.what + " + " + q.what, func() store.FeedFilter {
				var f store.FeedFilter
				p.set(&f)
				q.set(&f)
				return f
			}})
		}
	}
	return append(all, asked{"an employee who never speaks on the line", func() store.FeedFilter {
		return store.FeedFilter{Employee: scaleEmployee(0).ID, Line: scaleLine(1)}
	}}, asked{"type + employee + line + unbound", func() store.FeedFilter {
		return store.FeedFilter{Types: []string{l.someType()}, Employee: l.someone(), Line: l.someLine(), Bound: new(false)}
	}}, asked{"types + line + result + period", func() store.FeedFilter {
		from, to := l.period()
		return store.FeedFilter{Types: []string{"call_in", "call_out"}, Line: l.someLine(), Result: l.someResult(), From: from, To: to}
	}}, asked{"notes with a result", func() store.FeedFilter {
		return store.FeedFilter{Types: []string{"note"}, Result: "answered"}
	}})
}

// search measures what is typed into the search, of the feed and of the cards.
func (l *large) search(t *testing.T, b *bench, what string, floor times, all []asked, cards bool) {
	t.Helper()
	var worst, every times
	var slow string
	kinds := len(all)
	for _, a := range all {
		taken := l.ask(t, a)
		every = append(every, taken...)
		t.Logf("%-45s %s", a.what, taken)
		if taken.p99() > worst.p99() {
			worst, slow = taken, a.what
		}
	}
	for _, typed := range []string{"иванов", "иванов ал", "и", "903000", "иваноы"} {
		if !cards {
			break
		}
		kinds++
		taken := l.searchCards(t, typed)
		every = append(every, taken...)
		t.Logf("%-45s %s", "cards: "+typed, taken)
		if taken.p99() > worst.p99() {
			worst, slow = taken, "cards: "+typed
		}
	}
	b.add(t, row{
		fmt.Sprintf("%s at %d entries and %d cards, the worst of %d kinds, %s", what, l.entries, l.cards, kinds, l.name),
		fmt.Sprintf("%s (%s); of all kinds %s", worst, slow, every),
		"a page by one prepared SELECT: " + floor.String(), factor(over(worst.p99(), floor.p99())), "p99 ≤ " + ms(searchLimit), worst.p99() <= searchLimit,
	})
}

func (l *large) searches() []asked {
	typed := func(text string) func() store.FeedFilter {
		return func() store.FeedFilter { return store.FeedFilter{Query: search.Parse(text)} }
	}
	digits := func(n int) func() store.FeedFilter {
		return func() store.FeedFilter {
			least := int(math.Pow10(n - 1))
			return store.FeedFilter{Query: search.Parse(fmt.Sprint(least + l.r.IntN(9*least)))}
		}
	}
	return []asked{
		{"a common name", typed("иванов")},
		{"any name", func() store.FeedFilter {
			return store.FeedFilter{Query: search.Parse(lastNames[l.r.IntN(len(lastNames))])}
		}},
		{"name and first name", typed("иванов александр")},
		{"whole name", func() store.FeedFilter { return store.FeedFilter{Query: search.Parse(personName(l.r.IntN(l.cards)))} }},
		{"a letter", typed("и")},
		{"two letters", typed("ив")},
		{"a beginning", typed("прокоф")},
		{"a word of every call", typed("вызов")},
		{"two words of every call", typed("входящий вызов")},
		{"a common word of notes", typed("просил")},
		{"words of notes", typed("рассрочка экзамен")},
		{"a rare word", func() store.FeedFilter {
			return store.FeedFilter{Query: search.Parse(fmt.Sprint("квитанция", l.r.IntN(1_000_000)))}
		}},
		{"a slip", typed("иваноы")},
		{"a slip at the end", typed("смирнва")},
		{"two slips", typed("константенав")},
		{"nothing like it", typed("щщщъъъыыы")},
		{"name and a number's end", typed("иванов 0148")},
		{"a contract's number", typed("1234/2020")},
		{"common digits", typed("903")},
		{"three digits", digits(3)},
		{"four digits", digits(4)},
		{"five digits", digits(5)},
		{"seven digits", digits(7)},
		{"a whole number", func() store.FeedFilter { return store.FeedFilter{Query: search.Parse(cardPhone(l.r.IntN(l.cards)))} }},
		{"digits nowhere", typed("000000000")},
	}
}

// narrowed are common and rare texts, each under every filter.
func (l *large) narrowed() []asked {
	var all []asked
	for _, p := range l.parts1() {
		for _, text := range []string{"иванов", "вызов", "просил", "903", "4567"} {
			all = append(all, asked{text + " + " + p.what, func() store.FeedFilter {
				f := store.FeedFilter{Query: search.Parse(text)}
				p.set(&f)
				return f
			}})
		}
	}
	return all
}

func (l *large) searchCards(t *testing.T, typed string) times {
	t.Helper()
	var taken times
	for range scaleSample {
		began := time.Now()
		if _, _, err := l.parts.Store.CardPage(t.Context(), client.KindClient, store.CardFilter{Query: search.Parse(typed)}, store.Start, scalePage); err != nil {
			t.Fatal(err)
		}
		taken = append(taken, time.Since(began))
	}
	return taken
}
