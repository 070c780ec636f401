package card_test

import (
	"slices"
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/card"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

func TestCard_opensTheOtherCRM(t *testing.T) {
	uitest.LightApp(t)
	for _, tt := range []struct {
		name, external, template string
		want                     string
	}{
		{"with the id of the other CRM", "77/8", "https://crm.school.ru/deal/{external_id}", "https://crm.school.ru/deal/77%2F8"},
		{"a card that was never there", "", "https://crm.school.ru/deal/{external_id}", ""},
		{"a school without another CRM", "77", "", ""},
	} {
		h := uitest.NewHost(t, i18n.Russian)
		s := uitest.Chosen()
		s.CRMLink.Contract = tt.template
		uitest.Choose(h, s)
		h.School.Answers["/contracts/k123"] = client.Contract{ID: "k123", Number: "123", Name: uitest.Shangutov.Name, ExternalID: tt.external}
		panel := card.New(h, &card.State{}, func() {})
		panel.Open(client.KindContract, "k123")
		button := uitest.Buttons(panel, map[string]*widgets.Button{})["Открыть в CRM"]
		if (button != nil) != (tt.want != "") {
			t.Errorf("%s: there is a button: %v", tt.name, button != nil)
		}
		if button == nil {
			continue
		}
		test.Tap(button)
		if !slices.Equal(h.URLs, []string{tt.want}) {
			t.Errorf("%s: opened %q, want %q", tt.name, h.URLs, tt.want)
		}
	}
}
