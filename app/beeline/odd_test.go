package beeline_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dozvon/app/beeline"
)

func TestDecode_refusesWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("<a>", 40) + strings.Repeat("</a>", 40)
	for name, body := range map[string]string{
		"nothing":          "",
		"a doctype":        string(read(t, "odd/doctype.xml")),
		"a bare doctype":   `<!DOCTYPE Event SYSTEM "file:///etc/passwd"><Event/>`,
		"an entity":        `<Event><eventID>&lol;</eventID></Event>`,
		"another root":     `<html><body/></html>`,
		"a page":           `<!doctype html><html></html>`,
		"JSON":             `{"a":1}`,
		"half":             `<Event><eventID>1</eventID>`,
		"two":              `<Event/><Event/>`,
		"text behind":      `<Event/>x`,
		"wrong order":      `<Event><a></Event></a>`,
		"bad UTF-8":        "<Event><eventID>\xff\xfe</eventID></Event>",
		"NUL":              "<Event><eventID>\x00</eventID></Event>",
		"another encoding": `<?xml version="1.0" encoding="windows-1251"?><Event/>`,
		"deep":             "<Event>" + deep + "</Event>",
		"many":             "<Event>" + strings.Repeat("<a/>", 5000) + "</Event>",
		"long":             "<Event>" + strings.Repeat(" ", beeline.MaxBody) + "</Event>",
		"long attribute":   `<Event type="` + strings.Repeat("x", beeline.MaxBody) + `"/>`,
	} {
		if e, _, err := beeline.Decode([]byte(body)); !errors.Is(err, beeline.ErrMalformed) {
			t.Errorf("%s is read as %+v, %v", name, e, err)
		}
	}
}

func TestDecode_findsTheCallsOfAllShapes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		data string
		want string
	}{
		"one":               {`<call><callId>a</callId></call>`, "a"},
		"several":           {`<calls><call><callId>a</callId></call><call><callId>b</callId></call></calls>`, "a b"},
		"the same twice":    {`<call><callId>a</callId></call><call><callId>a</callId></call>`, "a a"},
		"without a call":    {`<callId>a</callId><extTrackingId>1:1</extTrackingId>`, "a"},
		"none":              {`<hookStatus>On-Hook</hookStatus>`, ""},
		"named by CDATA":    {`<call><callId><![CDATA[a]]></callId></call>`, "a"},
		"with a comment":    {`<call><callId>a<!-- b --></callId></call>`, "a"},
		"not in redirects":  {`<redirections><redirection><call><callId>a</callId></call></redirection></redirections>`, ""},
		"an endpoint's own": {`<call><endpoint><callId>b</callId></endpoint><callId>a</callId></call>`, "a"},
	} {
		e, _, err := beeline.Decode([]byte("\ufeff<Event><eventData i:type=\"z:CallReceivedEvent\" xmlns:i=\"i\">" + tt.data + "</eventData></Event>"))
		var ids []string
		for _, c := range e.Calls {
			ids = append(ids, c.ID)
		}
		if got := strings.Join(ids, " "); err != nil || got != tt.want || e.Type != beeline.CallReceived {
			t.Errorf("%s: %q of %q, %v", name, got, e.Type, err)
		}
	}
}

// TestDecode_theTypeMayStandAtTheRoot: an event without data of its own says there what it is.
func TestDecode_theTypeMayStandAtTheRoot(t *testing.T) {
	t.Parallel()
	e, _, err := beeline.Decode([]byte(`<xsi:Event xmlns:i="i" i:type="xsi:SubscriptionTerminatedEvent"><xsi:subscriptionId>s</xsi:subscriptionId></xsi:Event>`))
	if err != nil || e.Type != beeline.SubscriptionTerminated || e.SubscriptionID != "s" {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestTime_millisecondsOrISO(t *testing.T) {
	t.Parallel()
	want := time.UnixMilli(1760000607123).UTC()
	for text, ok := range map[string]bool{
		"1760000607123": true, "2025-10-09T09:03:27.123Z": true, "2025-10-09T12:03:27.123+03:00": true, "2025-10-09T12:03:27.123+0300": true,
		"2025-10-09T09:03:27.123": true,
		"":                        false, "0": false, "1760000607": false, "99999999999999999999": false, "999999999999999999": false, "-1760000607123": false, "yesterday": false,
	} {
		got := beeline.Time(text)
		if ok && !got.Equal(want) || !ok && !got.IsZero() {
			t.Errorf("%q is %s", text, got)
		}
	}
}

func TestReadAddress(t *testing.T) {
	t.Parallel()
	type address = beeline.Address
	for text, want := range map[string]address{
		"tel:+79000000201": {Digits: "79000000201", Plus: true}, "tel:9000000201": {Digits: "9000000201"},
		"TEL:89000000201": {Digits: "89000000201"}, "+79000000201": {Digits: "79000000201", Plus: true},
		"tel:101": {Digits: "101"}, "tel:+79600000102;ext=102": {Digits: "79600000102", Plus: true, Extension: "102"},
		"sip:+79000000201@10.0.0.1;user=phone":                      {Digits: "79000000201", Plus: true},
		"sip:+79000000201@center.ims.mnc099.mcc250.3gppnetwork.org": {Digits: "79000000201", Plus: true},
		"sip:9600000101@mpbx.sip.beeline.ru":                        {Digits: "9600000101"},
		"tel:+7 (900) 000-02-01":                                    {Digits: "79000000201", Plus: true},
		"sip:hidden@ims.example.ru":                                 {},
		"sip:SIP0000PU0103@ip.beeline.ru":                           {},
		"anonymous":                                                 {},
		"MPBX_SYS_400100_CC1@mpbx.sip.beeline.ru":                   {},
		"5b260736-0000-4000-8000-95f38d8e0001":                      {},
		"2012345678901":                                             {}, // a service number
		"tel:" + strings.Repeat("9", 40):                            {},
		"javascript:101":                                            {},
		"":                                                          {},
		"tel:":                                                      {},
	} {
		if got := beeline.ReadAddress(text); got != want {
			t.Errorf("%q is %+v", text, got)
		}
	}
	if !beeline.ReadAddress("tel:0511").IsExtension() || beeline.ReadAddress("tel:+112").IsExtension() || beeline.ReadAddress("tel:9000000201").IsExtension() {
		t.Error("an extension is what is short and has no plus")
	}
}

func TestKindOf_tellsThePBXsOwnTargets(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]beeline.TargetKind{
		"9600000101@mpbx.sip.beeline.ru": beeline.TargetPerson, "SIP0000PU0103@mpbx.sip.beeline.ru": beeline.TargetPerson,
		"9600000101@center.ims.mnc099.mcc250.3gppnetwork.org": beeline.TargetPerson,
		"9610000010_vxml_1@mpbx.sip.beeline.ru":               beeline.TargetMenu, "9610000010_hg_1@mpbx.sip.beeline.ru": beeline.TargetQueue,
		"MPBX_SYS_400100_CC1@mpbx.sip.beeline.ru": beeline.TargetQueue, "MPBX00012@ip.beeline.ru": beeline.TargetQueue,
	} {
		if got := beeline.KindOf(id); got != want {
			t.Errorf("%s is %d", id, got)
		}
	}
}

func TestReadTracking_theFormsOfTheFirstVersionsAnswer(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"480012:1": "480012:1", "480012:1\n": "480012:1", `"480012:1"`: "480012:1", "8d3a7c1e-0000-4000-8000-1f2e3d4c5b6a": "8d3a7c1e-0000-4000-8000-1f2e3d4c5b6a",
		"": "", "<html>": "", `{"a":1}`: "", "two words": "", "[]": "", strings.Repeat("1", 200): "",
	} {
		if got := beeline.ReadTracking([]byte(body)); got != want {
			t.Errorf("%q is %q", body, got)
		}
	}
}

func TestReadError_theShapesThatWereSeen(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"errorCode":"BadRequest","description":"Не заданы обязательные параметры"}`: "Не заданы обязательные параметры",
		`{"errorCode":"BadRequest"}`: "BadRequest", `{"error":"Forbidden"}`: "Forbidden", `{"message":"Too many"}`: "Too many",
		`{"error":{"errorCode":"X","description":"y"}}`: "y", `{"errorCode":"E","message":"m"}`: "m",
		`{"subscriptionId":"1"}`: "", `[]`: "", `"ON"`: "", ``: "", `<html>`: "", `{"error":null}`: "",
	} {
		e, ok := beeline.ReadError([]byte(body))
		if ok != (want != "") || ok && e.Said() != want {
			t.Errorf("%s: %q, %v", body, e.Said(), ok)
		}
	}
	if e, _ := beeline.ReadError([]byte(fmt.Sprintf(`{"errorCode":"X","description":%q}`, strings.Repeat("ы", 5000)))); len(e.Said()) > 1100 {
		t.Errorf("a refusal of %d bytes is shown whole", len(e.Said()))
	}
}

func TestDialable(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{"+79000000201": "9000000201", "+375291234567": "+375291234567", "+7900": "+7900"} {
		if got := beeline.Dialable(number); got != want {
			t.Errorf("%s is dialled as %s", number, got)
		}
	}
}

// FuzzDecode: whatever a stranger posts, nothing breaks, and what is taken is taken again once written.
func FuzzDecode(f *testing.F) {
	for _, file := range eventFiles(f) {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, kept, err := beeline.Decode(body)
		if err != nil {
			if !errors.Is(err, beeline.ErrMalformed) {
				t.Fatalf("%v", err)
			}
			return
		}
		if len(kept) > len(body) {
			t.Fatalf("more is kept than came")
		}
		for _, c := range e.Calls {
			beeline.ReadAddress(c.Remote.Address)
			c.Cause.Code()
		}
		if _, _, err := beeline.Decode(kept); err != nil {
			t.Fatalf("what is kept cannot be read: %v", err)
		}
	})
}
