package mango_test

import (
	"errors"
	"net/url"
	"testing"

	"dozvon/app/mango"
)

func TestSign_referenceVectors(t *testing.T) {
	t.Parallel()
	const key, salt = "123", "789"
	tests := []struct{ name, got, want string }{
		{
			"form",
			mango.Sign(key, `{"command_id":"cmd-12532543651","from":{"extension":"101"},"to_number":"74952129298"}`, salt),
			"11fd9538c28f575bb72a7d342338d7f8d08b93a68f8ecf2ddb91961556a32afc",
		},
		{
			"link", mango.LinkSign(key, "1525597727500", "Rofkdgl33fd=", salt),
			"9867bfdc661049959450fbad35c10ef2a41120094bda492dd0f085ba4def7df0",
		},
		{
			"another link", mango.LinkSign(key, "1525598918779", "Jsgdfg2323=", salt),
			"73ae025f1b4f7e201b2bf8df8a98547faa916a906115c22356cd056ab8edd5cd",
		},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, tt.got, tt.want)
		}
	}
}

func TestForm_Verify_refusesWhateverWasTouched(t *testing.T) {
	t.Parallel()
	good := mango.NewForm("key", "salt", `{"a":1}`)
	tests := []struct {
		name string
		form mango.Form
		want error
	}{
		{"untouched", good, nil},
		{"one space more", mango.Form{Key: good.Key, Sign: good.Sign, JSON: `{"a": 1}`}, mango.ErrSign},
		{"other key", mango.Form{Key: "other", Sign: good.Sign, JSON: good.JSON}, mango.ErrKey},
		{"signed with another salt", mango.NewForm("key", "pepper", good.JSON), mango.ErrSign},
		{"upper case sign", mango.Form{Key: good.Key, Sign: "AB", JSON: good.JSON}, mango.ErrSign},
		{"empty", mango.Form{}, mango.ErrKey},
	}
	for _, tt := range tests {
		if err := tt.form.Verify("key", "salt"); !errors.Is(err, tt.want) {
			t.Errorf("%s: Verify = %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestForm_survivesTheWire(t *testing.T) {
	t.Parallel()
	want := mango.NewForm("k+/=", "s", `{"name":"Иван \/ +&=%"}`)
	values, err := url.ParseQuery(want.Values().Encode())
	if err != nil {
		t.Fatal(err)
	}
	if got := mango.ParseForm(values); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func FuzzVerify(f *testing.F) {
	f.Add("key", "salt", `{"a":1}`, "")
	f.Add("", "", "", "00")
	f.Fuzz(func(t *testing.T, key, salt, json, sign string) {
		form := mango.NewForm(key, salt, json)
		if err := form.Verify(key, salt); err != nil {
			t.Errorf("own form refused: %v", err)
		}
		if sign != form.Sign {
			form.Sign = sign
			if err := form.Verify(key, salt); !errors.Is(err, mango.ErrSign) {
				t.Errorf("foreign sign %q: %v", sign, err)
			}
		}
	})
}
