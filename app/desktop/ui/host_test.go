package ui_test

import (
	"testing"

	"dozvon/app/desktop/i18n"
	"dozvon/app/desktop/ui"
	"dozvon/client"
)

func TestExplain_saysOnceThatThePBXRefused(t *testing.T) {
	t.Parallel()
	text := i18n.New(i18n.Russian)
	for detail, want := range map[string]string{
		"линия занята": "АТС отказала: линия занята",
		"АТС ответила 4001: команда не поддерживается.": "АТС ответила 4001: команда не поддерживается.",
	} {
		if got := ui.Explain(&client.Problem{Status: 502, Code: "pbx_refused", PBXCode: 4001, Detail: detail}, text); got != want {
			t.Errorf("%q is told as %q, want %q", detail, got, want)
		}
	}
}
