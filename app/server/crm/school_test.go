package crm_test

import (
	"errors"
	"strings"
	"testing"

	"dozvon/app/server/crm"
	"dozvon/client"
)

func TestChangeSchool_saysWhatItDoesNotTake(t *testing.T) {
	t.Parallel()
	minutes := func(n int) client.SchoolInput { return client.SchoolInput{MissedLimitMinutes: &n} }
	texts := func(all ...client.SMSTemplate) client.SchoolInput { return client.SchoolInput{SMSTemplates: &all} }
	link := func(address string) client.SchoolInput {
		return client.SchoolInput{CRMLink: &client.CRMLink{Contract: address}}
	}
	tests := []struct {
		name string
		in   client.SchoolInput
		want string // a part of the fault; empty: taken
	}{
		{"nothing", client.SchoolInput{}, ""},
		{"an hour", minutes(60), ""},
		{"no time at all", minutes(0), "missed_limit_minutes"},
		{"more than a week", minutes(10081), "missed_limit_minutes"},
		{"no templates at all", texts(), ""},
		{"a template without a text", texts(client.SMSTemplate{Name: "Пусто", Text: " "}), "sms_templates: a name and a text"},
		{"two of one name", texts(client.SMSTemplate{Name: "Да", Text: "1"}, client.SMSTemplate{Name: " да ", Text: "2"}), "sms_templates: two"},
		{"a link", link(" https://crm.school.ru/deal/{external_id}?phone={phone} "), ""},
		{"a link without placeholders", link("http://crm.local/"), ""},
		{"a program of the system", link("file:///etc/passwd"), "crm_link.contract: an address"},
		{"a script", link("javascript:alert({id})"), "crm_link.contract: an address"},
		{"no scheme", link("crm.school.ru/{id}"), "crm_link.contract: an address"},
		{"the host of a card's choice", link("https://{external_id}/x"), "may not be a part of the host"},
		{"a placeholder nobody knows", link("https://crm.ru/{deal}"), "only {id}"},
	}
	for _, tt := range tests {
		_, err := crm.ChangeSchool(crm.DefaultSchool(), tt.in)
		var bad *crm.Invalid
		if tt.want == "" && err != nil || tt.want != "" && (!errors.As(err, &bad) || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestChangeSchool_absentFieldsStay(t *testing.T) {
	t.Parallel()
	off := false
	s, err := crm.ChangeSchool(crm.DefaultSchool(), client.SchoolInput{WhatsApp: &off})
	if err != nil || s.WhatsApp || s.MissedLimitMinutes != 15 || len(s.SMSTemplates) != 3 {
		t.Errorf("got %+v, %v", s, err)
	}
}
