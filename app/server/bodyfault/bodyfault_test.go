package bodyfault_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2/validation"

	"dozvon/app/server/bodyfault"
	"dozvon/app/server/texts"
	"dozvon/client"
)

func TestWords_nameTheFieldAndWhatItMayBe(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ at, message, ru, en string }{
		{"body.text", fmt.Sprintf(validation.MsgExpectedMaxLength, 4000), "текст: не длиннее 4000 знаков", "text: at most 4000 characters"},
		{"body.word", fmt.Sprintf(validation.MsgExpectedMinLength, 1), "слово флажка: не заполнено", "word of the flag: is empty"},
		{"body.password", fmt.Sprintf(validation.MsgExpectedMinLength, 8), "пароль: не короче 8 знаков", "password: at least 8 characters"},
		{"body.phone_list[2].label", fmt.Sprintf(validation.MsgExpectedMaxLength, 60), "чей номер: не длиннее 60 знаков", "whose number: at most 60 characters"},
		{"body", fmt.Sprintf(validation.MsgExpectedRequiredProperty, "phone"), "телефон: не указано", "telephone: is not given"},
		{"body.sms_per_day", fmt.Sprintf(validation.MsgExpectedMaximumNumber, 1000.0), "SMS в день: не больше 1000", "SMS a day: at most 1000"},
		{"body.new_thing", validation.MsgUnexpectedProperty, "new_thing: сервер такого поля не знает: возможно, программа новее сервера", "new_thing: the server knows no such field: the program may be newer than the server"},
		{"query.q", fmt.Sprintf(validation.MsgExpectedMaxLength, 200), "что искать: не длиннее 200 знаков", "what to search for: at most 200 characters"},
		{"body", "unexpected end of JSON input", "ожидается другое значение", "another value expected"},
	} {
		if got := bodyfault.Words(tt.at, tt.message, "ru"); got != tt.ru {
			t.Errorf("%s at %s: %q, want %q", tt.message, tt.at, got, tt.ru)
		}
		if got := bodyfault.Words(tt.at, tt.message, "en"); got != tt.en {
			t.Errorf("%s at %s: %q, want %q", tt.message, tt.at, got, tt.en)
		}
	}
}

// TestWords_everyFieldThatPeopleFillHasAName.
func TestWords_everyFieldThatPeopleFillHasAName(t *testing.T) {
	t.Parallel()
	named := func(kind reflect.Type) {
		for _, f := range reflect.VisibleFields(kind) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Tag.Get("maxLength") == "" || strings.HasSuffix(name, "_id") && name != "external_id" {
				continue // ids are programs'
			}
			if !texts.Has("input." + name) {
				t.Errorf("%s of %s has no name in words", name, kind)
			}
		}
	}
	for _, body := range []any{
		client.CallNote{},
		client.NewNote{},
		client.NewTask{},
		client.SMSInput{},
		client.Dial{},
		client.Transfer{},
		client.ClientInput{},
		client.ContractInput{},
		client.Phone{},
		client.EmployeeInput{},
		client.SchoolInput{},
		client.SMSTemplate{},
		client.IntegrationInput{},
		client.SignIn{},
		client.NewFlag{},
	} {
		named(reflect.TypeOf(body))
	}
}
