package smstext_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/present"
	"dozvon/app/desktop/present/smstext"
	"dozvon/client"
)

func TestMeasure_countsAsTheNetworkDoes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       string // units/room parts
	}{
		{"nothing", "", "0/160 in 1"},
		{"latin, to the brim", strings.Repeat("a", 160), "160/160 in 1"},
		{"latin, one over", strings.Repeat("a", 161), "161/306 in 2"},
		{"latin, two full parts", strings.Repeat("a", 306), "306/306 in 2"},
		{"latin, a third", strings.Repeat("a", 307), "307/459 in 3"},
		{"the euro takes two", strings.Repeat("€", 80), "160/160 in 1"},
		{"the euro is not cut in two", strings.Repeat("a", 152) + strings.Repeat("€", 77), "306/459 in 3"},
		{"a line break is of the alphabet", "a\nb", "3/160 in 1"},
		{"cyrillic, to the brim", strings.Repeat("я", 70), "unicode 70/70 in 1"},
		{"cyrillic, one over", strings.Repeat("я", 71), "unicode 71/134 in 2"},
		{"cyrillic, two full parts", strings.Repeat("я", 134), "unicode 134/134 in 2"},
		{"cyrillic, a third", strings.Repeat("я", 135), "unicode 135/201 in 3"},
		{"one letter makes it all unicode", strings.Repeat("a", 70) + "я", "unicode 71/134 in 2"},
		{"a face takes two", strings.Repeat("🙂", 35), "unicode 70/70 in 1"},
		{"a face is not cut in two", strings.Repeat("я", 66) + "🙂" + strings.Repeat("я", 66), "unicode 134/201 in 3"},
	}
	for _, tt := range tests {
		c := smstext.Measure(tt.text)
		got := fmt.Sprintf("%d/%d in %d", c.Units, c.Room, c.Parts)
		if c.Unicode {
			got = "unicode " + got
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestFill_leavesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	contract := &client.Subject{Kind: client.KindContract, Name: "Шангутов Александр Александрович", Detail: "Договор № 123 · кат. B · группа 14"}
	lead := &client.Subject{Kind: client.KindClient, Name: "Зайцева Ольга", Detail: "lead"}
	school := client.School{Name: "Старт"}
	for _, tt := range []struct {
		template string
		subject  *client.Subject
		want     string
		left     string
	}{
		{"{имя}, договор {договор} готов, {школа}", contract, "Александр Александрович, договор № 123 готов, Старт", "[]"},
		{"{Имя}, ждём вас {дата} в { время }, {дата}", lead, "Ольга, ждём вас {дата} в { время }, {дата}", "[дата время]"},
		{"{имя}, договор {договор}", nil, "{имя}, договор {договор}", "[имя договор]"},
		{"{name} {school} {скидка}", lead, "Ольга Старт {скидка}", "[]"},
	} {
		got := smstext.Fill(tt.template, smstext.Values(tt.subject, school))
		if left := fmt.Sprint(smstext.Placeholders(got)); got != tt.want || left != tt.left {
			t.Errorf("%q: got %q with %s left, want %q with %s", tt.template, got, left, tt.want, tt.left)
		}
	}
}

func TestParseComing_isTheNextSuchDay(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for words, want := range map[string]string{
		"24.11": "2026-11-24", "25.11": "2026-11-25", "1.1": "2027-01-01", "23.11": "2027-11-23", "1.12.2026": "2026-12-01", "завтра": "", "31.2": "",
	} {
		at, err := present.ParseComing(words, now)
		got := at.Format("2006-01-02")
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("ParseComing(%q) = %q, want %q", words, got, want)
		}
	}
	for words, want := range map[string]string{"9": "9:00", "09:05": "9:05", "18.30": "18:30", " 7:00 ": "7:00", "25:00": "", "9:99": "", "утром": ""} {
		if got, _ := present.ParseClock(words); got != want {
			t.Errorf("ParseClock(%q) = %q, want %q", words, got, want)
		}
	}
}

func TestCRMLink_opensTheRightCardOrNone(t *testing.T) {
	t.Parallel()
	card := present.CRMCard{ID: "k1", ExternalID: "77/8 &x=1", Number: "12 3", Phone: "+79645550190"}
	for _, tt := range []struct {
		name, template, want string
		card                 present.CRMCard
	}{
		{"in the path", "https://crm.ru/deal/{external_id}/{number}", "https://crm.ru/deal/77%2F8%20&x=1/12%203", card},
		{"in the query", "https://crm.ru/?deal={external_id}&phone={phone}", "https://crm.ru/?deal=77%2F8+%26x%3D1&phone=%2B79645550190", card},
		{"in the fragment", "https://crm.ru/#/deal/{id}", "https://crm.ru/#/deal/k1", card},
		{"a value that looks like a placeholder stays a value", "https://crm.ru/?a={number}&b={phone}", "https://crm.ru/?a=%7Bphone%7D&b=1", present.CRMCard{Number: "{phone}", Phone: "1"}},
		{"nothing to fill in", "http://crm.local/cards", "http://crm.local/cards", present.CRMCard{}},
		{"the card lacks the id", "https://crm.ru/{external_id}", "", present.CRMCard{ID: "k1"}},
		{"no link", "", "", card},
		{"a program of the system", "file:///bin/{id}", "", card},
		{"a script", "javascript:alert(1)//{id}", "", card},
		{"no host", "https:///{id}", "", card},
	} {
		if got := present.CRMLink(client.CRMLink{Contract: tt.template}, client.KindContract, tt.card); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if got := present.CRMLink(client.CRMLink{Contract: tt.template}, client.KindClient, tt.card); got != "" {
			t.Errorf("%s: a client opens %q by the contracts' link", tt.name, got)
		}
	}
}

func TestWhatsAppLink_isOfDigitsAlone(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"+79645550190": "https://wa.me/79645550190", "8 (964) 555-01-90": "https://wa.me/79645550190", "": "", "hidden": ""} {
		if got := present.WhatsAppLink(number); got != want {
			t.Errorf("WhatsAppLink(%q) = %q, want %q", number, got, want)
		}
	}
}
