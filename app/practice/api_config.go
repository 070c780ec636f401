package practice

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"dozvon/app/mango"
)

// moscow is the zone of the text dates; UTC+3 all year since 2014.
var moscow = time.FixedZone("MSK", 3*60*60)

// users answers config/users/request.
func (p *PBX) users(w http.ResponseWriter, raw []byte) int {
	var r mango.UsersRequest
	if json.Unmarshal(raw, &r) != nil {
		return mango.CodeBadFormat
	}
	answer := mango.UsersAnswer{Users: []mango.User{}}
	for _, e := range employees {
		if r.Extension != "" && string(r.Extension) != e.Extension {
			continue
		}
		u := mango.User{
			General: mango.UserGeneral{
				Name: mango.Text(e.Name), Email: mango.Text("e" + e.Extension + "@example.com"),
				Department: mango.Text(e.Department), Position: mango.Text(e.Position),
			},
			Telephony: mango.UserTelephony{
				Extension: mango.Text(e.Extension), OutgoingLine: mango.Text(lines[0].Number),
				Numbers: []mango.UserNumber{{Number: device(e.Extension), Protocol: "sip", WaitSec: 60, Status: "on"}},
			},
		}
		if slices.Contains(r.ExtFields, "general.user_id") {
			u.General.UserID = mango.Int(e.UserID)
		}
		if slices.Contains(r.ExtFields, "general.sips") {
			u.General.SIPs = []mango.UserSIP{{Number: device(e.Extension)[len("sip:"):]}}
		}
		if slices.Contains(r.ExtFields, "groups") && slices.Contains(groupMembers, e.Extension) {
			u.Groups = []mango.Int{groupID}
		}
		answer.Users = append(answer.Users, u)
	}
	writeJSON(w, http.StatusOK, answer)
	return mango.CodeDone
}

// lines answers incominglines.
func (p *PBX) lines(w http.ResponseWriter, _ []byte) int {
	answer := mango.LinesAnswer{Result: mango.CodeDone}
	for i, l := range lines {
		answer.Lines = append(answer.Lines, mango.Line{
			LineID: mango.Int(300024487 + i), Number: mango.Text(l.Number), Comment: mango.Text(l.Comment),
			Region: "2", SchemaID: 10000008, SchemaName: "По умолчанию",
		})
	}
	writeJSON(w, http.StatusOK, answer)
	return mango.CodeDone
}

// balance answers account/balance.
func (p *PBX) balance(w http.ResponseWriter, _ []byte) int {
	writeJSON(w, http.StatusOK, mango.BalanceAnswer{
		Result: mango.CodeDone, Balance: "3592.45", Currency: "RUB",
		ResponseAt: mango.Text(p.config.Now().In(moscow).Format("2006-01-02 15:04:05")),
	})
	return mango.CodeDone
}
