package mango_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"dozvon/app/mango"
	practice "dozvon/app/practice/mango"
)

// foreign is a contact that is none of ours.
var foreign = mango.Contact{Name: "Сантехник", Phones: []mango.ContactPhone{{Type: mango.PhoneMobile, Phone: "8 900 000-09-09"}}}

// write posts to the book and reads the answer; path may end in a slash.
func (s *server) write(path string, body any) mango.BookWritten {
	s.t.Helper()
	status, raw := s.command(path, body)
	var answer mango.BookWritten
	if err := json.Unmarshal([]byte(raw), &answer); err != nil || status != 200 || !slices.Equal(answer.Result, mango.Codes{1000}) {
		s.t.Fatalf("%s: %d %s %v", path, status, raw, err)
	}
	return answer
}

func contact(name string, phones ...mango.Text) mango.Contact {
	c := mango.Contact{Name: mango.Text(name)}
	for _, p := range phones {
		c.Phones = append(c.Phones, mango.ContactPhone{Type: mango.PhoneMobile, Phone: p})
	}
	return c
}

func TestBook_createSkipsDuplicatesAndMakesGroups(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true, Contacts: []mango.Contact{foreign}})
	one := contact("Иванов Иван", "+7 900 000-01-01", "79000000102")
	one.Groups = []mango.ContactGroup{{Name: "Дозвон"}}
	again := contact("Иванов Иван", "79000000102", "8 900 000 01 01") // the same numbers, written otherwise
	other := contact("Иванов Иван", "79000000102")
	answer := s.write(mango.PathBookCreate+"/", mango.BookWrite{Data: []mango.Contact{one, again, other}})
	if len(answer.Data) != 2 || !slices.Equal(answer.Skipped, []mango.Int{1}) {
		t.Errorf("got %+v", answer)
	}
	answer = s.write(mango.PathBookCreate, mango.BookWrite{Data: []mango.Contact{again}, OnError: "duplicate"})
	if len(answer.Data) != 1 || len(answer.Skipped) != 0 {
		t.Errorf("duplicates asked for: %+v", answer)
	}
	book := s.pbx.AddressBook()
	if len(book) != 4 || book[0].Name != foreign.Name || book[1].Groups[0].GroupID == "" || book[1].Phones[0].Digits != "79000000101" {
		t.Errorf("the book is %+v", book)
	}
}

func TestBook_updateReplacesWhatIsNotRepeated(t *testing.T) {
	t.Parallel()
	s := start(t, practice.Config{NoLimits: true})
	created := contact("Иванов Иван", "79000000101", "79000000102")
	created.Comment, created.Groups = "договор 12", []mango.ContactGroup{{Name: "Дозвон"}}
	s.write(mango.PathBookCreate, mango.BookWrite{Data: []mango.Contact{created}})
	was := s.pbx.AddressBook()[0]
	change := mango.Contact{
		ContactID: was.ContactID,
		Phones:    []mango.ContactPhone{{PhoneID: was.Phones[1].PhoneID, Type: 1, Phone: "79000000102"}, {Type: 1, Phone: "79000000103"}},
	}
	stranger := mango.Contact{ContactID: "1", Name: "Никто"}
	answer := s.write(mango.PathBookUpdate+"/", mango.BookWrite{Data: []mango.Contact{change, stranger}})
	if len(answer.Data) != 1 || !slices.Equal(answer.Skipped, []mango.Int{1}) {
		t.Errorf("got %+v", answer)
	}
	now := s.pbx.AddressBook()[0]
	if now.Name != "Иванов Иван" || now.Comment != "договор 12" || len(now.Groups) != 0 || len(now.Phones) != 2 ||
		now.Phones[0].PhoneID != was.Phones[1].PhoneID || now.Phones[1].Phone != "79000000103" {
		t.Errorf("the contact is %+v", now)
	}
}

func TestBook_isReadPageByPage(t *testing.T) {
	t.Parallel()
	var contacts []mango.Contact
	for i := range 25 {
		c := contact(fmt.Sprintf("Клиент %02d", 24-i), mango.Text(fmt.Sprintf("790000002%02d", i)))
		c.UserID = 300040101
		contacts = append(contacts, c)
	}
	s := start(t, practice.Config{NoLimits: true, Contacts: contacts})
	page := func(path string, request any) mango.BookPage {
		t.Helper()
		status, raw := s.command(path, request)
		var p mango.BookPage
		if err := json.Unmarshal([]byte(raw), &p); err != nil || status != 200 || p.Result != 1000 {
			t.Fatalf("%s: %d %s %v", path, status, raw, err)
		}
		return p
	}
	first := page(mango.PathBookInit+"/", mango.BookInit{Order: []map[string]string{{"name": "asc"}}})
	if len(first.Data) != 10 || first.Data[0].Name != "Клиент 00" || first.Data[0].UserID != 0 || first.State.Info.Total != 25 || first.State.Info.Pages != 3 {
		t.Errorf("first page %+v", first)
	}
	for _, step := range []struct {
		mode mango.Text
		page mango.Int
		rows int
	}{{"next-page-2", 3, 5}, {"next-page-1", 4, 0}, {"first-page", 1, 10}, {"last-page", 3, 5}, {"prev-page-1", 2, 10}, {"current-page", 2, 10}} {
		p := page(mango.PathBookCursor, mango.BookCursor{Cursor: first.State.Cursor, Mode: step.mode, ExtFields: true})
		if p.State.Info.Page != step.page || len(p.Data) != step.rows || step.rows > 0 && p.Data[0].UserID == 0 {
			t.Errorf("%s: %+v", step.mode, p.State.Info)
		}
	}
	if status, body := s.command(mango.PathBookCursor, mango.BookCursor{Cursor: first.State.Cursor, Mode: "next-page-10"}); status != 420 {
		t.Errorf("ten pages at once: %d %s", status, body)
	}
	if p := page(mango.PathBookInit, mango.BookInit{Query: "79000000207"}); len(p.Data) != 1 {
		t.Errorf("by number: %+v", p.Data)
	}
}

func TestBook_echoesEveryChangeUnlessSilent(t *testing.T) {
	t.Parallel()
	for _, silent := range []bool{false, true} {
		s := start(t, practice.Config{NoLimits: true, Contacts: []mango.Contact{foreign}, SilentAddressBook: silent})
		s.write(mango.PathBookCreate, mango.BookWrite{Data: []mango.Contact{contact("Иванов", "79000000101")}})
		id := s.pbx.AddressBook()[1].ContactID
		s.write(mango.PathBookUpdate, mango.BookWrite{Data: []mango.Contact{{ContactID: id, Name: "Петров"}}})
		if status, body := s.command(mango.PathBookDelete, mango.BookDelete{Data: []mango.Text{id, "1"}}); status != 200 || body != `{"result":1000}` {
			t.Errorf("delete: %d %s", status, body)
		}
		if book := s.pbx.AddressBook(); len(book) != 1 || book[0].Name != foreign.Name {
			t.Errorf("the book is %+v", book)
		}
		if err := s.pbx.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		var actions []string
		for _, w := range s.received() {
			var e struct {
				Action string
				Data   []json.RawMessage
			}
			if err := json.Unmarshal(w.raw, &e); err != nil || w.path != "/events/ab/contact" || len(e.Data) != 1 {
				t.Errorf("%s %s %v", w.path, w.raw, err)
			}
			actions = append(actions, e.Action)
		}
		want := []string{"new", "updated", "deleted"}
		if silent {
			want = nil
		}
		if !slices.Equal(actions, want) {
			t.Errorf("silent %v: told of %v, want %v", silent, actions, want)
		}
	}
}
