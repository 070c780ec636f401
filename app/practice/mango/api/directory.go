package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"dozvon/app/mango"
	"dozvon/app/practice/control"
	"dozvon/app/practice/mango/cast"
	"dozvon/app/practice/staff"
)

// The answer of config/users/request as it travels: mango's types with the nulls of an employee
// without e-mail, and the fields that no client of ours reads.
type (
	usersAnswer struct {
		Users []user `json:"users"`
	}
	user struct {
		General   userGeneral   `json:"general"`
		Telephony userTelephony `json:"telephony"`
		Groups    *[]mango.Int  `json:"groups,omitempty"`
	}
	userGeneral struct {
		mango.UserGeneral
		Email      *string `json:"email"`
		Department *string `json:"department"`
		Position   *string `json:"position"`
		Login      string  `json:"login,omitempty"`
	}
	userTelephony struct {
		mango.UserTelephony
		LineID  int64        `json:"line_id,omitempty"`
		Numbers []userNumber `json:"numbers"`
	}
	userNumber struct {
		mango.UserNumber
		Normalized string `json:"number_normalized,omitempty"`
	}
)

// users answers config/users/request.
func (s *Server) users(w http.ResponseWriter, raw []byte) int {
	var r mango.UsersRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	answer := usersAnswer{Users: []user{}}
	for _, e := range s.config.Staff.All() {
		if r.Extension == "" || string(r.Extension) == e.Extension {
			answer.Users = append(answer.Users, s.user(e, r.ExtFields))
		}
	}
	control.JSON(w, http.StatusOK, answer)
	return mango.CodeDone
}

// user describes an employee; wanted are the fields beyond the usual ones (section 3.7.1).
func (s *Server) user(e staff.Employee, wanted []string) user {
	wants := func(field string) bool { return slices.Contains(wanted, field) }
	u := user{
		General: userGeneral{UserGeneral: mango.UserGeneral{Name: mango.Text(e.Name)}},
		Telephony: userTelephony{
			UserTelephony: mango.UserTelephony{Extension: mango.Text(e.Extension), OutgoingLine: mango.Text(cast.Lines[0].Number)},
			Numbers: []userNumber{{UserNumber: mango.UserNumber{
				Number: cast.Device(e.Extension), Protocol: "sip", WaitSec: 60, Status: "on",
			}}},
		},
	}
	if e.Mobile != "" {
		u.Telephony.Numbers = append(u.Telephony.Numbers, userNumber{mango.UserNumber{
			Number: mango.Text(e.Mobile), Protocol: "tel", Order: 1, WaitSec: 60, Status: "off",
		}, e.Mobile})
	}
	if !e.NoEmail {
		email := "e" + e.Extension + "@example.com"
		u.General.Email, u.General.Department, u.General.Position = &email, &e.Department, &e.Position
	}
	if wants("general.user_id") {
		u.General.UserID = mango.Int(e.UserID)
	}
	if wants("general.sips") {
		u.General.SIPs = []mango.UserSIP{{Number: cast.Device(e.Extension)[len("sip:"):]}}
	}
	if wants("general.mobile") {
		u.General.Mobile = mango.Text(e.Mobile)
	}
	if wants("general.login") {
		u.General.Login = "e" + e.Extension
	}
	if wants("telephony.line_id") {
		u.Telephony.LineID = cast.Lines[0].ID
	}
	if wants("groups") {
		groups := []mango.Int{}
		if slices.Contains(s.config.Staff.Members(), e.Extension) {
			groups = append(groups, cast.GroupID)
		}
		u.Groups = &groups
	}
	return u
}

// group is mango.Group with the fields that no client of ours reads.
type group struct {
	mango.Group
	Description   string `json:"description"`
	DialUsers     int    `json:"dial_alg_users"`
	AutoRedirect  int    `json:"auto_redirect"`
	AutoDial      *int   `json:"auto_dial"`
	LineID        int64  `json:"line_id"`
	DynamicIVR    int    `json:"use_dynamic_ivr"`
	DynamicNumber int    `json:"use_dynamic_seq_num"`
	MelodyID      *int   `json:"melody_id"`
}

// groups answers groups; show_users adds the members (section 3.7.2).
func (s *Server) groups(w http.ResponseWriter, raw []byte) int {
	var r mango.GroupsRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	g := group{
		Group:     mango.Group{ID: cast.GroupID, Name: cast.GroupName, Extension: cast.GroupExtension, DialAlgorithm: 2},
		DialUsers: 5, LineID: cast.Lines[0].ID,
	}
	if r.ShowUsers == 1 {
		for i, extension := range s.config.Staff.Members() {
			e, _ := s.config.Staff.Employee(extension)
			g.Operators = append(g.Operators, mango.GroupMember{
				ID: mango.Int(e.UserID), Name: mango.Text(e.Name), Extension: mango.Text(extension), Priority: 1, Order: mango.Int(i + 1),
			})
		}
	}
	control.JSON(w, http.StatusOK, map[string]any{"result": mango.CodeDone, "groups": []group{g}})
	return mango.CodeDone
}

// lines answers incominglines. A line's name is null, as the live PBX has it for most.
func (s *Server) lines(w http.ResponseWriter, _ []byte) int {
	type wire struct {
		mango.Line
		Name *string `json:"name"`
	}
	list := []wire{}
	for _, l := range cast.Lines {
		list = append(list, wire{Line: mango.Line{
			LineID: mango.Int(l.ID), Number: mango.Text(l.Number), Comment: mango.Text(l.Comment),
			Region: mango.Text(l.Region), SchemaID: 10000008, SchemaName: "По умолчанию",
		}})
	}
	control.JSON(w, http.StatusOK, map[string]any{"result": mango.CodeDone, "lines": list})
	return mango.CodeDone
}

// sips answers sips: every employee's SIP accounts (section 3.7.17).
func (s *Server) sips(w http.ResponseWriter, _ []byte) int {
	answer := mango.SIPsAnswer{Result: mango.CodeDone, Data: []mango.UserSIPs{}}
	for _, e := range s.config.Staff.All() {
		login, _, _ := strings.Cut(strings.TrimPrefix(string(cast.Device(e.Extension)), "sip:"), "@")
		answer.Data = append(answer.Data, mango.UserSIPs{UserID: mango.Int(e.UserID), SIPs: []mango.SIPAccount{{
			ID: mango.Int(e.UserID - 290008799), Login: mango.Text(login), Domain: cast.Domain,
		}}})
	}
	control.JSON(w, http.StatusOK, answer)
	return mango.CodeDone
}

// balance answers account/balance.
func (s *Server) balance(w http.ResponseWriter, _ []byte) int {
	control.JSON(w, http.StatusOK, mango.BalanceAnswer{
		Result: mango.CodeDone, Balance: "3592.45", Currency: "RUB",
		ResponseAt: mango.Text(s.config.Now().In(mango.Moscow).Format("2006-01-02 15:04:05")),
	})
	return mango.CodeDone
}
