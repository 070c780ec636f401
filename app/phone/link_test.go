package phone_test

import (
	"errors"
	"testing"

	"dozvon/app/phone"
)

func TestLink_ringsWhatItSays(t *testing.T) {
	t.Parallel()
	tests := []struct{ link, number, ext string }{
		{"tel://%2B79145550252", "+79145550252", ""},
		{"tel:%2B7%20914%20555-02-53", "+79145550253", ""},
		{"tel:8%20%28914%29%20555-02-51", "+79145550251", ""},
		{"tel:8%28914%295550256", "+79145550256", ""},
		{"tel:914%2D555%2D02%2D57", "+79145550257", ""},
		{"tel:+7%20914%20555-02-50", "+79145550250", ""},
		{"TEL:+79145550252", "+79145550252", ""},
		{"tel:%252B79145550252", "+79145550252", ""},
		{"tel:+7-914-555-02-52;ext=104", "+79145550252", "104"},
		{"tel:+79145550252%3Bext%3D104", "+79145550252", "104"},
		{"tel:+79145550252;EXT=1-04", "+79145550252", "104"},
		{"tel:+79145550252;isub=12345", "+79145550252", ""},
		{"tel:+79145550252;tsp=a.b;ext=7", "+79145550252", "7"},
		{"tel:5550252;phone-context=+7914", "+79145550252", ""},
		{"tel:9145550252;phone-context=+7", "+79145550252", ""},
		{"tel:89145550252;phone-context=+7", "+79145550252", ""},
		{"tel:89145550252;phone-context=example.com", "+79145550252", ""},
		{"tel:+79145550252;phone-context=+1", "+79145550252", ""},
		{"tel:2025550143;phone-context=+1", "+12025550143", ""},
		{"tel:+79145550252?call", "+79145550252", ""},
		{"tel:+79145550252?body=8914", "+79145550252", ""},
		{"tel:+79145550252%3Fx=1", "+79145550252", ""},
		{"tel:+74951234567,,104#", "+74951234567", "104"},
		{"tel:+74951234567p104", "+74951234567", "104"},
		{"tel:8.914.555.02.52", "+79145550252", ""},
		{"tel:(914)5550252", "+79145550252", ""},
		{"tel: 8 914 555-02-52", "+79145550252", ""},
		{"tel:///+79145550252", "+79145550252", ""},
		{"callto:+79145550252", "+79145550252", ""},
		{"callto://89145550252", "+79145550252", ""},
		{"CallTo:%2B7(914)5550252", "+79145550252", ""},
		{"sip:+79145550252@pbx.example.com", "+79145550252", ""},
		{"sip:89145550252@pbx.example.com;user=phone", "+79145550252", ""},
		{"sips:+79145550252;ext=104@pbx.example.com:5061;transport=tls?x=y", "+79145550252", "104"},
		{"sip:%2B79145550252:secret@pbx.example.com", "+79145550252", ""},
		{"tel:00375291234567", "+375291234567", ""},
		{"tel:+375-29-123-45-67", "+375291234567", ""},
	}
	for _, tt := range tests {
		e, err := phone.Reader{}.Link(tt.link)
		if err != nil || string(e.Number) != tt.number || e.Ext != tt.ext {
			t.Errorf("%s: %s, extension %q, %v; want %s, %q", tt.link, e.Number, e.Ext, err, tt.number, tt.ext)
		}
		if n, err := phone.Parse(tt.link); err != nil || string(n) != tt.number {
			t.Errorf("Parse(%s) = %s, %v", tt.link, n, err)
		}
	}
}

func TestLink_refusesWhatIsNoTelephone(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]error{
		"tel:": phone.ErrNotANumber, "tel://": phone.ErrNotANumber, "tel:мама": phone.ErrNotANumber, "tel:%D0": phone.ErrNotANumber, "tel:%zz8914": phone.ErrNotANumber,
		"tel:*21*89145550252%23": phone.ErrNotANumber, "tel:%2A100%23": phone.ErrNotANumber, "tel:%23%2306%23": phone.ErrNotANumber, "tel:112": phone.ErrNotANumber,
		"tel:tel:89145550252": phone.ErrNotANumber, "callto:live.skype.name": phone.ErrNotANumber, "sip:101@pbx.example.com": phone.ErrNotANumber,
		"sip:u1@vpbx400000001.mangosip.ru": phone.ErrNotANumber, "sip:pbx.example.com": phone.ErrNotANumber, "tel:user@example.com": phone.ErrNotANumber,
		"mailto:89145550252@mail.ru": phone.ErrNotANumber, "https://example.com/89145550252": phone.ErrNotANumber, "tel:8-800-FLOWERS": phone.ErrNotANumber,
		"tel:2550208": phone.ErrCityCodeMissing, "tel:255-02-08;phone-context=example.com": phone.ErrCityCodeMissing, "tel:2550208;phone-context=+7": phone.ErrCityCodeMissing,
		"tel:89145550252,89145550253": phone.ErrSeveral, "tel:+79145550252/+79145550253": phone.ErrSeveral,
	} {
		if e, err := (phone.Reader{}).Link(link); !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v; want %v", link, e, err, want)
		}
	}
	if e, err := (phone.Reader{CityCode: "423"}).Link("tel:255-02-08"); err != nil || e.Number != "+74232550208" {
		t.Errorf("with the school's city: %+v, %v", e, err)
	}
}
