package beeline_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"dozvon/app/beeline"
	"dozvon/app/beeline/spelling"
)

func read(tb testing.TB, file string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata/samples", file))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func eventFiles(tb testing.TB) []string {
	tb.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS("testdata/samples"), ".", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".xml") {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) < 90 {
		tb.Fatalf("only %d samples: %v", len(files), err)
	}
	return files
}

func TestDecode_readsAnAnswerOfAGroupWhole(t *testing.T) {
	t.Parallel()
	e, _, err := beeline.Decode(read(t, "flows/inbound-group-answered/05-answered-102.xml"))
	if err != nil || len(e.Calls) != 1 {
		t.Fatalf("%+v, %v", e, err)
	}
	c := e.Calls[0]
	if e.Type != beeline.CallAnswered || e.Target != "9600000102@mpbx.sip.beeline.ru" || e.SubscriptionID != "5b260736-0000-4000-8000-95f38d8e0001" || e.Sequence != 5 {
		t.Errorf("the envelope is %+v", e)
	}
	if c.ID != "callhalf-7710052:0" || c.Tracking != "480005:1" || c.Personality != beeline.Terminator || c.State != beeline.Active ||
		c.Remote.Address != "tel:+79000000205" || c.Remote.CallType != beeline.Network || c.HuntGroup != "9610000010_hg_1@mpbx.sip.beeline.ru" {
		t.Errorf("the call is %+v", c)
	}
	if !c.Start.Equal(time.UnixMilli(1760003001000)) || !c.Answer.Equal(time.UnixMilli(1760003009000)) || !c.Release.IsZero() {
		t.Errorf("times: %s %s %s", c.Start, c.Answer, c.Release)
	}
	if len(c.Redirections) != 2 || c.Redirections[0].Reason != "hunt-group" || c.Redirections[1].Party.Address != "tel:+79610000010" || c.Redirections[1].Counter != 1 {
		t.Errorf("redirections: %+v", c.Redirections)
	}
}

func TestDecode_readsCausesTransfersQueuesAndRecordings(t *testing.T) {
	t.Parallel()
	decode := func(file string) beeline.Event {
		e, _, err := beeline.Decode(read(t, file))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return e
	}
	busy := decode("flows/outbound-busy/02-releasing.xml").Calls[0]
	if busy.Cause.Word != "Busy" || busy.Cause.CDR != "111" || busy.Cause.Code() != beeline.CodeBusy || busy.State != beeline.Active {
		t.Errorf("busy: %+v", busy)
	}
	both := decode("flows/transfer-consultative/08-redirected-101.xml").Calls
	if len(both) != 2 || both[0].Tracking != "480016:1" || both[1].Tracking != "480016:2" || both[0].Redirect.Address != "tel:102" ||
		both[0].TotalHeld != 20*time.Second || both[1].HasTotalHeld {
		t.Errorf("redirected: %+v", both)
	}
	queued := decode("flows/inbound-callcentre-missed/02-received-101.xml").Calls[0]
	if queued.ACD == nil || queued.ACD.UserID != "MPBX_SYS_400100_CC1@mpbx.sip.beeline.ru" || queued.ACD.Waited != 2*time.Second || queued.ACD.Caller.Address != "tel:+79000000206" {
		t.Errorf("queued: %+v", queued.ACD)
	}
	if failed := decode("odd/recording-failed.xml").Calls[0]; failed.RecordingState != beeline.RecordingFailed {
		t.Errorf("recording: %+v", failed)
	}
	if ended := decode("odd/subscription-terminated.xml"); ended.Type != beeline.SubscriptionTerminated || len(ended.Calls) != 0 {
		t.Errorf("terminated: %+v", ended)
	}
	if name := decode("odd/markup-in-name.xml").Calls[0].Remote.Name; name != `<b>"Ромашка" & Ко</b>` {
		t.Errorf("the name is %q", name)
	}
}

// TestEncode_writesWhatWasRead: in either spelling a sample comes back as it was.
func TestEncode_writesWhatWasRead(t *testing.T) {
	t.Parallel()
	spellings := map[string]spelling.Spelling{
		"xsi": spelling.XSI, "flat": spelling.Flat,
		"no prefix": {Attribute: "type"}, "another prefix": {Prefix: "bw", Attribute: "i:type"}, "ISO in calls": {Prefix: "xsi", Attribute: "xsi1:type", ISO: true},
	}
	for _, file := range eventFiles(t) {
		want, _, err := beeline.Decode(read(t, file))
		if strings.Contains(file, "doctype") {
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for name, how := range spellings {
			got, _, err := beeline.Decode(spelling.Encode(want, how))
			for i := range want.Calls { // what reading normalises away: a colour of the address
				want.Calls[i].Remote.Country = ""
			}
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s in %s: %v\n got %+v\nwant %+v", file, name, err, got, want)
			}
		}
	}
}

func TestDecode_keepsNoAddressOfOurs(t *testing.T) {
	t.Parallel()
	for _, file := range eventFiles(t) {
		raw := read(t, file)
		_, kept, err := beeline.Decode(raw)
		if err != nil {
			continue
		}
		if strings.Contains(string(kept), "k-abcdef") || len(kept) < len(raw)-100 {
			t.Errorf("%s keeps %s", file, kept)
		}
		if e, _, err := beeline.Decode(kept); err != nil || e.Address != "" || e.SubscriptionID == "" {
			t.Errorf("%s: what is kept reads as %+v, %v", file, e, err)
		}
	}
}

// answers pairs the command samples with the type that reads them.
func TestCommandSamples_read(t *testing.T) {
	t.Parallel()
	anna := beeline.Abonent{
		UserID: "9600000101@mpbx.sip.beeline.ru", Phone: "9600000101", FirstName: "Анна", LastName: "Вымышленная",
		Department: "Отдел продаж", Extension: "101", Email: "a@example.ru",
	}
	var all []beeline.Abonent
	answer(t, "abonents", &all)
	if len(all) != 4 || all[0] != anna || all[2].Phone != "" || all[0].Name() != "Анна Вымышленная" {
		t.Errorf("abonents: %+v", all)
	}
	var record beeline.Record
	answer(t, "record", &record)
	if record.ID != "551000001" || record.External != "480001:1" || record.Abonent != anna ||
		!record.Date.Equal(time.UnixMilli(1760000607000)) || time.Duration(record.Duration) != 63*time.Second {
		t.Errorf("record: %+v", record)
	}
	var subscription beeline.Subscription
	answer(t, "subscription-get", &subscription)
	if subscription.ID != "5b260736-0000-4000-8000-95f38d8e0001" || subscription.Expires != 3120 || subscription.Type != beeline.AdvancedCall {
		t.Errorf("subscription: %+v", subscription)
	}
	var call beeline.CallAnswer
	answer(t, "call-v2", &call)
	if call.CallID != "callhalf-7710111:0" || call.Tracking != "480011:1" {
		t.Errorf("call: %+v", call)
	}
	var rules []beeline.RuleResult
	answer(t, "icr-route-put", &rules)
	if len(rules) != 2 || rules[0].Status != beeline.Success || rules[1].Error == nil || rules[1].Error.Said() != "Добавочный номер не найден" {
		t.Errorf("rules: %+v", rules)
	}
	for _, file := range []string{"statistics-v1", "statistics-v2"} {
		var rows []beeline.Row
		answer(t, file, &rows)
		type shown struct {
			outside     string
			out, talked bool
		}
		var got []shown
		for _, r := range rows {
			got = append(got, shown{strings.TrimPrefix(r.Outside(), "+7"), r.IsOutbound(), r.Talked()})
		}
		want := []shown{{"9000000201", false, true}, {"9000000202", false, false}, {"9000000209", true, true}, {"9000000210", true, false}}
		if !reflect.DeepEqual(got, want[:len(got)]) || len(got) < 3 {
			t.Errorf("%s: %+v", file, got)
		}
	}
}

// answer reads the JSON of a command's response.
func answer(tb testing.TB, name string, into any) {
	tb.Helper()
	var s struct {
		Response struct {
			JSON json.RawMessage `json:"json"`
		} `json:"response"`
	}
	if err := json.Unmarshal(read(tb, "commands/"+name+".json"), &s); err != nil {
		tb.Fatal(err)
	}
	if err := json.Unmarshal(s.Response.JSON, into); err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
}
