package card_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// The fields of a client's form with one number, in their order.
const (
	fieldName = iota
	fieldNumber
	fieldLabel
	fieldTags
	fieldEmail
	fieldNote
)

func (o *office) fields() []*widgets.Entry { return uitest.All[*widgets.Entry](o.panel) }

func (o *office) says(words ...string) {
	o.t.Helper()
	for _, one := range words {
		if !strings.Contains(uitest.Readable(o.panel), one) {
			o.t.Errorf("the card does not say %q; it says\n%s", one, uitest.Readable(o.panel))
		}
	}
}

func TestForm_writesEverythingOfALead(t *testing.T) {
	o := openOffice(t)
	o.panel.NewLead("8 (423) 255-51-48")
	o.press("+ Телефон")
	fields := o.fields() // two numbers now
	fields[fieldName].SetText("Зайцева Ольга")
	fields[fieldLabel].SetText("рабочий")
	fields[fieldLabel+1].SetText("спросить у мамы")
	fields[fieldLabel+1].FocusLost()
	o.says("Не похоже на номер")
	fields[fieldTags+2].SetText("автомат, вечер")
	fields[fieldEmail+2].SetText("olga@mail.ru")
	fields[fieldNote+2].SetText("Звонить после 18:00")
	choices := uitest.All[*widgets.Choice](o.panel)
	choices[0].Choose(2) // thinks it over
	choices[1].Choose(1) // Борисов: nobody, then by name
	o.press("Сохранить")
	page, err := o.API.FindClients(t.Context(), client.CardQuery{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("the server has %+v, %v", page.Items, err)
	}
	c := page.Items[0]
	if want := []client.Phone{{Number: "+74232555148", Label: "рабочий"}, {Typed: "спросить у мамы"}}; !slices.Equal(c.PhoneList, want) {
		t.Errorf("numbers %+v", c.PhoneList)
	}
	if c.Kind != "lead" || c.Status != client.StatusThinking || c.Email != "olga@mail.ru" || c.Note != "Звонить после 18:00" ||
		!slices.Equal(c.Tags, []string{"автомат", "вечер"}) || c.Responsible.ID != o.staff[uitest.Borisov.Login].ID {
		t.Errorf("the server got %+v", c)
	}
	if o.lastOpened() != "client:"+c.ID {
		t.Errorf("opened %q", o.Opened)
	}
	o.open(c)
	o.says("Приморский край, там ", "рабочий", "спросить у мамы", "не номер: позвонить нельзя", "Борисов Борис Петрович", "olga@mail.ru")
	if signs := len(slices.DeleteFunc(uitest.All[*widgets.Button](o.panel), func(b *widgets.Button) bool { return b.Label != "⋯" })); signs != 2 {
		t.Errorf("%d menus beside two numbers", signs)
	}
}

func TestForm_anEmptyNameIsAskedFor(t *testing.T) {
	o := openOffice(t)
	o.panel.NewLead("12")
	o.panel.SaveAs(" ")
	o.says("Впишите имя", "Не похоже на номер")
	o.panel.SaveAs("Смирнова Вера")
	if len(o.Opened) != 1 {
		t.Fatalf("a number that cannot be read is no reason to lose a lead; opened %q", o.Opened)
	}
	_, id, _ := strings.Cut(o.lastOpened(), ":")
	if c := o.client(id); len(c.PhoneList) != 1 || c.PhoneList[0].Typed != "12" || c.Responsible.ID != o.staff[uitest.Kireeva.Login].ID {
		t.Errorf("the server keeps %+v", c)
	}
}

func TestForm_faultsOfTheServerAreToldInWords(t *testing.T) {
	o := openOffice(t)
	o.panel.NewLead("")
	o.fields()[fieldEmail].SetText("почта")
	o.panel.SaveAs("Ким Вера")
	o.says("Почта не похожа на адрес")
}

// TestForm_twoWriteInOneCard: what a colleague has just written survives, and is told.
func TestForm_twoWriteInOneCard(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера", "+79145550148")
	o.open(c)
	o.panel.Edit()
	o.fields()[fieldNote].SetText("Хочет на автомат")
	uitest.All[*widgets.Choice](o.panel)[0].Choose(2)
	email, status := "vera@mail.ru", client.StatusContacted
	if _, err := o.other.UpdateClient(t.Context(), c.ID, client.ClientInput{Email: &email, Status: &status}); err != nil {
		t.Fatal(err)
	}
	o.panel.Follow(client.KindClient, c.ID)
	o.says("Пока вы писали, карточку изменили: почта, статус", "Вы тоже меняли: статус")
	if got := o.fields()[fieldEmail].Text; got != email {
		t.Errorf("the field of what the colleague changed holds %q", got)
	}
	o.press("Сохранить")
	if now := o.client(c.ID); now.Email != email || now.Note != "Хочет на автомат" || now.Status != client.StatusThinking {
		t.Errorf("the server has %+v", now)
	}
}

func TestForm_changesAreNotLostByAClick(t *testing.T) {
	o := openOffice(t)
	a, b := o.lead("Ким Вера", "+79145550148"), o.lead("Орлов Тимур", "+79145550149")
	o.open(a)
	o.panel.Edit()
	o.fields()[fieldNote].SetText("Хочет на автомат")
	o.open(b) // a call came, and its card was clicked
	if !strings.Contains(o.Told, "«Ким Вера» не сохранены") {
		t.Errorf("told %q", o.Told)
	}
	o.open(a)
	if got := o.fields()[fieldNote].Text; got != "Хочет на автомат" {
		t.Fatalf("the note holds %q", got)
	}
	escape := &fyne.KeyEvent{Name: fyne.KeyEscape}
	o.fields()[fieldNote].TypedKey(escape)
	o.says("Изменения не сохранены", "Не сохранять")
	o.fields()[fieldNote].TypedKey(escape)
	o.says("Последнее")
	if now := o.client(a.ID); now.Note != "" {
		t.Errorf("what was given up is saved: %q", now.Note)
	}
	o.panel.NewLead("+79145550150")
	o.fields()[fieldName].SetText("Недописан")
	o.open(a)
	o.panel.NewLead("")
	if fields := o.fields(); fields[fieldName].Text != "Недописан" || fields[fieldNumber].Text != "+7 914 555-01-50" {
		t.Errorf("the unsaved lead holds %q, %q", fields[fieldName].Text, fields[fieldNumber].Text)
	}
}

func TestCard_aLeadBecomesAClientAndGetsAContract(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера", "+79145550148")
	o.open(c)
	o.press("Сделать клиентом")
	if now := o.client(c.ID); now.Kind != "client" {
		t.Errorf("the server has a %s", now.Kind)
	}
	if uitest.Buttons(o.panel, map[string]*widgets.Button{})["Сделать клиентом"] != nil {
		t.Error("a client can be made a client again")
	}
	o.press("+ Новый договор")
	fields := o.fields() // name, number, day, category, group, …
	if fields[0].Text != "Ким Вера" {
		t.Errorf("the student is %q", fields[0].Text)
	}
	o.press("Сохранить")
	o.says("Впишите номер договора")
	fields[1].SetText("77/26")
	fields[2].SetText("32.11.2026")
	o.press("Сохранить")
	o.says("Дата «32.11.2026» не читается")
	fields[2].SetText("24.11.2026")
	fields[3].SetText("B")
	o.press("Сохранить")
	_, id, _ := strings.Cut(o.lastOpened(), ":")
	k, err := o.API.Contract(t.Context(), id)
	if err != nil || k.ClientID != c.ID || k.Number != "77/26" || k.SignedOn != "2026-11-24" || k.Category != "B" || !slices.Equal(k.Phones, c.Phones) {
		t.Fatalf("the server has %+v, %v", k, err)
	}
	o.panel.Open(client.KindContract, id)
	o.says("Договор № 77/26 · кат. B", "24.11.2026", "Ким Вера")
	test.Tap(uitest.All[*widgets.Pick](o.panel)[0]) // its client
	if o.lastOpened() != "client:"+c.ID {
		t.Errorf("opened %q", o.Opened)
	}
	o.open(c)
	o.says("Договор № 77/26 · кат. B", "Действует")
	test.Tap(uitest.All[*widgets.Pick](o.panel)[0])
	if o.lastOpened() != "contract:"+id {
		t.Errorf("opened %q", o.Opened)
	}
}

func TestCard_statusChangesByAClick(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера")
	o.open(c)
	chip := uitest.All[*widgets.Chip](o.panel)[0]
	test.Tap(chip)
	menu := uitest.All[*widget.PopUpMenu](uitest.Over(o.w))[0]
	menu.Items[4].(fyne.Tappable).Tapped(nil)
	if now := o.client(c.ID); now.Status != client.StatusRefused {
		t.Errorf("the status is %q", now.Status)
	}
	if got := uitest.All[*widgets.Chip](o.panel)[0].Label; got != "Отказ ▾" {
		t.Errorf("the chip says %q", got)
	}
}

func TestCard_mergesAndUndoes(t *testing.T) {
	o := openOffice(t)
	a, b := o.lead("Ким Вера", "+79145550148"), o.lead("Вера Ким", "+79145550148", "+79145550149")
	stranger := o.lead("Орлов Тимур", "+79145550150")
	o.open(a)
	o.panel.Merge()
	if text := uitest.Readable(uitest.Over(o.w)); !strings.Contains(text, "С этим же номером") || !strings.Contains(text, "Вера Ким") || strings.Contains(text, stranger.Name) {
		t.Fatalf("the card with the same number is not offered alone:\n%s", text)
	}
	test.Tap(uitest.All[*widgets.Pick](uitest.Over(o.w))[0])
	if text := uitest.Readable(uitest.Over(o.w)); !strings.Contains(text, "Останется") || !strings.Contains(text, "Вольётся в неё") {
		t.Fatalf("which one stays is not said:\n%s", text)
	}
	uitest.PressOver(t, o.w, "Поменять местами")
	uitest.PressOver(t, o.w, "Объединить")
	if o.lastOpened() != "client:"+b.ID {
		t.Errorf("opened %q, want the one that stays", o.Opened)
	}
	if _, err := o.API.Client(t.Context(), a.ID); err == nil {
		t.Error("the other one is still there")
	}
	o.undo()
	if o.client(a.ID).Name != "Ким Вера" || len(o.client(b.ID).Phones) != 2 {
		t.Error("the undo did not give both back")
	}
}

func TestCard_mergeSearches(t *testing.T) {
	o := openOffice(t)
	a := o.lead("Ким Вера")
	o.lead("Орлов Тимур", "+79145550150")
	o.index()
	o.open(a)
	o.panel.Merge()
	uitest.WantOver(t, o.w, "Начните печатать имя или номер")
	search := uitest.All[*widgets.Entry](uitest.Over(o.w))[0]
	search.OnChanged = nil // Enter, without waiting for the typing to rest
	for number, want := range map[string]string{"9145550150": "Орлов Тимур", "9145550199": "Ничего не нашлось"} {
		search.SetText(number)
		search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		uitest.WantOver(t, o.w, want)
		if top := uitest.Over(o.w); !strings.Contains(uitest.Readable(top), "Найдите вторую карточку") {
			t.Fatalf("Enter took a card that was found for other words:\n%s", uitest.Readable(top))
		}
	}
	search.SetText("9145550150")
	for range 2 { // searches, then takes the first
		search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	}
	uitest.WantOver(t, o.w, "Вольётся в неё", "Орлов Тимур")
	uitest.PressOver(t, o.w, "Назад")
	search.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if top := uitest.Over(o.w); top != nil && top.Visible() {
		t.Error("Escape did not close the sheet")
	}
}

func TestCard_isDeletedAndRestored(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера", "+79145550148")
	o.open(c)
	o.panel.AskDelete()
	o.press("Нет")
	if uitest.Buttons(o.panel, map[string]*widgets.Button{})["Нет"] != nil {
		t.Error("it asks on")
	}
	o.panel.AskDelete()
	o.press("Удалить")
	if _, id := o.panel.Opened(); id != "" {
		t.Errorf("the deleted card %q is still open", id)
	}
	o.undo()
	o.client(c.ID)
	o.open(c)
	o.panel.Delete()

	list := register.New(o.Host, client.KindClient, &register.State{}, func(string) {})
	w := uitest.WindowOf(t, list, fyne.NewSize(700, 400))
	list.Shown()
	if strings.Contains(uitest.Readable(list), "Ким Вера") {
		t.Error("a deleted card stands in the list")
	}
	list.Filter(3)
	if text := uitest.Readable(list); !strings.Contains(text, "Ким Вера") || !strings.Contains(text, "удалена") {
		t.Fatalf("the list of deleted cards says\n%s", text)
	}
	test.Tap(uitest.All[*widgets.Area](list)[0])
	uitest.WantOver(t, w, "История", "Карточка удалена", "Изменение отменено", "Киреева А. С.")
	uitest.PressOver(t, w, "Закрыть")
	pressIn(t, list, "Вернуть")
	if o.client(c.ID).DeletedAt != nil || o.lastOpened() != "client:"+c.ID {
		t.Errorf("not restored, or not opened: %q", o.Opened)
	}
	if q := list.Query(); q.Get("deleted") != "" {
		t.Errorf("the list still shows the deleted ones: %v", q)
	}
}

func TestCard_historyTellsWhoAndWhat(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера", "+79145550148")
	status, phones := client.StatusThinking, []client.Phone{{Number: "+79145550148", Label: "мама"}}
	if _, err := o.other.UpdateClient(t.Context(), c.ID, client.ClientInput{Status: &status, PhoneList: &phones}); err != nil {
		t.Fatal(err)
	}
	o.open(c)
	o.panel.History()
	uitest.WantOver(t, o.w, "Карточка изменена", "Борисов Б. П.", "Статус: Новый → Думает", "Телефоны: +7 914 555-01-48 → +7 914 555-01-48 мама", "Карточка создана", "Киреева А. С.")
}

func TestCard_itsNotesAreChanged(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера")
	if _, err := o.API.AddNote(t.Context(), client.NewNote{Subject: client.SubjectRef{Kind: client.KindClient, ID: c.ID}, Text: "Хочет на автомат"}); err != nil {
		t.Fatal(err)
	}
	o.open(c)
	test.Tap(uitest.All[*widgets.Pick](o.panel)[0])
	field := uitest.All[*widgets.Entry](uitest.Over(o.w))[0]
	field.SetText("Хочет на механику")
	uitest.PressOver(t, o.w, "Сохранить")
	o.open(c)
	o.says("Хочет на механику", "изменена")
}

// TestCard_aRedrawKeepsWhatIsBeingDone: events come while somebody types and reads.
func TestCard_aRedrawKeepsWhatIsBeingDone(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера", "+74232555148")
	o.open(c)
	note := o.fields()[0]
	o.w.Canvas().Focus(note)
	note.SetText("Перезвонить в")
	o.open(c)
	if o.fields()[0] != note || o.w.Canvas().Focused() != fyne.Focusable(note) {
		t.Error("the field of the note was taken away while it was typed into")
	}
	there := func() string { return o.Clock.UTC().Add(10 * time.Hour).Format("15:04") }
	o.says(there())
	o.Clock = o.Clock.Add(time.Minute)
	o.panel.Tick()
	o.says(there())
}

// TestCard_aContractFromAFileGetsItsClient: a table of contracts names no clients.
func TestCard_aContractFromAFileGetsItsClient(t *testing.T) {
	o := openOffice(t)
	c := o.lead("Ким Вера", "+79145550148")
	number, phones := "77/26", []string{"+79145550148"}
	k, err := o.API.CreateContract(t.Context(), client.ContractInput{Number: &number, Name: &c.Name, Phones: &phones})
	if err != nil {
		t.Fatal(err)
	}
	o.panel.Open(client.KindContract, k.ID)
	o.press("Выбрать клиента…")
	uitest.WantOver(t, o.w, "С этим же номером")
	test.Tap(uitest.All[*widgets.Pick](uitest.Over(o.w))[0])
	if k, err = o.API.Contract(t.Context(), k.ID); err != nil || k.ClientID != c.ID {
		t.Errorf("the contract is %+v, %v", k, err)
	}
	if now := o.client(c.ID); now.Kind != "client" {
		t.Errorf("the lead with a contract is a %s", now.Kind)
	}
	test.Tap(uitest.All[*widgets.Pick](o.panel)[0])
	if o.lastOpened() != "client:"+c.ID {
		t.Errorf("opened %q", o.Opened)
	}
}

// TestForm_scrollsToTheFieldWithTheKeyboard: Tab leads below the edge of a small window.
func TestForm_scrollsToTheFieldWithTheKeyboard(t *testing.T) {
	o := openOffice(t)
	o.w.Resize(fyne.NewSize(300, 420))
	o.panel.NewLead("+79145550148")
	note := o.fields()[fieldNote]
	at := func() float32 { return fyne.CurrentApp().Driver().AbsolutePositionForObject(note).Y }
	if at() < 420 {
		t.Fatalf("the note stands at %g already", at())
	}
	o.w.Canvas().Focus(note)
	if at() > 420-note.Size().Height {
		t.Errorf("the field with the keyboard stands at %g of 420", at())
	}
}
