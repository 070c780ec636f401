package addressbook_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"dozvon/app/mango"
	"dozvon/app/practice/mango/addressbook"
)

// ask makes one request and returns its code and answer.
func ask(t *testing.T, query func(http.ResponseWriter, []byte) int, request any) (int, json.RawMessage) {
	t.Helper()
	raw, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	code := query(answer, raw)
	return code, answer.Body.Bytes()
}

func contact(name, phone string) mango.Contact {
	return mango.Contact{Name: mango.Text(name), Phones: []mango.ContactPhone{{Type: mango.PhoneMobile, Phone: mango.Text(phone)}}}
}

func TestAddressBook_tellsOfEveryChange(t *testing.T) {
	t.Parallel()
	var told []string
	book := addressbook.New([]mango.Contact{contact("Такси", "79000000001")}, func(action string, _ any) { told = append(told, action) })
	if code, _ := ask(t, book.Create, mango.BookWrite{Data: []mango.Contact{contact("Иванов", "8 900 000-00-02")}}); code != mango.CodeDone {
		t.Fatalf("create: %d", code)
	}
	if code, _ := ask(t, book.Create, mango.BookWrite{Data: []mango.Contact{contact("Иванов", "79000000002")}}); code != mango.CodeDone {
		t.Fatalf("create again: %d", code) // a duplicate changes nothing
	}
	all := book.Contacts()
	if len(all) != 2 || all[1].Phones[0].Digits != "79000000002" {
		t.Fatalf("contacts %+v", all)
	}
	if code, _ := ask(t, book.Delete, mango.BookDelete{Data: []mango.Text{all[0].ContactID, "999"}}); code != mango.CodeDone {
		t.Fatalf("delete: %d", code)
	}
	if want := []string{"new", "deleted"}; !slices.Equal(told, want) || len(book.Contacts()) != 1 {
		t.Errorf("told %v of %d contacts, want %v", told, len(book.Contacts()), want)
	}
}

func TestAddressBook_aReadSeesWhatWasThereWhenItBegan(t *testing.T) {
	t.Parallel()
	var contacts []mango.Contact
	for i := range 25 {
		contacts = append(contacts, contact(fmt.Sprintf("Клиент %02d", i), fmt.Sprintf("790000001%02d", i)))
	}
	book := addressbook.New(contacts, func(string, any) {})
	var page mango.BookPage
	_, raw := ask(t, book.Init, map[string]any{"query": "", "limit": 10})
	if err := json.Unmarshal(raw, &page); err != nil {
		t.Fatal(err)
	}
	ask(t, book.Delete, mango.BookDelete{Data: []mango.Text{book.Contacts()[12].ContactID}})
	_, raw = ask(t, book.Cursor, mango.BookCursor{Cursor: page.State.Cursor, Mode: "last-page"})
	if err := json.Unmarshal(raw, &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Data) != 5 || page.State.Info.Total != 25 || page.State.Info.Pages != 3 {
		t.Errorf("last page %+v", page.State.Info)
	}
	if code, _ := ask(t, book.Cursor, mango.BookCursor{Cursor: "77", Mode: "next-page-1"}); code == mango.CodeDone {
		t.Error("an unknown read turned its page")
	}
}
