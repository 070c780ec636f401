package i18n_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dozvon/app/desktop/i18n"
)

// forms are what a language tells of a key, by the plural forms that it has.
func forms(t *testing.T, lang i18n.Lang) map[string]map[string]string {
	t.Helper()
	messages, err := i18n.Load(lang)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]string{}
	for _, m := range messages {
		out[m.ID] = map[string]string{}
		for form, words := range map[string]string{"one": m.One, "few": m.Few, "many": m.Many, "other": m.Other} {
			if words != "" {
				out[m.ID][form] = words
			}
		}
	}
	return out
}

func TestWords_bothLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	t.Parallel()
	ru, en := forms(t, i18n.Russian), forms(t, i18n.English)
	placeholder := regexp.MustCompile(`\{\{[^}]*\}\}`)
	holds := func(words string) []string {
		all := placeholder.FindAllString(words, -1)
		slices.Sort(all)
		return slices.Compact(all)
	}
	for key, words := range ru {
		other, ok := en[key]
		if !ok {
			t.Errorf("%q has no English words", key)
			continue
		}
		if a, b := holds(words["other"]), holds(other["other"]); !slices.Equal(a, b) {
			t.Errorf("%q: placeholders %v in Russian, %v in English", key, a, b)
		}
		if (len(words) > 1) != (len(other) > 1) || len(words) > 1 && (len(words) != 4 || len(other) != 2) {
			t.Errorf("%q: plural forms %v in Russian, %v in English", key, words, other)
		}
	}
	for key := range en {
		if _, ok := ru[key]; !ok {
			t.Errorf("%q has no Russian words", key)
		}
	}
}

// TestWords_everyKeyOfTheCodeExists reads the sources: a misspelt key shows on the screen
// as itself, and nobody would see it before an operator does.
func TestWords_everyKeyOfTheCodeExists(t *testing.T) {
	t.Parallel()
	words := forms(t, i18n.Russian)
	literal := regexp.MustCompile(`(\.T|\.N|field|hint|add)\("([a-z_]+\.[a-z_0-9]+)"[,)]`)
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, found := range literal.FindAllStringSubmatch(string(source), -1) {
			key := found[2]
			if _, ok := words[key]; !ok {
				t.Errorf("%s uses %q, which has no words", path, key)
			}
			if counted := len(words[key]) > 1; found[1] == ".N" && !counted || found[1] == ".T" && counted {
				t.Errorf("%s tells %q with or without a number, as it must not be", path, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWords_computedKeysExist covers the keys that are put together at run time.
func TestWords_computedKeysExist(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.English)
	for prefix, ends := range map[string]string{
		"result.":   "answered missed no_answer busy declined failed not_started",
		"type.":     "call_in call_missed call_out note sms client_created contract_created",
		"presence.": "free ringing talking offline", "conn.": "signed_out connecting live lost",
		"page.": "feed missed tasks clients contracts colleagues reports settings", "kind.": "contract client",
		"card.step": "1 2 3", "reg.search_": "clients contracts", "month.": "1 2 3 4 5 6 7 8 9 10 11 12",
		"phone_is.": "free ringing talking offline", "set.tab_": "telephony accounts school audit program",
		"can.": "display_name route recordings transfer dial sms hold consult hangup record history", "has.": "recordings transfer dial",
		"set.health_": "careful blocked", "health.": "careful careful_until blocked blocked_until",
		"rep.":      "today yesterday week month own by_hour by_day missed_share answer_time talk_time m_calls m_missed m_answer m_talk in_n out_n missed_n outage outage_server",
		"rep.col.":  "hour day employee line calls in missed share out answer talk",
		"run.will.": "removed restored kept", "run.was.": "removed restored kept", "run.ask_": "file sync", "run.undo_": "file sync",
		"sms.":    "sending sent delivered failed",
		"exp.of_": "feed clients contracts report", "exp.": "xlsx csv",
		"task.group_": "late today anytime later given", "outcome.": "enrolled thinking call_back refused wrong_number",
		"kinds.out_":  "answered no_answer busy declined failed not_started",
		"wd.":         "1 2 3 4 5 6 7",
		"keys.":       "space dial search pages side new_client undo back help rows ends screens expand open menu copy filters play seek clipboard card note add_number transfer card_main card_buttons card_away",
		"keys.group_": "everywhere lists recording any_program talking call_card",
		"role.":       "operator manager accountant director admin", "bell.": "command webhook signature journal screen",
	} {
		for end := range strings.FieldsSeq(ends) {
			if !text.Has(prefix + end) {
				t.Errorf("%q has no words", prefix+end)
			}
		}
	}
}

func TestN_countsAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{
		1: "звонил 1 раз", 2: "звонил 2 раза", 5: "звонил 5 раз", 11: "звонил 11 раз",
		21: "звонил 21 раз", 22: "звонил 22 раза", 112: "звонил 112 раз",
	} {
		if got := i18n.New(i18n.Russian).N("card.before", n); got != want {
			t.Errorf("N(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestT_fillsInWhatIsGiven(t *testing.T) {
	t.Parallel()
	ru, en := i18n.New(i18n.Russian), i18n.New(i18n.English)
	for _, tt := range []struct{ got, want string }{
		{ru.T("imp.rule.skip"), "Не трогать её, строку пропустить"},
		{ru.T("conn.ext", "ext", "101"), "доб. 101"},
		{ru.T("card.elsewhere_by", "name", "{{.name}} <Киреева> & Ко"), "Ответила {{.name}} <Киреева> & Ко"}, // a value is no template
		{ru.T("no.such_key", "n", 1), "no.such_key"},
		{ru.N("no.such_key", 1), "no.such_key"},
		{ru.T("sch.crm_holes"), "В адрес подставляются {id}, {external_id} (номер карточки в той CRM), {number} (номер договора) и {phone}. Пустое поле — кнопки нет."},
		{en.N("card.before", 1), "called 1 time before"},
		{en.N("card.before", 2), "called 2 times before"},
		{en.N("card.before", 0), "called 0 times before"},
		{ru.N("card.before", -1), "звонил -1 раз"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestTimes_areWrittenAsPeopleDo(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	now := time.Date(2026, 11, 24, 14, 40, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{text.Short(now.Add(-8*time.Minute), now), "14:32"},
		{text.Short(now.Add(-21*time.Hour), now), "вчера, 17:40"},
		{text.Short(now.AddDate(0, 0, -14), now), "10.11"},
		{text.Short(now.AddDate(-1, 0, 0), now), "24.11.2025"},
		{text.Since(now.Add(-8*time.Minute), now), "с 14:32"},
		{text.Since(now.Add(-21*time.Hour), now), "со вчерашнего дня, 17:40"},
		{text.Since(now.AddDate(0, 0, -14), now), "с 10.11, 14:40"},
		{text.From(now.Add(-21*time.Hour), now), "со вчерашнего дня, 17:40"},
		{i18n.New(i18n.English).From(now.Add(-21*time.Hour), now), "from yesterday, 17:40"},
		{text.At(now.Add(time.Hour), now), "в 15:40"},
		{text.At(now.AddDate(0, 0, 1), now), "завтра, 14:40"},
		{text.At(now.AddDate(0, 0, -1), now), "вчера, 14:40"},
		{text.Day(now, now), "Сегодня, 24 ноября"},
		{text.Day(now.AddDate(0, 0, -1), now), "Вчера, 23 ноября"},
		{text.Length(250 * time.Second), "4 мин 10 с"},
		{text.Length(62 * time.Second), "1 мин 02 с"},
		{text.Ago(now.Add(-30*time.Second), now), "только что"},
		{text.Ago(now.Add(-2*time.Minute), now), "2 минуты назад"},
		{text.Ago(now.Add(-61*time.Minute), now), "1 час назад"},
		{text.Ago(now.Add(-22*time.Hour), now), "вчера, 16:40"},
		{text.Milliseconds(84.4), "84 мс"},
		{text.Milliseconds(1430), "1,4 с"},
		{text.Timer(222 * time.Second), "3:42"},
		{text.Timer(3723 * time.Second), "1:02:03"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
