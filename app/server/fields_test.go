package server_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"dozvon/app/server"
	"dozvon/app/server/pbx"
	"dozvon/client"
)

// refusalTo sends a request as the holder of a token, in a language; a refusal is read.
func (s *school) refusalTo(token, method, path, language string, in any) (status int, p client.Problem) {
	s.t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		s.t.Fatal(err)
	}
	status, answer, _ := s.send(method, "/api/v1"+path, string(raw), http.Header{
		"Authorization": {"Bearer " + token}, "Accept-Language": {language}, "Content-Type": {"application/json"},
	})
	if status >= 400 {
		if err := json.Unmarshal([]byte(answer), &p); err != nil {
			s.t.Fatal(err, answer)
		}
	}
	return status, p
}

func (s *school) integrations() []client.Integration {
	s.t.Helper()
	all, err := s.api("105").Integrations(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// goodAccounts are accounts with all that their kind needs.
var goodAccounts = map[string]map[string]string{
	"mango": {"api_key": "k1", "api_salt": "s1"}, "beeline": {"api_key": "k2"}, "itoolabs": {"api_key": "k3", "api_salt": "t3"},
}

// fieldFaults are values of fields, with what is said of them; nothing: they are taken.
var fieldFaults = []struct{ kind, field, value, ru, en string }{
	{"mango", "api_key", "ключ", "ожидаются латинские", "Latin keyboard"},
	{"mango", "api_key", "one two", "ожидаются латинские", "Latin keyboard"},
	{"mango", "api_salt", "соль", "ожидаются латинские", "Latin keyboard"},
	{"beeline", "api_key", "a b", "ожидаются латинские", "Latin keyboard"},
	{"itoolabs", "api_key", "кл", "ожидаются латинские", "Latin keyboard"},
	{"itoolabs", "generation", "newest", "ожидается одно из: auto, old, new", "one of auto, old, new expected"},
	{"itoolabs", "generation", "old,new", "ожидается одно из", "one of"},
	{"itoolabs", "generation", "New", "", ""},
	{"itoolabs", "generation", "auto", "", ""},
	{"itoolabs", "recording_hosts", "* .. localhost", "* — не имя сайта", "* is no name of a host"},
	{"itoolabs", "recording_hosts", "files.example.ru ..", ".. — не имя сайта", ".. is no name"},
	{"itoolabs", "recording_hosts", "*.ru", "*.ru — не имя", "*.ru is no name"},
	{"itoolabs", "recording_hosts", "com", "com — не имя", "com is no name"},
	{"itoolabs", "recording_hosts", "a*.example.ru", "не имя", "no name"},
	{"itoolabs", "recording_hosts", "-a.example.ru", "не имя", "no name"},
	{"itoolabs", "recording_hosts", "files.example.ru:8443", "не имя", "no name"},
	{"itoolabs", "recording_hosts", "ftp://files.example.ru", "не имя", "no name"},
	{"itoolabs", "recording_hosts", "u:p@files.example.ru", "не имя", "no name"},
	{"itoolabs", "recording_hosts", "LOCALHOST", "сама машина", "this machine"},
	{"itoolabs", "recording_hosts", "a.localhost", "сама машина", "this machine"},
	{"itoolabs", "recording_hosts", "10.0.0.7", "--allow-local-pbx", "--allow-local-pbx"},
	{"itoolabs", "recording_hosts", "81.88.85.67", "--allow-local-pbx", "--allow-local-pbx"},
	{"itoolabs", "recording_hosts", "::1", "--allow-local-pbx", "--allow-local-pbx"},
	{"itoolabs", "recording_hosts", "2130706433", "не имя", "no name"},
	{"itoolabs", "recording_hosts", "файлы.рф, *.example.ru;https://files.example.ru/records/ cdn.example.ru.", "", ""},
}

// TestFields_whatIsWrongIsToldInBothLanguages, for the fields of every kind.
func TestFields_whatIsWrongIsToldInBothLanguages(t *testing.T) {
	t.Parallel()
	s := startSchool(t, server.Config{Data: t.TempDir(), Kinds: []pbx.Kind{quickKind, quickBeeline, quickITooLabs()}, PublicURL: "https://dozvon.school.example"})
	s.hire("u105", client.RoleAdmin)
	token := s.token("105")
	for _, tt := range fieldFaults {
		in := client.IntegrationInput{Kind: &tt.kind, APIURL: ptr("https://pbx.example.ru/"), Credentials: maps.Clone(goodAccounts[tt.kind])}
		in.Credentials[tt.field] = tt.value
		if tt.ru == "" {
			if status, p := s.refusalTo(token, http.MethodPost, "/integrations", "ru", in); status != http.StatusCreated {
				t.Errorf("%s %s %q: %+v", tt.kind, tt.field, tt.value, p)
			}
			for _, i := range s.integrations() {
				if err := s.api("105").DeleteIntegration(t.Context(), i.ID); err != nil {
					t.Fatal(err)
				}
			}
			continue
		}
		for language, want := range map[string]string{"ru": tt.ru, "en": tt.en} {
			_, p := s.refusalTo(token, http.MethodPost, "/integrations", language, in)
			if p.Code != "invalid" || p.Status != 422 || len(p.Fields) != 1 || !strings.HasPrefix(p.Fields[0], tt.field+": ") ||
				!strings.Contains(p.Fields[0], want) || !strings.Contains(p.Detail, p.Fields[0]) {
				t.Errorf("%s %s %q in %s: %+v, want %q", tt.kind, tt.field, tt.value, language, p, want)
			}
		}
	}
	for url, want := range map[string][2]string{
		"ftp://pbx.example.ru/": {"ожидается адрес вроде", "an address like"}, "pbx.example.ru": {"ожидается адрес вроде", "an address like"},
		"https://pbx.example.ru/?a=1": {"без ? и #", "without ? and #"}, "http://pbx.example.ru/": {"ожидается https", "https expected"},
		"https://10.0.0.1/": {"--allow-local-pbx", "--allow-local-pbx"},
	} {
		for kind := range goodAccounts {
			for n, language := range []string{"ru", "en"} {
				_, p := s.refusalTo(token, http.MethodPost, "/integrations", language, client.IntegrationInput{Kind: &kind, APIURL: &url, Credentials: goodAccounts[kind]})
				if !slices.ContainsFunc(p.Fields, func(f string) bool { return strings.HasPrefix(f, "api_url: ") && strings.Contains(f, want[n]) }) {
					t.Errorf("%s at %s in %s: %+v, want %q", kind, url, language, p, want[n])
				}
			}
		}
	}
	for field, in := range map[string]client.IntegrationInput{
		"name": {Name: ptr(" ")}, "lines[1].number": {Lines: &[]client.Line{{Number: "+74950000000"}, {Number: " "}}},
		"lines[0].name": {Lines: &[]client.Line{{Number: "+74950000000", Name: "a\x01b"}}},
	} {
		in.Kind, in.APIURL, in.Credentials = ptr("mango"), ptr("https://pbx.example.ru/"), goodAccounts["mango"]
		if _, p := s.refusalTo(token, http.MethodPost, "/integrations", "en", in); len(p.Fields) != 1 || !strings.HasPrefix(p.Fields[0], field+": ") {
			t.Errorf("%s: %+v", field, p)
		}
	}
}

// TestFields_theSwitchForAPBXOfOnesOwnAllowsItsHosts, as a practice PBX has them.
func TestFields_theSwitchForAPBXOfOnesOwnAllowsItsHosts(t *testing.T) {
	t.Parallel()
	s := startSchool(t, server.Config{Data: t.TempDir(), Kinds: []pbx.Kind{quickITooLabs()}, AllowLocalPBX: true})
	s.hire("u105", client.RoleAdmin)
	in := client.IntegrationInput{APIURL: ptr("https://pbx.example.ru/"), Credentials: maps.Clone(goodAccounts["itoolabs"])}
	in.Credentials["recording_hosts"] = "localhost, 127.0.0.1, 10.0.0.7"
	if _, p := s.refusalTo(s.token("105"), http.MethodPost, "/integrations", "ru", in); p.Code != "" {
		t.Errorf("%+v", p)
	}
}

// TestFields_ofEverythingElseAreToldInBothLanguages: a refusal of each room.
func TestFields_ofEverythingElseAreToldInBothLanguages(t *testing.T) {
	t.Parallel()
	s := openSchool(t, "", "")
	token := s.token("105")
	for _, tt := range []struct {
		method, path string
		in           any
		ru, en       string
	}{
		{http.MethodPost, "/clients", map[string]any{"name": ""}, "name: не заполнено", "name: is empty"},
		{http.MethodPost, "/clients", map[string]any{"name": "a", "email": "x"}, "email: это не адрес почты", "email: is no address"},
		{http.MethodPost, "/clients", map[string]any{"name": "a", "responsible_id": "x"}, "responsible_id: такого сотрудника нет", "responsible_id: no such employee"},
		{http.MethodPatch, "/settings", map[string]any{"city_code": "1"}, "city_code: ожидается код города", "city_code: the code of a city"},
		{http.MethodPost, "/contracts", map[string]any{"number": "1", "name": "a", "signed_on": "yesterday"}, "signed_on: ожидается дата", "signed_on: a date like"},
		{http.MethodPost, "/tasks", map[string]any{"note": "a"}, "due_at: напоминанию нужно время", "due_at: a reminder needs its time"},
		{http.MethodPut, "/integrations/" + s.pbx.ID + "/extensions", []client.ExtensionRow{{EmployeeID: s.staff["101"].ID, Extension: "x"}}, "[0].extension: ожидаются цифры", "[0].extension: digits expected"},
		{http.MethodGet, "/reports/calls?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", nil, "to: не позже начала", "to: not after from"},
		{http.MethodGet, "/audit?action=nonsense", nil, "action: ожидается одно из", "action: one of"},
	} {
		for language, want := range map[string]string{"ru": tt.ru, "en": tt.en} {
			_, p := s.refusalTo(token, tt.method, tt.path, language, tt.in)
			if p.Code != "invalid" || !strings.Contains(strings.Join(p.Fields, "; "), want) {
				t.Errorf("%s %s in %s: %+v, want %q", tt.method, tt.path, language, p, want)
			}
		}
	}
}
