package itoolabs

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Types of an event (section 3.1).
const (
	TypeIncoming    = "INCOMING"    // an employee's telephone rings
	TypeAccepted    = "ACCEPTED"    // the employee answered
	TypeCompleted   = "COMPLETED"   // the employee's talk ended
	TypeCancelled   = "CANCELLED"   // the employee's ringing or dialling ended without a talk
	TypeOutgoing    = "OUTGOING"    // the employee dials
	TypeTransferred = "TRANSFERRED" // the employee handed the call over
)

// Directions of an event and types of a history; DirectionInternal is of events only, TypeMissed of
// listings only.
const (
	DirectionIn       = "in"
	DirectionOut      = "out"
	DirectionInternal = "internal"
	TypeMissed        = "missed"
)

// Event is one change of one employee's part in a call (section 3.1). It tells no time.
type Event struct {
	Type   string // one of the types; unknown ones as they came, in capitals
	CallID string // one for the whole call
	Phone  string // the outside party's, in any spelling; another employee's extension
	User   string // login of the employee, or of a group
	// Direction is empty where an old PBX does not tell it.
	Direction string
	Diversion string // our line that was called, or that is called from
	Ext       string
	Telnum    string // the employee's direct number or mobile
	Group     string // name of the group that was called
	// SecondCallID of a TRANSFERRED is the other half of the call.
	SecondCallID string
}

// History sums a call up after its end (section 3.2).
type History struct {
	Type      string // DirectionIn or DirectionOut
	Status    string // one of the statuses, see Result
	CallID    string
	Phone     string
	User      string // who talked; also a group's login, or nobody
	Ext       string
	Diversion string
	Start     time.Time // zero: not told, or in no known form
	// Duration is the talk's, of a missed call perhaps the ringing's; Wait is what was before it.
	Duration, Wait time.Duration
	Link           string // address of the recording
	Group          string
	Rating         string // the client's mark
}

// Contact asks who calls, at the beginning of an inbound call, which waits for the ContactAnswer
// (section 3.3).
type Contact struct {
	CallID, Phone, Diversion string
}

// ContactAnswer answers a Contact; without either field the caller is unknown. Responsible is a login.
type ContactAnswer struct {
	Name        string `json:"contact_name,omitempty"`
	Responsible string `json:"responsible,omitempty"`
}

// Rating is the mark that the client gave a talk (section 3.4).
type Rating struct {
	CallID, Phone, User, Ext, Rating string
}

// Unknown is a command that is not of the documented ones. It is answered 200 all the same.
type Unknown struct{ Command string }

// ErrNoCommand says that a request lacks its cmd.
var ErrNoCommand = fmt.Errorf("%w: it has no %s", ErrMalformed, FieldCommand)

// callID is what a call's id is made of (section 7).
var callID = regexp.MustCompile(`^[\w.:@~+/=-]{1,200}$`)

// Decode reads what the fields tell: Event, History, Contact, Rating or Unknown. ErrNoCommand,
// ErrMalformed.
func Decode(f Fields) (any, error) {
	command := strings.ToLower(f[FieldCommand])
	if command == "" {
		return nil, ErrNoCommand
	}
	id := f["callid"]
	known := command == CommandEvent || command == CommandHistory || command == CommandContact || command == CommandRating
	if known && !callID.MatchString(id) {
		return nil, fmt.Errorf("%w: callid %q", ErrMalformed, clip(id))
	}
	switch command {
	case CommandEvent:
		return decodeEvent(f), nil
	case CommandHistory:
		return decodeHistory(f), nil
	case CommandContact:
		return Contact{CallID: id, Phone: f["phone"], Diversion: f["diversion"]}, nil
	case CommandRating:
		return Rating{CallID: id, Phone: f["phone"], User: f["user"], Ext: f["ext"], Rating: f["rating"]}, nil
	}
	return Unknown{Command: clip(f[FieldCommand])}, nil
}

func decodeEvent(f Fields) Event {
	second := f["second_callid"]
	if !callID.MatchString(second) {
		second = ""
	}
	return Event{
		Type: strings.ToUpper(f["type"]), CallID: f["callid"], Phone: f["phone"], User: f["user"],
		Direction: strings.ToLower(f["direction"]), Diversion: f["diversion"], Ext: f["ext"], Telnum: f["telnum"],
		Group: CleanText(f["groupRealName"]), SecondCallID: second,
	}
}

func decodeHistory(f Fields) History {
	start, _ := ReadMoment(f["start"])
	return History{
		Type: strings.ToLower(f["type"]), Status: f["status"], CallID: f["callid"], Phone: f["phone"], User: f["user"], Ext: f["ext"],
		Diversion: f["diversion"], Start: start, Duration: readSeconds(f["duration"]), Wait: readSeconds(f["wait"]),
		Link: f["link"], Group: CleanText(f["groupRealName"]), Rating: f["rating"],
	}
}

// Fields writes the event as the PBX posts it, but for the token.
func (e Event) Fields() Fields {
	f := Fields{FieldCommand: CommandEvent, "type": e.Type, "callid": e.CallID, "phone": e.Phone}
	f.put("user", e.User)
	f.put("direction", e.Direction)
	f.put("diversion", e.Diversion)
	f.put("ext", e.Ext)
	f.put("telnum", e.Telnum)
	f.put("groupRealName", e.Group)
	f.put("second_callid", e.SecondCallID)
	return f
}

// Fields writes the history as the PBX posts it, but for the token.
func (h History) Fields() Fields {
	f := Fields{
		FieldCommand: CommandHistory, "type": h.Type, "status": h.Status, "callid": h.CallID, "phone": h.Phone,
		"start": h.Start.UTC().Format(Moment), "duration": seconds(h.Duration),
	}
	f.put("user", h.User)
	f.put("ext", h.Ext)
	f.put("diversion", h.Diversion)
	f.put("link", h.Link)
	f.put("groupRealName", h.Group)
	f.put("rating", h.Rating)
	if h.Wait > 0 {
		f["wait"] = seconds(h.Wait)
	}
	return f
}

// Fields writes the question as the PBX posts it, but for the token.
func (c Contact) Fields() Fields {
	f := Fields{FieldCommand: CommandContact, "callid": c.CallID, "phone": c.Phone}
	f.put("diversion", c.Diversion)
	return f
}

func seconds(d time.Duration) string { return strconv.FormatInt(int64(d/time.Second), 10) }
