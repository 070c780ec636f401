package itoolabs

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"

	"dozvon/app/itoolabs"
	"dozvon/app/practice/control"
	"dozvon/app/practice/staff"
)

// oldAPI takes the commands of crm_api.wcgp (section 7).
func (a *api) oldAPI(w http.ResponseWriter, r *http.Request) {
	if r.FormValue(itoolabs.FieldKey) != a.pbx.config.Key {
		refuse(w, r, http.StatusUnauthorized, "Invalid token")
		return
	}
	commands := map[string]http.HandlerFunc{
		itoolabs.OldAccounts: a.oldAccounts, itoolabs.OldMakeCall: a.oldMakeCall, itoolabs.OldHistory: a.oldHistory,
		"groups": a.oldGroups, "subscribeOnCalls": a.subscribe, "subscriptionStatus": a.subscription, "set_dnd": a.setDND, "get_dnd": a.getDND,
	}
	command, ok := commands[r.FormValue("cmd")]
	if !ok {
		invalid(w, r, "cmd")
		return
	}
	command(w, r)
}

func (a *api) oldAccounts(w http.ResponseWriter, _ *http.Request) {
	list := []map[string]string{}
	for _, e := range a.pbx.directory.All() {
		account := map[string]string{"name": Login(e.Extension), "realName": e.Name, "ext": e.Extension}
		if e.Mobile != "" {
			account["telnum"] = e.Mobile
		}
		list = append(list, account)
	}
	control.JSON(w, http.StatusOK, list)
}

func (a *api) oldGroups(w http.ResponseWriter, _ *http.Request) {
	control.JSON(w, http.StatusOK, []map[string]string{{"id": strings.TrimPrefix(groupLogin, "g_"), "realName": groupName, "ext": GroupExtension}})
}

// oldMakeCall answers as Config.Answer says.
func (a *api) oldMakeCall(w http.ResponseWriter, r *http.Request) {
	callID, parameter, err := a.pbx.order(r.FormValue("user"), r.FormValue("phone"))
	if err != nil {
		invalid(w, r, parameter)
		return
	}
	if !a.slow(r, a.pbx.luck.Get().CallAnswerMS) {
		return
	}
	switch a.pbx.config.Answer {
	case AnswerObject:
		control.JSON(w, http.StatusOK, struct{}{})
	case AnswerNull:
		fmt.Fprint(w, "NULL")
	default:
		fmt.Fprint(w, callID)
	}
}

// oldHistory is the listing without a header (section 9).
func (a *api) oldHistory(w http.ResponseWriter, r *http.Request) {
	rows, ok := a.asked(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range rows {
		if row.User != "" && !strings.Contains(row.User, "@") {
			row.User += "@" + tenant
		}
		if row.Client != "" && staff.Digits(row.Client) == row.Client && len(row.Client) > 5 {
			row.Client = "+" + row.Client
		}
		_ = out.Write(row.CSV(moscow)) // a client that went away needs no answer
	}
	out.Flush()
}

// subscribe is the operator's pause switch: whether he takes calls of the group.
func (a *api) subscribe(w http.ResponseWriter, r *http.Request) {
	e, ok := a.pbx.directory.user(r.FormValue("user"))
	if !ok {
		invalid(w, r, "user")
		return
	}
	status := r.FormValue("status")
	if status != "on" && status != "off" {
		invalid(w, r, "status")
		return
	}
	a.pbx.telephones.setGroup(e.Extension, status == "off")
	fmt.Fprint(w, "OK")
}

func (a *api) subscription(w http.ResponseWriter, r *http.Request) {
	a.state(w, r, func(extension string) string { return onOff(!a.pbx.telephones.leftGroup(extension)) }, "status")
}

func (a *api) setDND(w http.ResponseWriter, r *http.Request) {
	e, ok := a.pbx.directory.user(r.FormValue("user"))
	if !ok {
		invalid(w, r, "user")
		return
	}
	a.pbx.telephones.setDND(e.Extension, r.FormValue("state") == "true" || r.FormValue("state") == "on")
	fmt.Fprint(w, "OK")
}

func (a *api) getDND(w http.ResponseWriter, r *http.Request) {
	a.state(w, r, func(extension string) string { return fmt.Sprint(a.pbx.telephones.noCalls(extension)) }, "state")
}

// state answers what an employee has set.
func (a *api) state(w http.ResponseWriter, r *http.Request, of func(extension string) string, name string) {
	e, ok := a.pbx.directory.user(r.FormValue("user"))
	if !ok {
		invalid(w, r, "user")
		return
	}
	control.JSON(w, http.StatusOK, map[string]string{name: of(e.Extension)})
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
