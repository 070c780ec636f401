package itoolabs_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dozvon/app/itoolabs"
)

// flowFile is one request of the PBX in a flow.
type flowFile struct {
	Form map[string]string `json:"form"`
}

// commandFile is one command to the PBX and its answer.
type commandFile struct {
	Request struct {
		Form map[string]string `json:"form"`
		JSON json.RawMessage   `json:"json"`
	} `json:"request"`
	Response struct {
		Status int             `json:"status"`
		JSON   json.RawMessage `json:"json"`
		Text   string          `json:"text"`
	} `json:"response"`
}

// body is the answer's body.
func (c commandFile) body() []byte {
	if len(c.Response.JSON) > 0 {
		return c.Response.JSON
	}
	return []byte(c.Response.Text)
}

func load(tb testing.TB, file string, into any) {
	tb.Helper()
	raw, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
}

func command(tb testing.TB, name string) commandFile {
	tb.Helper()
	var c commandFile
	load(tb, "testdata/samples/commands/"+name+".json", &c)
	return c
}

// flows are the forms of all flows by file.
func flows(tb testing.TB) map[string]itoolabs.Fields {
	tb.Helper()
	all := map[string]itoolabs.Fields{}
	err := filepath.WalkDir("testdata/samples/flows", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "expect.json" {
			return err
		}
		var f flowFile
		load(tb, path, &f)
		all[path] = f.Form
		return nil
	})
	if err != nil || len(all) < 40 {
		tb.Fatalf("%d files of flows, %v", len(all), err)
	}
	return all
}

// TestDecode_readsEverySampleRequest, as a form and as JSON, and writes what it has read as it came.
func TestDecode_readsEverySampleRequest(t *testing.T) {
	t.Parallel()
	for file, want := range flows(t) {
		asJSON, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range []string{want.Form(), string(asJSON), "\ufeff " + string(asJSON) + "\r\n"} {
			f, err := itoolabs.ReadFields([]byte(body))
			if err != nil || !maps.Equal(f, want) {
				t.Fatalf("%s: %v, %v", file, f, err)
			}
			decoded, err := itoolabs.Decode(f)
			if err != nil {
				t.Errorf("%s: %v", file, err)
			}
			again, ok := decoded.(interface{ Fields() itoolabs.Fields })
			if !ok {
				t.Fatalf("%s: decoded as %T", file, decoded)
			}
			if got, want := again.Fields(), filled(want); !maps.Equal(got, want) {
				t.Errorf("%s:\n got %v\nwant %v", file, got, want)
			}
		}
	}
}

// filled are the fields but for the token and the empty ones.
func filled(f itoolabs.Fields) itoolabs.Fields {
	out := itoolabs.Fields{}
	for name, value := range f.Without(itoolabs.FieldToken) {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

func TestCanonical_isOneForFormAndJSON(t *testing.T) {
	t.Parallel()
	form, err := itoolabs.ReadFields([]byte("cmd=history&duration=15&wait=&phone=%2B7900&link=https%3A%2F%2Fx%2F%3Fa%26b&crm_token=s"))
	if err != nil {
		t.Fatal(err)
	}
	object, err := itoolabs.ReadFields([]byte(`{"crm_token":"s","phone":"+7900","wait":null,"cmd":"history","duration":15,"link":"https://x/?a&b","other":{"a":[1]}}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"cmd":"history","duration":"15","link":"https://x/?a&b","phone":"+7900","wait":""}`
	for _, f := range []itoolabs.Fields{form, object} {
		if got := string(f.Without(itoolabs.FieldToken).Canonical()); got != want {
			t.Errorf("got %s", got)
		}
	}
}

func TestReadFields_refusesWhatIsNoRequest(t *testing.T) {
	t.Parallel()
	many := url.Values{}
	for i := range 101 {
		many.Set(string(rune('a'+i%26))+strings.Repeat("x", i), "1")
	}
	for name, body := range map[string]string{
		"half an object": `{"cmd":"event"`, "two objects": `{"cmd":"event"}{}`, "a list in an object's place": `{1:2}`, "a bad escape": "cmd=%zz",
		"two commands": "cmd=event&cmd=history", "NUL": "cmd=event&user=%00", "NUL in JSON": `{"cmd":"ev\u0000ent"}`, "many fields": many.Encode(),
	} {
		if _, err := itoolabs.ReadFields([]byte(body)); !errors.Is(err, itoolabs.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, body := range map[string]string{"nothing": "", "a page": "<html>", "a list": `[{"cmd":"event"}]`, "no command": "a=b", "an empty command": "cmd="} {
		f, err := itoolabs.ReadFields([]byte(body))
		if err == nil {
			_, err = itoolabs.Decode(f)
		}
		if !errors.Is(err, itoolabs.ErrNoCommand) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if f, err := itoolabs.ReadFields([]byte("cmd=event&cmd=event&user=%D0%90%ff")); err != nil || f["cmd"] != "event" || f["user"] != "А\ufffd" {
		t.Errorf("one field twice alike, and a letter that is none: %v, %v", f, err)
	}
}

// TestDecode_oddities: section 13.
func TestDecode_oddities(t *testing.T) {
	t.Parallel()
	decode := func(pairs ...string) any {
		f := itoolabs.Fields{"callid": "c"}
		for i := 0; i < len(pairs); i += 2 {
			f[pairs[i]] = pairs[i+1]
		}
		decoded, err := itoolabs.Decode(f)
		if err != nil {
			t.Fatalf("%v: %v", f, err)
		}
		return decoded
	}
	if e := decode("cmd", "EVENT", "type", "accepted", "direction", "IN", "groupRealName", "<b>Отдел</b>\n продаж").(itoolabs.Event); e.Type != itoolabs.TypeAccepted || e.Direction != "in" || e.Group != "Отдел продаж" {
		t.Errorf("in other capitals: %+v", e)
	}
	if u := decode("cmd", "newOne"); u != (itoolabs.Unknown{Command: "newOne"}) {
		t.Errorf("a command of tomorrow: %+v", u)
	}
	h := decode("cmd", "history", "start", "2025-10-09T12:00:00+03:00", "duration", "-5", "wait", "1e99", "status", "Missed").(itoolabs.History)
	if !h.Start.Equal(time.Date(2025, 10, 9, 9, 0, 0, 0, time.UTC)) || h.Duration != 0 || h.Wait != 0 || itoolabs.ReadResult(h.Status) != itoolabs.ResultMissed {
		t.Errorf("odd numbers: %+v", h)
	}
	if r := decode("cmd", "rating", "rating", "5", "user", "anna"); r != (itoolabs.Rating{CallID: "c", Rating: "5", User: "anna"}) {
		t.Errorf("a rating: %+v", r)
	}
	if e := decode("cmd", "event", "second_callid", "a b").(itoolabs.Event); e.SecondCallID != "" {
		t.Errorf("another half that is no id: %+v", e)
	}
	for _, id := range []string{"", "a b", "<script>", strings.Repeat("x", 201)} {
		if _, err := itoolabs.Decode(itoolabs.Fields{"cmd": "contact", "callid": id}); !errors.Is(err, itoolabs.ErrMalformed) || errors.Is(err, itoolabs.ErrNoCommand) {
			t.Errorf("callid %q: %v", id, err)
		}
	}
}

func TestReadMoment_inEverySpelling(t *testing.T) {
	t.Parallel()
	want := time.Date(2025, 10, 9, 9, 0, 0, 0, time.UTC)
	for _, s := range []string{"20251009T090000Z", "20251009T090000", "20251009T120000+0300", "2025-10-09T12:00:00+03:00", "2025-10-09T09:00:00Z", "2025-10-09T09:00:00.000Z", "2025-10-09 09:00:00"} {
		if at, ok := itoolabs.ReadMoment(s); !ok || !at.Equal(want) {
			t.Errorf("%s: %s", s, at)
		}
	}
	for _, s := range []string{"", "yesterday", "1760000000", "2025-13-09T09:00:00Z"} {
		if at, ok := itoolabs.ReadMoment(s); ok {
			t.Errorf("%s: %s", s, at)
		}
	}
}

func TestCleanText_leavesNoMarkup(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Анна": "Анна", " Анна\tВымышленная \r\n": "Анна Вымышленная", "<b>Анна</b>": "Анна", "<<b>script>alert(1)</script>": "alert(1)",
		"5 < 7 & 8 > 6": "5 6", "a<b": "a b", "x\u202ey\x00": "xy", "<img src=x onerror='a>b'>": "b'",
	} {
		if got := itoolabs.CleanText(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if got := []rune(itoolabs.CleanText(strings.Repeat("я", 5000))); len(got) != 200 {
		t.Errorf("%d letters stay", len(got))
	}
}

func TestLogin_ofAGroupIsNobody(t *testing.T) {
	t.Parallel()
	if !itoolabs.IsGroup("g_0f0e0d0c-0000-4000-8000-000000000001@demo.example") || !itoolabs.IsGroup("G_1") || itoolabs.IsGroup("gleb") || itoolabs.IsGroup("") {
		t.Error("a group is not told apart")
	}
	if itoolabs.Login("Anna@demo.example") != "anna" || itoolabs.Login(" boris ") != "boris" {
		t.Error("two spellings of a login differ")
	}
}

// TestLogin_isBounded: whoever sends a huge one is still told from nobody, and fills no record.
func TestLogin_isBounded(t *testing.T) {
	t.Parallel()
	for _, login := range []string{strings.Repeat("a", 100_000), strings.Repeat("я", 100_000), strings.Repeat("\xff", 100_000) + "@t"} {
		if got := itoolabs.Login(login); len(got) > 200 || !utf8.ValidString(got) {
			t.Errorf("%.10q: %d bytes, %.20q", login, len(got), got)
		}
	}
	if got := itoolabs.Login(" Anna@school.example "); got != "anna" {
		t.Errorf("a plain one is %q", got)
	}
}
