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
func (p *PBX) oldAPI(w http.ResponseWriter, r *http.Request) {
	if r.FormValue(itoolabs.FieldKey) != p.config.Key {
		refuse(w, r, http.StatusUnauthorized, "Invalid token")
		return
	}
	commands := map[string]http.HandlerFunc{
		itoolabs.OldAccounts: p.oldAccounts, itoolabs.OldMakeCall: p.oldMakeCall, itoolabs.OldHistory: p.oldHistory,
		"groups": p.oldGroups, "subscribeOnCalls": p.subscribe, "subscriptionStatus": p.subscription, "set_dnd": p.setDND, "get_dnd": p.getDND,
	}
	command, ok := commands[r.FormValue("cmd")]
	if !ok {
		invalid(w, r, "cmd")
		return
	}
	command(w, r)
}

func (p *PBX) oldAccounts(w http.ResponseWriter, _ *http.Request) {
	list := []map[string]string{}
	for _, e := range p.directory.All() {
		account := map[string]string{"name": Login(e.Extension), "realName": e.Name, "ext": e.Extension}
		if e.Mobile != "" {
			account["telnum"] = e.Mobile
		}
		list = append(list, account)
	}
	control.JSON(w, http.StatusOK, list)
}

func (p *PBX) oldGroups(w http.ResponseWriter, _ *http.Request) {
	control.JSON(w, http.StatusOK, []map[string]string{{"id": strings.TrimPrefix(groupLogin, "g_"), "realName": groupName, "ext": GroupExtension}})
}

// oldMakeCall answers as Config.Answer says.
func (p *PBX) oldMakeCall(w http.ResponseWriter, r *http.Request) {
	callID, parameter, err := p.order(r.FormValue("user"), r.FormValue("phone"))
	if err != nil {
		invalid(w, r, parameter)
		return
	}
	if !p.slow(r, p.luck.Get().CallAnswerMS) {
		return
	}
	switch p.config.Answer {
	case AnswerObject:
		control.JSON(w, http.StatusOK, struct{}{})
	case AnswerNull:
		fmt.Fprint(w, "NULL")
	default:
		fmt.Fprint(w, callID)
	}
}

// oldHistory is the listing without a header (section 9).
func (p *PBX) oldHistory(w http.ResponseWriter, r *http.Request) {
	rows, ok := p.asked(w, r)
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
func (p *PBX) subscribe(w http.ResponseWriter, r *http.Request) {
	e, ok := p.directory.user(r.FormValue("user"))
	if !ok {
		invalid(w, r, "user")
		return
	}
	status := r.FormValue("status")
	if status != "on" && status != "off" {
		invalid(w, r, "status")
		return
	}
	p.mu.Lock()
	p.off[e.Extension] = status == "off"
	p.mu.Unlock()
	fmt.Fprint(w, "OK")
}

func (p *PBX) subscription(w http.ResponseWriter, r *http.Request) {
	p.state(w, r, func(extension string) string { return onOff(!p.off[extension]) }, "status")
}

func (p *PBX) setDND(w http.ResponseWriter, r *http.Request) {
	e, ok := p.directory.user(r.FormValue("user"))
	if !ok {
		invalid(w, r, "user")
		return
	}
	p.mu.Lock()
	p.dnd[e.Extension] = r.FormValue("state") == "true" || r.FormValue("state") == "on"
	p.mu.Unlock()
	fmt.Fprint(w, "OK")
}

func (p *PBX) getDND(w http.ResponseWriter, r *http.Request) {
	p.state(w, r, func(extension string) string { return fmt.Sprint(p.dnd[extension]) }, "state")
}

// state answers what an employee has set.
func (p *PBX) state(w http.ResponseWriter, r *http.Request, of func(extension string) string, name string) {
	e, ok := p.directory.user(r.FormValue("user"))
	if !ok {
		invalid(w, r, "user")
		return
	}
	p.mu.Lock()
	value := of(e.Extension)
	p.mu.Unlock()
	control.JSON(w, http.StatusOK, map[string]string{name: value})
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
