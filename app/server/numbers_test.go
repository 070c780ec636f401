package server_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dozvon/client"
)

func numbersFile(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "numbers", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestImport_wordsBehindANumberBecomeItsLabelAndARemark(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	im := s.bringIn(api, s.upload(api, "clients", numbersFile(t, "words-behind-number.csv")), "skip", false)
	if im.Counts.Added != 5 || im.Counts.Remarks != 5 {
		t.Errorf("counts are %+v, want 5 added, 5 remarks", im.Counts)
	}
	page, err := api.Clients(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]client.Phone{}
	for _, c := range page.Items {
		if len(c.PhoneList) == 1 {
			got[c.Name] = c.PhoneList[0]
		}
	}
	want := map[string]client.Phone{
		"Лапина Ольга": {Number: "+79145550261", Label: "после 6"}, "Мохов Ян": {Number: "+78123159883", Label: "кв. 4"},
		"Носов Глеб": {Number: "+79145550262", Label: "2"}, "Орехов Макар": {Typed: "255-02-08"},
		"Павлов Тит": {Number: "+74951234567", Label: "офис 3"},
	}
	for name, p := range want {
		if got[name] != p {
			t.Errorf("%s: %+v, want %+v", name, got[name], p)
		}
	}
}

func TestImport_readsTelephonesHoweverACellHoldsThem(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	api := s.api("105")
	s.bringIn(api, s.upload(api, "clients", numbersFile(t, "phone-cells.csv")), "skip", false)
	page, err := api.Clients(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]client.Client{}
	for _, c := range page.Items {
		got[c.Name] = c
	}
	table := csv.NewReader(strings.NewReader(numbersFile(t, "phone-cells-want.csv")))
	table.Comma, table.LazyQuotes = '\t', true
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		c := got[row[0]]
		if strings.Join(c.Phones, "|") != row[2] || len(c.PhoneList) != len(c.Phones) {
			t.Errorf("%s, %q: %v, %+v; want %s", row[0], row[1], c.Phones, c.PhoneList, row[2])
		}
		if strings.HasSuffix(strings.TrimRight(row[1], "#"), "104") && c.PhoneList[0].Ext != "104" {
			t.Errorf("%s, %q: extension %q", row[0], row[1], c.PhoneList[0].Ext)
		}
	}
}

func TestClients_aFieldOfTelephonesIsReadLikeACell(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	c, err := s.api("101").CreateClient(t.Context(), client.ClientInput{
		Name: ptr("Лапина Ольга"), PhoneList: &[]client.Phone{
			{Number: "914 555-02-61 после 6", Label: "мама"}, {Number: "89145550262, 8 (495) 123-45-67 доб. 104"}, {Number: "255-02-08"}, {Number: "tel:%2B79145550263"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []client.Phone{
		{Number: "+79145550261", Label: "мама, после 6"}, {Number: "+79145550262"}, {Number: "+74951234567", Ext: "104"}, {Typed: "255-02-08"}, {Number: "+79145550263"},
	}
	if len(c.PhoneList) != len(want) {
		t.Fatalf("got %+v", c.PhoneList)
	}
	for i, p := range want {
		if c.PhoneList[i] != p {
			t.Errorf("number %d is %+v, want %+v", i, c.PhoneList[i], p)
		}
	}
}

func TestCityCode_completesNumbersEverywhereOrSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	databases(t, func(t *testing.T, url string) {
		s, _ := withPBX(t, url)
		api := s.api("101")
		var p *client.Problem
		for _, typed := range []string{"255-02-08", "+72550208", "tel:255-02-08", "8 255 02 08"} {
			if c, err := api.Dial(t.Context(), client.Dial{Phone: typed}); !asProblem(err, &p) || p.Code != "city_code_missing" {
				t.Errorf("%s without a city rang %s, %v; want city_code_missing", typed, c.Phone, err)
			}
		}
		if _, err := api.Dial(t.Context(), client.Dial{Phone: "89145550261, 89145550262"}); !asProblem(err, &p) || p.Code != "bad_phone" || !strings.Contains(p.Detail, "несколько") {
			t.Errorf("two numbers to call: %v", err)
		}
		director := s.director(t)
		for _, bad := range []string{"914", "42", "абв", "7423"} {
			if _, err := director.UpdateSettings(t.Context(), client.SchoolInput{CityCode: &bad}); !asProblem(err, &p) || p.Code != "invalid" || !strings.Contains(strings.Join(p.Fields, " "), "city_code") {
				t.Errorf("city code %q: %v, want invalid", bad, err)
			}
		}
		if school, err := director.UpdateSettings(t.Context(), client.SchoolInput{CityCode: ptr("(423)")}); err != nil || school.CityCode != "423" {
			t.Fatalf("city code 423: %+v, %v", school, err)
		}
		made, err := api.CreateClient(t.Context(), client.ClientInput{Name: ptr("Орехов Макар"), Phones: &[]string{"255-02-08"}})
		if err != nil || len(made.Phones) != 1 || made.Phones[0] != "+74232550208" {
			t.Fatalf("a card's number: %+v, %v", made, err)
		}
		if found, err := api.Lookup(t.Context(), "2-55-02-08"); err != nil || len(found) != 1 || found[0].ID != made.ID {
			t.Errorf("lookup: %+v, %v", found, err)
		}
		if c, err := api.Dial(t.Context(), client.Dial{Phone: "255-02-08 после 6"}); err != nil || c.Phone != "+74232550208" {
			t.Errorf("dialled %+v, %v", c, err)
		}
		s.ring(1, "2550208", "101", false)
		page, err := api.Feed(t.Context(), client.FeedQuery{Type: "call_missed"})
		if err != nil || len(page.Items) != 1 || page.Items[0].Phone != "+74232550208" || page.Items[0].Subject == nil || page.Items[0].Subject.ID != made.ID {
			t.Errorf("a caller shown without his city: %+v, %v", page.Items, err)
		}
	})
}
