package phone_test

import (
	"errors"
	"testing"

	"dozvon/app/phone"
)

// `dozvon dial '*21*89145550261#'` rang the number inside, whom nobody had wanted to ring.
func TestDial_takesNoNumberOutOfAServiceCode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"*21*89145550261#", "**21*89145550261#", "**61*+79145550261*11*20#", "*#21#89145550261", "#31#+79145550261", "#31#89145550261",
		"*67 8 914 555-02-61", "*67 89145550261", " *21*8 (914) 555-02-61#", "*144*89145550261#", "*1*89145550261#", "*111*5005*89145550261#",
		"Переадресация: *21*89145550261#", "89145550261*21#*", "+*21*89145550261#", "##002#", "*#06#", "*100#", "*21#",
		"\uff0a21\uff0a89145550261\uff03", "\u2217\u200b21\u200b\u2217 89145550261", "*21* 89145550261 #", "*٢١*89145550261#", "* 21 * 89145550261 #",
		"tel:*21*89145550261%23", "tel:%EF%BC%8A21%EF%BC%8A89145550261", "tel:%2331%2389145550261", "sip:*21*89145550261@pbx.example",
	} {
		if e, err := (phone.Reader{}).Dial(text); !errors.Is(err, phone.ErrServiceCode) || !errors.Is(err, phone.ErrNotANumber) {
			t.Errorf("%q calls %q, %v", text, e.Number, err)
		}
	}
	for text, ext := range map[string]string{
		"89145550261": "", "+7 914 555-02-61": "", "tel:+79145550261": "", "tel:+79145550261,,104#": "104",
		"8 (914) 555-02-61 доб. 104": "104", "*8 914 555-02-61": "", "* +7 914 555-02-61": "", "8 914 555-02-61*": "", "тел. # 8 914 555-02-61": "",
	} {
		if e, err := (phone.Reader{}).Dial(text); err != nil || e.Number != "+79145550261" || e.Ext != ext {
			t.Errorf("%q calls %q, extension %q: %v", text, e.Number, e.Ext, err)
		} else if again, err := (phone.Reader{}).Dial(e.Link()); err != nil || again.Number != e.Number || again.Ext != ext {
			t.Errorf("%q calls %q, extension %q: %v", e.Link(), again.Number, again.Ext, err)
		}
	}
	if _, err := (phone.Reader{}).Dial("255-02-61"); !errors.Is(err, phone.ErrCityCodeMissing) {
		t.Errorf("a city's number: %v", err)
	}
}
