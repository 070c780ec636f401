package mango

import "encoding/json"

// Paths of the configuration queries.
const (
	PathUsers   = "config/users/request"
	PathGroups  = "groups"
	PathLines   = "incominglines"
	PathSIPs    = "sips"
	PathBalance = "account/balance"
)

// UsersRequest asks for the employees, all of them if Extension is empty.
type UsersRequest struct {
	Extension Text     `json:"extension,omitempty"`
	ExtFields []string `json:"ext_fields,omitempty"`
}

// UsersAnswer lists the employees; it has no result code.
type UsersAnswer struct {
	Users []User `json:"users"`
}

// User is one employee of the PBX.
type User struct {
	General   UserGeneral   `json:"general"`
	Telephony UserTelephony `json:"telephony"`
	Groups    []Int         `json:"groups,omitempty"`
}

// UserGeneral says who the employee is.
type UserGeneral struct {
	Name       Text `json:"name"`
	Email      Text `json:"email"`
	Department Text `json:"department"`
	Position   Text `json:"position"`
	// UserID, Mobile and SIPs come only if UsersRequest.ExtFields names them.
	UserID Int       `json:"user_id,omitempty"`
	Mobile Text      `json:"mobile,omitempty"`
	SIPs   []UserSIP `json:"sips,omitempty"`
}

// UserSIP is a SIP account as user@domain, without the scheme.
type UserSIP struct {
	Number Text `json:"number"`
}

// UserTelephony says how the employee is reached.
type UserTelephony struct {
	Extension    Text         `json:"extension"`
	OutgoingLine Text         `json:"outgoingline"`
	Numbers      []UserNumber `json:"numbers"`
}

// UserNumber is one device of an employee.
type UserNumber struct {
	Number   Text `json:"number"`
	Protocol Text `json:"protocol"` // sip, tel, fmc or skype
	Order    Int  `json:"order"`
	WaitSec  Int  `json:"wait_sec"`
	Status   Text `json:"status"` // on or off
}

// GroupsRequest asks for the groups; ShowUsers 1 adds who is in them.
type GroupsRequest struct {
	ShowUsers Int `json:"show_users,omitempty"`
}

// GroupsAnswer lists the groups.
type GroupsAnswer struct {
	Result Int     `json:"result"`
	Groups []Group `json:"groups"`
}

// Group rings several employees under one internal number.
type Group struct {
	ID        Int  `json:"id"`
	Name      Text `json:"name"`
	Extension Text `json:"extension"`
	// DialAlgorithm is 0 one after another, 1 parallel by priority, 2 all at once, 3 at random, 5 the longest idle first.
	DialAlgorithm Int           `json:"dial_alg_group"`
	Operators     []GroupMember `json:"operators,omitempty"`
}

// GroupMember is an employee of a group.
type GroupMember struct {
	ID        Int  `json:"id"`
	Name      Text `json:"name"`
	Extension Text `json:"extension"`
	Priority  Int  `json:"priority"`
	Order     Int  `json:"order"`
}

// SIPsAnswer lists the SIP accounts of every employee; a device is sip:login@domain.
type SIPsAnswer struct {
	Result Int        `json:"result"`
	Data   []UserSIPs `json:"data"`
}

// UserSIPs are one employee's accounts.
type UserSIPs struct {
	UserID Int          `json:"user_id"`
	SIPs   []SIPAccount `json:"sips"`
}

// SIPAccount is one login of a device.
type SIPAccount struct {
	ID     Int  `json:"id"`
	Login  Text `json:"login"`
	Domain Text `json:"domain"`
}

// LinesAnswer lists the lines that clients can dial.
type LinesAnswer struct {
	Result Int    `json:"result"`
	Lines  []Line `json:"lines"`
}

// Line is one incoming line; Name is usually empty, so show Comment or SchemaName.
type Line struct {
	LineID     Int  `json:"line_id"`
	Number     Text `json:"number"`
	Name       Text `json:"name"`
	Comment    Text `json:"comment"`
	Region     Text `json:"region"`
	SchemaID   Int  `json:"schema_id"`
	SchemaName Text `json:"schema_name"`
}

// BalanceAnswer is the state of the account.
type BalanceAnswer struct {
	Result Int `json:"result"`
	// Balance is in Currency, as the PBX writes it: a decimal number.
	Balance    json.Number `json:"balance"`
	Currency   Text        `json:"currency"`
	ResponseAt Text        `json:"response_at"` // Moscow wall time, 2006-01-02 15:04:05
}
