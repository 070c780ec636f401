package telephony_test

import (
	"strings"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/client"
)

func deleted(id string) *client.Deleted { return &client.Deleted{ID: id, Deleted: true} }

// TestLost_theLastIntegrationGoesWhileAnotherIsBeingConnected: the form that was begun is shown, and why.
func TestLost_theLastIntegrationGoesWhileAnotherIsBeingConnected(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.Press("+ Добавить")
	d.Pick("Gravitel")
	d.Entry(0).SetText("https://avto.aicall.ru/")
	d.Pick("Mango Office")
	d.View.Apply(deleted("i1"))
	d.Wants("Подключение «Mango Office» удалил кто-то другой", "Gravitel", "1. Данные из личного кабинета")
	if got := d.Entry(0).Text; got != "https://avto.aicall.ru/" {
		t.Errorf("the form that was begun holds %q", got)
	}
	if strings.Contains(d.Says(), "Что вы вписали") {
		t.Error("it promises what was not typed")
	}
}

// TestLost_whatWasTypedStandsInANewConnection and can be saved as one, whichever way the deletion is heard of.
func TestLost_whatWasTypedStandsInANewConnection(t *testing.T) {
	for name, hear := range map[string]func(d *uitest.Desk){
		"by the stream": func(d *uitest.Desk) { d.View.Apply(deleted("i1")) },
		"by reading the list anew": func(d *uitest.Desk) {
			d.School.Answers["GET /integrations"] = client.Page[client.Integration]{}
			d.View.Shown()
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := uitest.NewDesk(t, uitest.Kireeva)
			d.View.Shown()
			d.Press("Заменить")
			d.Entry(0).SetText("newcode")
			d.Entry(1).SetText("newsalt")
			hear(d)
			d.Wants("удалил кто-то другой", "Что вы вписали, стоит ниже", "1. Данные из личного кабинета")
			// Another language or theme makes the page anew.
			d.View = d.Made()
			test.NewTempWindow(t, d.View).Resize(uitest.Tall)
			d.School.Answers["GET /integrations"] = client.Page[client.Integration]{}
			d.View.Shown()
			d.Wants("удалил кто-то другой", "Что вы вписали, стоит ниже")
			d.Press("Сохранить")
			d.WantsTold(`POST /integrations {"kind":"mango","active":true,"api_url":"https://app.mango-office.ru/vpbx/","credentials":{"api_key":"newcode","api_salt":"newsalt"}}`)
			if strings.Contains(d.Says(), "удалил кто-то другой") {
				t.Error("the news stays after it was seen to")
			}
		})
	}
}

// TestLost_othersPagesGoQuietly: only whoever looks at a page is told, and nobody of their own deed.
func TestLost_othersPagesGoQuietly(t *testing.T) {
	both := client.Page[client.Integration]{Items: []client.Integration{uitest.Integration(), uitest.Second()}}
	d := uitest.NewDesk(t, uitest.Kireeva)
	d.School.Answers["GET /integrations"] = both
	d.View.Shown()
	d.View.Open("i2")
	d.View.Apply(deleted("i1"))
	d.View.Apply(deleted("i1")) // told twice
	if strings.Contains(d.Says(), "удалил кто-то другой") {
		t.Error("somebody who looks at another page is told")
	}
	d.Wants("Филиал на Садовой")
	d.View.Apply(deleted("i2"))
	d.Wants("Подключение «Филиал на Садовой» удалил кто-то другой", "Телефония ещё не подключена")
	d.Press("×")
	if strings.Contains(d.Says(), "удалил кто-то другой") {
		t.Error("the news cannot be put away")
	}

	d = uitest.NewDesk(t, uitest.Kireeva)
	d.View.Shown()
	d.School.Answers["DELETE /integrations/i1"] = func([]byte) any {
		d.View.Apply(deleted("i1")) // the stream may be faster than the answer
		return nil
	}
	d.Press("Удалить подключение")
	d.Press("Да")
	d.Wants("Телефония ещё не подключена")
	if strings.Contains(d.Says(), "удалил кто-то другой") {
		t.Error("one's own deed is told as another's")
	}
}
