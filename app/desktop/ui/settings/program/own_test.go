package program_test

import (
	"testing"

	"dozvon/app/desktop/ui/uitest"

	"dozvon/client"
)

// TestAccounts_onesOwnPasswordIsChangedInItsPlace where the present one is asked for.
func TestAccounts_onesOwnPasswordIsChangedInItsPlace(t *testing.T) {
	d := uitest.DirectorsDesk(t)
	d.Press("Сменить пароль")
	d.Wants("Где вы вошли")
	d.Entry(0).SetText("old one here")
	d.Entry(1).SetText("синий трамвай едет")
	d.Press("Сохранить")
	d.WantsTold(`PATCH /me {"password":"синий трамвай едет","old_password":"old one here"}`)
}

func TestOwn_passwordIsChangedAndTheRestSignedOut(t *testing.T) {
	d := uitest.NewDesk(t, uitest.Borisov)
	d.School.Answers["GET /sessions"] = client.Page[client.Session]{Items: []client.Session{{ID: "s1", Device: "OPERATOR-02", CreatedAt: uitest.Now, Current: true}}}
	d.View.Shown()
	d.Wants("этот компьютер")
	d.Press("Сменить пароль")
	d.Press("Сохранить")
	d.Wants("Впишите нынешний и новый пароль.")
	d.Entry(0).SetText("old one here")
	d.Entry(1).SetText("12345678")
	d.School.Answers["PATCH /me"] = &client.Problem{Status: 422, Code: "weak_password", Detail: "Этот пароль есть в списках частых."}
	d.Press("Сохранить")
	d.Wants("Этот пароль есть в списках частых.")
	if d.Entry(0).Text == "" || d.Entry(1).Text == "" {
		t.Error("after a refusal what was typed is lost")
	}
	d.Entry(1).SetText("синий трамвай едет")
	d.School.Answers["PATCH /me"] = uitest.Borisov
	d.Press("Сохранить")
	d.WantsTold(`PATCH /me {"password":"синий трамвай едет","old_password":"old one here"}`)
	d.Wants("Пароль сменён.")
}
