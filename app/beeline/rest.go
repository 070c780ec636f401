package beeline

import (
	"bytes"
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

const (
	// TokenHeader carries the key of the cabinet with every request (section 2).
	TokenHeader = "X-MPBX-API-AUTH-TOKEN"
	// BaseURL is where the API is.
	BaseURL = "https://cloudpbx.beeline.ru/apis/portal/"
	// RecordsPage is how many recordings one request lists.
	RecordsPage = 100
	// StatisticsPage is the most rows that one request brings.
	StatisticsPage = 100
)

// Values of subscriptionType (section 4).
const (
	AdvancedCall = "ADVANCED_CALL"
	BasicCall    = "BASIC_CALL"
)

// Values of a recording switch, direction, status of a row, and result of a rule.
const (
	On, Off              = "ON", "OFF"
	Inbound, Outbound    = "INBOUND", "OUTBOUND"
	Placed               = "PLACED"
	Received             = "RECIEVED" // sic
	Missed               = "MISSED"
	Success, Fault       = "SUCCESS", "FAULT"
	maxWords             = 500
	statisticsTimeLayout = "2006-01-02T15:04:05Z"
)

// Paths of the API below its base (sections 4, 9 to 12). {p} is a userId, a number or an extension.
const (
	PathAbonents     = "abonents"
	PathNumbers      = "numbers"
	PathSubscription = "subscription"
	PathRecords      = "records"
	PathRecordsV2    = "v2/records"
	PathStatistics   = "v2/statistics"
	PathStatisticsV1 = "statistics"
	PathRules        = "icr/route"
	PathRuleNumbers  = "icr/numbers"
)

// PathCall is the click-to-call of the second version, PathCallV1 that of the first.
func PathCall(p string) string   { return "v2/abonents/" + url.PathEscape(p) + "/call" }
func PathCallV1(p string) string { return "abonents/" + url.PathEscape(p) + "/call" }

// PathTransfer hands a talking half on, PathConnect joins two halves of an abonent.
func PathTransfer(p string) string { return "abonents/" + url.PathEscape(p) + "/callTransfer" }

func PathConnect(p string) string { return "abonents/" + url.PathEscape(p) + "/callTransferConsult" }

// PathRecording is an abonent's switch of the recording.
func PathRecording(p string) string { return "abonents/" + url.PathEscape(p) + "/recording" }

// PathRecord is a recording by its id, PathRecordOf that of an abonent's part of a call.
func PathRecord(id string) string { return PathRecordsV2 + "/" + url.PathEscape(id) }

func PathRecordOf(tracking, userID string) string {
	return PathRecordsV2 + "/" + url.PathEscape(tracking) + "/" + url.PathEscape(userID)
}

// Abonent is an employee in the PBX's own list.
type Abonent struct {
	UserID       Text `json:"userId"`
	Phone        Text `json:"phone"` // 10 digits, +7…, or empty for a SIP abonent
	FirstName    Text `json:"firstName,omitempty"`
	LastName     Text `json:"lastName,omitempty"`
	Email        Text `json:"email,omitempty"`
	ContactEmail Text `json:"contactEmail,omitempty"`
	Department   Text `json:"department,omitempty"`
	Extension    Text `json:"extension,omitempty"`
}

// Name is the abonent's, the family name last as the PBX has them.
func (a Abonent) Name() string {
	return strings.TrimSpace(string(a.FirstName) + " " + string(a.LastName))
}

// Number is a multichannel line.
type Number struct {
	NumberID Text `json:"numberId"`
	Phone    Text `json:"phone"`
}

// SubscriptionRequest asks for events; without Pattern those of the whole company.
type SubscriptionRequest struct {
	Pattern string `json:"pattern,omitempty"`
	Expires int    `json:"expires"` // seconds
	Type    string `json:"subscriptionType"`
	URL     string `json:"url"`
}

// Subscription is one that lives. The answer to a request has only the first two fields.
type Subscription struct {
	ID         Text `json:"subscriptionId"`
	Expires    Int  `json:"expires"` // seconds
	TargetType Text `json:"targetType,omitempty"`
	TargetID   Text `json:"targetId,omitempty"`
	Type       Text `json:"subscriptionType,omitempty"`
	URL        Text `json:"url,omitempty"`
}

// CallAnswer is the answer to a click-to-call of the second version.
type CallAnswer struct {
	CallID   Text `json:"callId"`
	Tracking Text `json:"externalTrackingId"`
}

// Record is one recording.
type Record struct {
	ID        Text    `json:"id"`
	External  Text    `json:"externalId"` // the call's extTrackingId
	CallID    Text    `json:"callId,omitempty"`
	Phone     Text    `json:"phone"` // the client's
	Direction Text    `json:"direction"`
	Date      Moment  `json:"date"` // when it began
	Duration  Millis  `json:"duration"`
	FileSize  Int     `json:"fileSize,omitempty"`
	Comment   Text    `json:"comment,omitempty"`
	Abonent   Abonent `json:"abonent"`
}

// Row is one line of the statistics: one abonent's part of a call, which it does not name.
type Row struct {
	Start       Moment  `json:"startDate"`
	Abonent     Abonent `json:"abonent"`
	Direction   Text    `json:"direction,omitempty"`
	Status      Text    `json:"status"`
	Duration    Millis  `json:"duration"`
	From        Text    `json:"phone_from,omitempty"`
	To          Text    `json:"phone_to,omitempty"`
	Phone       Text    `json:"phone,omitempty"` // of the first version
	Department  Text    `json:"department,omitempty"`
	CallForward Text    `json:"callForward,omitempty"`
}

// IsOutbound tells the direction, which the first version leaves out at times: what was placed went out.
func (r Row) IsOutbound() bool {
	if r.Direction != "" {
		return strings.EqualFold(string(r.Direction), Outbound)
	}
	return strings.EqualFold(string(r.Status), Placed)
}

// Outside is the outside number of a row.
func (r Row) Outside() string {
	switch {
	case r.IsOutbound() && r.To != "":
		return string(r.To)
	case !r.IsOutbound() && r.From != "":
		return string(r.From)
	}
	return string(r.Phone)
}

// Talked reports whether somebody talked: RECIEVED did, PLACED only if it lasted.
func (r Row) Talked() bool {
	status := strings.ToUpper(string(r.Status))
	return status == Received || status == "RECEIVED" || status == Placed && r.Duration > 0
}

// Rule sends an inbound number (the client's) to an extension.
type Rule struct {
	InboundNumber Text `json:"inboundNumber"`
	Extension     Text `json:"extension"`
}

// RuleResult is what became of one rule.
type RuleResult struct {
	Rule   Rule   `json:"rule"`
	Status Text   `json:"status"`
	Error  *Error `json:"error,omitempty"`
}

// NumberResult is what became of switching the rules on for one line.
type NumberResult struct {
	Phone  Text   `json:"phoneNumber"`
	Status Text   `json:"status"`
	Error  *Error `json:"error,omitempty"`
}

// Error is a refusal; its codes are words (section 14).
type Error struct {
	Code        Text `json:"errorCode"`
	Description Text `json:"description"`
}

// Said is a refusal in the PBX's own words.
func (e Error) Said() string {
	if e.Description != "" {
		return string(e.Description)
	}
	return string(e.Code)
}

// ReadError finds a refusal in an answer of any of the shapes that were seen; ok says that there is one.
func ReadError(body []byte) (e Error, ok bool) {
	var all struct {
		Error
		Other   json.RawMessage `json:"error"`
		Message Text            `json:"message"`
	}
	if json.Unmarshal(body, &all) != nil {
		return Error{}, false
	}
	e = all.Error
	if e.Code == "" && len(all.Other) > 0 {
		var inner Error
		if json.Unmarshal(all.Other, &inner) == nil && inner.Code != "" {
			e = inner
		} else {
			var text Text
			_ = json.Unmarshal(all.Other, &text)
			e.Code = text
		}
	}
	if e.Description == "" {
		e.Description = all.Message
	}
	e.Description = bounded(e.Description)
	return e, e.Code != "" || all.Message != ""
}

func bounded(t Text) Text {
	if runes := []rune(string(t)); len(runes) > maxWords {
		return Text(runes[:maxWords]) + "…"
	}
	return t
}

// ReadTracking reads the answer of the first version's click-to-call: the extTrackingId as plain text,
// or as a JSON string (section 9). Empty when it is neither.
func ReadTracking(body []byte) string {
	text := string(bytes.TrimSpace(body))
	var quoted string
	if json.Unmarshal([]byte(text), &quoted) == nil {
		text = strings.TrimSpace(quoted)
	}
	if text == "" || len(text) > 100 || strings.ContainsAny(text, " <>{}[]\"\r\n\t") {
		return ""
	}
	return text
}

// ReadSwitch reads a bare JSON string: "ON". Without quotes it is taken, too.
func ReadSwitch(body []byte) string { return strings.ToUpper(ReadTracking(body)) }

// Date writes a point of time for a query, which has whole seconds.
func Date(t time.Time) string { return t.UTC().Format(statisticsTimeLayout) }

// DateAfter is the first whole second that is not before a point of time.
func DateAfter(t time.Time) string { return Date(t.Add(time.Second - time.Nanosecond)) }
