package model

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/client"
)

// pagesOf serves fixed pages by cursor.
type pagesOf map[string]client.Page[client.FeedEntry]

func (p pagesOf) Feed(_ context.Context, q client.FeedQuery) (client.Page[client.FeedEntry], error) {
	page, ok := p[q.Cursor]
	if !ok {
		return page, errors.New("no such page")
	}
	return page, nil
}

func entry(id string, minutes int, changes ...func(*client.FeedEntry)) client.FeedEntry {
	e := client.FeedEntry{ID: id, Type: client.EntryCallIn, At: noon.Add(time.Duration(minutes) * time.Minute), Phone: "+79145550148"}
	for _, apply := range changes {
		apply(&e)
	}
	return e
}

func ids(f *Feed) string {
	entries, _, _ := f.Entries()
	var out []string
	for _, e := range entries {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

func TestFeed_growsByPagesAndFollowsTheStream(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{
		"":   {Items: []client.FeedEntry{entry("d", 4), entry("c", 3)}, NextCursor: "p2"},
		"p2": {Items: []client.FeedEntry{entry("b", 2), entry("a", 1)}},
	}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	if got := ids(f); got != "d c" {
		t.Fatalf("first page %q", got)
	}
	if f.Apply(entry("old", 0)) {
		t.Error("an entry older than what is loaded was put in; its page will bring it")
	}
	f.Apply(entry("e", 5))
	if !f.More(t.Context()) || f.More(t.Context()) {
		t.Error("want one more page and no third")
	}
	if got := ids(f); got != "e d c b a" {
		t.Errorf("feed %q", got)
	}
	f.Apply(entry("c", 3, func(e *client.FeedEntry) { e.Description = "changed" }))
	if entries, _, _ := f.Entries(); entries[2].Description != "changed" || len(entries) != 5 {
		t.Errorf("a change came as a second entry: %v", ids(f))
	}
}

func TestFeed_goesOnWhereAPageHasNothing(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{
		"":   {NextCursor: "p2"},
		"p2": {NextCursor: "p3"},
		"p3": {Items: []client.FeedEntry{entry("b", 2)}, NextCursor: "p4"},
		"p4": {NextCursor: "p5"},
		"p5": {},
	}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{Q: "экзамен"})
	if got := ids(f); got != "b" {
		t.Errorf("first page %q", got)
	}
	if f.More(t.Context()) || ids(f) != "b" {
		t.Errorf("nothing more was there: %q", ids(f))
	}
}

func TestFeed_dropsWhatNoLongerFitsItsFilter(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{"": {Items: []client.FeedEntry{entry("a", 1)}}}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{Bound: "false"})
	f.Apply(entry("a", 1, func(e *client.FeedEntry) { e.Subject = &client.Subject{ID: "k", Name: "Иванов"} }))
	if got := ids(f); got != "" {
		t.Errorf("a bound call stays among the unbound: %q", got)
	}
}

func TestFeed_tellsThatItIsBroken(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	if _, state, err := f.Entries(); state != FeedBroken || err == nil {
		t.Errorf("state %v, error %v", state, err)
	}
}

func TestFeed_dropsAnEntryThatIsGone(t *testing.T) {
	t.Parallel()
	f := NewFeed(pagesOf{"": {Items: []client.FeedEntry{entry("b", 2), entry("a", 1)}}}, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	if !f.Drop("b") || f.Drop("b") || ids(f) != "a" {
		t.Errorf("feed %q", ids(f))
	}
}

// shelf is a school's feed as the server serves it: newest first, by pages, cut off by time (to the
// millisecond) and by the entry that a cursor names.
type shelf struct {
	entries []client.FeedEntry // newest first
	asked   []client.FeedQuery
}

func (s *shelf) Feed(_ context.Context, q client.FeedQuery) (client.Page[client.FeedEntry], error) {
	s.asked = append(s.asked, q)
	var page client.Page[client.FeedEntry]
	after := q.Cursor == ""
	for _, e := range s.entries {
		if to, err := time.Parse(time.RFC3339, q.To); q.To != "" && (err != nil || e.At.UnixMilli() >= to.UnixMilli()) {
			continue
		}
		if len(page.Items) == q.Limit {
			page.NextCursor = page.Items[len(page.Items)-1].ID
			break
		}
		if after {
			page.Items = append(page.Items, e)
		}
		after = after || e.ID == q.Cursor
	}
	return page, nil
}

// happens adds an entry and sends it by the stream.
func (s *shelf) happens(f *Feed, e client.FeedEntry) {
	s.entries = slices.Insert(s.entries, 0, e)
	f.Apply(e)
}

// all is every id, newest first.
func (s *shelf) all() string {
	var out []string
	for _, e := range s.entries {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

// TestFeed_keepsABoundedListHoweverLongItIsHidden: the entries of weeks stayed in memory.
func TestFeed_keepsABoundedListHoweverLongItIsHidden(t *testing.T) {
	t.Parallel()
	for name, apart := range map[string]time.Duration{"a minute apart": time.Minute, "all at once": 0, "some at once": 7 * time.Microsecond} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, n := &shelf{}, 0
			next := func() client.FeedEntry {
				n++
				return entry(fmt.Sprintf("%06d", n), 0, func(e *client.FeedEntry) { e.At = noon.Add(time.Duration(n) * apart) })
			}
			f := NewFeed(s, client.FeedQuery{})
			for range 100 {
				s.entries = slices.Insert(s.entries, 0, next())
			}
			f.Load(t.Context(), client.FeedQuery{})
			for range 5000 {
				s.happens(f, next())
			}
			got, _, _ := f.Entries()
			if len(got) > 360 || len(got) < 100 || got[0].ID != fmt.Sprintf("%06d", n) {
				t.Fatalf("%d entries are kept after 5,000, the newest is %s", len(got), got[0].ID)
			}
			if cap(f.entries) > 2000 {
				t.Errorf("there is room for %d", cap(f.entries))
			}
			for f.More(t.Context()) { // the person scrolls down to the first
				if len(s.asked) > 200 {
					t.Fatalf("still asking after %d pages", len(s.asked))
				}
			}
			if ids(f) != s.all() {
				got, _, _ := f.Entries()
				t.Errorf("scrolled down, %d of %d entries are there", len(got), len(s.entries))
			}
		})
	}
}

// TestFeed_leavesWhatThePersonReads: who has scrolled down keeps what was read while new calls come, and goes
// on from there.
func TestFeed_leavesWhatThePersonReads(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	for n := range 900 {
		s.entries = slices.Insert(s.entries, 0, entry(fmt.Sprint(n), n))
	}
	f := NewFeed(s, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	for range 9 {
		f.More(t.Context())
	}
	for n := range 500 {
		s.happens(f, entry(fmt.Sprint("new", n), 900+n))
	}
	if got, _, _ := f.Entries(); len(got) < 600 || len(got) > 660 {
		t.Errorf("of 600 entries that were read %d are there", len(got))
	}
	if f.Apply(entry("older", -1)) {
		t.Error("an entry older than what is kept was put in; its page will bring it")
	}
	f.Apply(entry("400", 400, func(e *client.FeedEntry) { e.Description = "changed" }))
	for n := range 40 {
		f.More(t.Context())
		s.happens(f, entry(fmt.Sprint("meanwhile", n), 2000+n))
	}
	for f.More(t.Context()) {
		if len(s.asked) > 200 {
			t.Fatal("there is no end")
		}
	}
	if ids(f) != s.all() {
		t.Errorf("in the end the list has\n%s\nnot\n%s", ids(f), s.all())
	}
}

// asking applies an entry of the stream while a page is on its way.
type asking struct {
	*shelf
	meanwhile func()
}

func (a *asking) Feed(ctx context.Context, q client.FeedQuery) (client.Page[client.FeedEntry], error) {
	page, err := a.shelf.Feed(ctx, q)
	a.meanwhile()
	return page, err
}

func TestFeed_hasNoGapWhereAPageWasOnItsWay(t *testing.T) {
	t.Parallel()
	a := &asking{shelf: &shelf{}, meanwhile: func() {}}
	for n := range 700 {
		a.entries = slices.Insert(a.entries, 0, entry(fmt.Sprint(n), n))
	}
	f := NewFeed(a, client.FeedQuery{})
	f.Load(t.Context(), client.FeedQuery{})
	n := 0
	a.meanwhile = func() {
		for range 20 {
			n++
			a.happens(f, entry(fmt.Sprint("new", n), 700+n))
		}
	}
	for range 40 {
		f.More(t.Context())
	}
	if ids(f) != a.all() {
		t.Errorf("the list has\n%s\nnot\n%s", ids(f), a.all())
	}
}

// TestFeed_keepsWhatTheSearchFound: the server finds more than a program can tell (a flag's word, an employee, a number
// in another spelling, a typo); what it had found went from under the person's hands with the next event.
func TestFeed_keepsWhatTheSearchFound(t *testing.T) {
	t.Parallel()
	flag := func(words ...string) func(*client.FeedEntry) {
		return func(e *client.FeedEntry) {
			for _, w := range words {
				e.Flags = append(e.Flags, client.Flag{Word: w})
			}
		}
	}
	for _, q := range []string{"цена", "борисов", "8 (914) 555", "Шангутов экзамен", "шангутво"} {
		f := NewFeed(pagesOf{"": {Items: []client.FeedEntry{entry("a", 1, flag("цена"))}}}, client.FeedQuery{})
		f.Load(t.Context(), client.FeedQuery{Q: q, Bound: "false"})
		f.Apply(entry("a", 1, flag("цена", "скидка")))
		if got, _, _ := f.Entries(); len(got) != 1 || len(got[0].Flags) != 2 {
			t.Errorf("searched by %q the list has %+v", q, got)
		}
		f.Apply(entry("a", 1, func(e *client.FeedEntry) { e.Subject = &client.Subject{ID: "k", Name: "Иванов"} }))
		if got := ids(f); got != "" {
			t.Errorf("searched by %q among the unbound the list has the bound %q", q, got)
		}
	}
}

func TestFeed_takesInWhatTheSearchWouldFind(t *testing.T) {
	t.Parallel()
	with := func(e *client.FeedEntry) {
		e.Description, e.Outcome = "Хочет на автомат, ещё подумает", "enrolled"
		e.Subject = &client.Subject{ID: "k", Name: "Шангутов Александр Александрович", Detail: "Договор № 123"}
		e.Employee = &client.Person{ID: other, Name: "Борисов Борис Петрович"}
		e.Flags = []client.Flag{{Word: "Цена"}, {Word: "скидка"}}
	}
	for q, want := range map[string]bool{
		"цена": true, "скид": true, "цена скидка": true, "александр шангутов": true, "еще": true, "борисов": true, "enrolled": true,
		"8 (914) 555": true, "+79145550148": true, "0148": true, "автомат 123": true, "шангутов 555-01": true,
		"кредит": false, "цена кредит": false, "8 (914) 556": false, "кто 555": false,
	} {
		f := NewFeed(pagesOf{"": {Items: []client.FeedEntry{}}}, client.FeedQuery{})
		f.Load(t.Context(), client.FeedQuery{Q: q})
		if got := f.Apply(entry("a", 1, with)); got != want {
			t.Errorf("searched by %q it is taken in: %v", q, got)
		}
	}
}
