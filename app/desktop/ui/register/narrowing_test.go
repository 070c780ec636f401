package register_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui/register"
	"dozvon/app/desktop/ui/uitest"
	"dozvon/app/desktop/ui/widgets"
	"dozvon/client"
)

// listed is a register in a window, and what it has asked the server for last.
func listed(t *testing.T, kind client.SubjectKind, state *register.State, width float32) (v *register.View, w fyne.Window, asked func() string) {
	t.Helper()
	h := uitest.CardHost(t, i18n.Russian)
	last := url.Values{}
	note := func(answer any) func(url.Values) any {
		return func(q url.Values) any { last = q; return answer }
	}
	h.School.Answers["/clients"] = note(client.Page[client.Client]{Items: []client.Client{{
		ID: "c1", Kind: "lead", Name: "Гусева Анна", Phones: []string{"+79145551801"}, Status: client.StatusThinking, Tags: []string{"VIP", "вечер"},
		Email: "anna@example.ru", Note: "Просит\nавтомат", CreatedAt: uitest.Now, Responsible: &client.Person{ID: "e2", Name: uitest.Borisov.Name},
	}}})
	h.School.Answers["/contracts"] = note(client.Page[client.Contract]{Items: []client.Contract{{
		ID: "k1", Number: "12/26", Name: "Орлов Тимур", Phones: []string{"+79145551802"}, Status: client.StatusActive, Category: "B", Group: "14", SignedOn: "2026-11-09",
	}}})
	tags := client.Page[client.TagUse]{Items: []client.TagUse{{Tag: "VIP", Cards: 1204}, {Tag: "вечер", Cards: 3}}}
	h.School.Answers["/clients/tags"], h.School.Answers["/contracts/tags"] = tags, tags
	v = register.New(h, kind, state, func(string) {})
	w = uitest.WindowOf(t, v, fyne.NewSize(width, 500))
	v.Shown()
	return v, w, func() string { return last.Encode() }
}

func TestRegister_isNarrowedByStatusAndTag(t *testing.T) {
	uitest.LightApp(t)
	v, w, asked := listed(t, client.KindClient, &register.State{}, 1000)
	uitest.ChooseFrom(t, v, w, "Статус", "Думает")
	if got := asked(); got != "status=thinking" {
		t.Errorf("asked for %q", got)
	}
	uitest.ChooseFrom(t, v, w, "Метка", "VIP · 1\u00a0204")
	if got := asked(); got != "status=thinking&tag=VIP" {
		t.Errorf("asked for %q", got)
	}
	v.Filter(1)
	if got := asked(); got != "kind=lead&status=thinking&tag=VIP" {
		t.Errorf("leads: asked for %q", got)
	}
	if got := v.Query().Encode(); got != asked() { // what is saved as a file is what is shown
		t.Errorf("a file would be of %q, the list is of %q", got, asked())
	}
	chips := uitest.Chips(v)
	if chips["Думает ▾"] == nil || chips["VIP ▾"] == nil || chips["Сбросить ×"] == nil {
		t.Errorf("the chips are %v", slices.Sorted(maps.Keys(chips)))
	}
	test.Tap(chips["Сбросить ×"])
	if got := asked(); got != "kind=lead" || uitest.Chips(v)["Сбросить ×"] != nil {
		t.Errorf("dropped, it asks for %q", got)
	}
}

// TestRegister_aStatusTakesThePlaceOfAChipThatIsOne: «Действующие» and the menu are never of two statuses.
func TestRegister_aStatusTakesThePlaceOfAChipThatIsOne(t *testing.T) {
	uitest.LightApp(t)
	v, w, asked := listed(t, client.KindContract, &register.State{}, 1000)
	v.Filter(1)
	uitest.ChooseFrom(t, v, w, "Статус", "Завершён")
	if got := asked(); got != "status=finished" {
		t.Errorf("asked for %q", got)
	}
	v.Filter(1)
	if got := asked(); got != "status=active" || uitest.Chips(v)["Статус ▾"] == nil {
		t.Errorf("asked for %q, the chips are %v", got, slices.Sorted(maps.Keys(uitest.Chips(v))))
	}
}

// TestRegister_hasTheColumnsOfWhoeverLooks: in the order in which they were chosen, as far as there is room, with
// their titles; the next page of the same person has them too.
func TestRegister_hasTheColumnsOfWhoeverLooks(t *testing.T) {
	uitest.LightApp(t)
	state := &register.State{}
	v, w, _ := listed(t, client.KindClient, state, 1100)
	if got := row(v); got != "Гусева Анна|+7 914 555-18-01|Борисов Б. П." {
		t.Errorf("at first a row is %q", got)
	}
	for _, name := range []string{"Почта", "Статус", "Ответственный"} {
		uitest.ChooseFrom(t, v, w, "Столбцы", name)
	}
	const want = "Имя|Телефон|Почта|Статус|Гусева Анна|+7 914 555-18-01|anna@example.ru|Думает"
	if got := row(v); got != want {
		t.Errorf("then it is %q, want %q", got, want)
	}
	kept := *state
	uitest.ChooseFrom(t, v, w, "Столбцы", "Как обычно")
	if got := row(v); got != "Гусева Анна|+7 914 555-18-01|Борисов Б. П." {
		t.Errorf("as usual it is %q", got)
	}
	*state = kept
	again, _, _ := listed(t, client.KindClient, state, 1100)
	if got := row(again); got != want {
		t.Errorf("made anew it is %q", got)
	}
	narrow, _, _ := listed(t, client.KindClient, state, 560)
	if got := row(narrow); got != "Имя|Телефон|Гусева Анна|+7 914 555-18-01" {
		t.Errorf("without room it is %q", got)
	}
	v, w, _ = listed(t, client.KindContract, &register.State{}, 1100)
	for _, name := range []string{"Ответственный", "Дата договора", "Группа"} {
		uitest.ChooseFrom(t, v, w, "Столбцы", name)
	}
	if got := row(v); got != "Имя|Телефон|Дата договора|Группа|Орлов Тимур|+7 914 555-18-02|09.11.2026|14" {
		t.Errorf("a contract is %q", got)
	}
}

// row is what titles and rows show from left to right, without what stands in small letters under a name.
func row(v *register.View) string {
	var out []string
	for _, l := range uitest.All[*widgets.Label](v) {
		about := strings.HasPrefix(l.Text, "Клиент · ") || strings.HasPrefix(l.Text, "Договор")
		if l.Text != "" && l.Text != "/" && !about { // "/" is the key that leads to the search
			out = append(out, l.Text)
		}
	}
	return strings.ReplaceAll(strings.Join(out, "|"), "\u00a0", " ")
}

// TestRegister_whatWasChosenOutlastsTheProgram: columns, none of them too, status and tag; what another version had
// chosen and this one does not know is left out.
func TestRegister_whatWasChosenOutlastsTheProgram(t *testing.T) {
	uitest.LightApp(t)
	state := &register.State{}
	v, w, asked := listed(t, client.KindClient, state, 1100)
	uitest.ChooseFrom(t, v, w, "Столбцы", "Ответственный") // none is left
	uitest.ChooseFrom(t, v, w, "Статус", "Думает")
	uitest.ChooseFrom(t, v, w, "Метка", "вечер")
	want, before := asked(), row(v)
	raw, err := json.Marshal(state.Kept())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ kept, asked, row string }{
		{string(raw), want, before},
		{`{"status":"sleeping","columns":["email","shoe size"]}`, "", "Имя|Телефон|Почта|Гусева Анна|+7 914 555-18-01|anna@example.ru"},
		{`{"filter":99,"status":"thinking"}`, "", "Гусева Анна|+7 914 555-18-01|Борисов Б. П."},
		{`{}`, "", "Гусева Анна|+7 914 555-18-01|Борисов Б. П."},
	} {
		var kept register.Kept
		if err := json.Unmarshal([]byte(tt.kept), &kept); err != nil {
			t.Fatal(err)
		}
		resumed := &register.State{}
		resumed.Resume(kept, client.KindClient)
		v, _, asked := listed(t, client.KindClient, resumed, 1100)
		if asked() != tt.asked || row(v) != tt.row {
			t.Errorf("%s: asked for %q, the rows are %q; want %q, %q", tt.kept, asked(), row(v), tt.asked, tt.row)
		}
	}
}
