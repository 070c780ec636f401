package client

import "time"

// SignIn is the body of POST /sessions.
type SignIn struct {
	Login    string `json:"login" minLength:"1" maxLength:"200"`
	Password string `json:"password" minLength:"1" maxLength:"1000"`
	Device   string `json:"device,omitempty" maxLength:"200"`
	// School says which one, where an installation holds several; where there is one it is ignored.
	School string `json:"school,omitempty" maxLength:"200"`
}

// SignedIn is its answer; the token is shown this once.
type SignedIn struct {
	Token    string   `json:"token"`
	Employee Employee `json:"employee"`
}

// Dial asks for a click-to-call.
type Dial struct {
	Phone   string      `json:"phone" maxLength:"300" doc:"In any spelling, tel: links too; words around the number are left out"`
	Subject *SubjectRef `json:"subject,omitempty"`
	// Group rings a group of the PBX instead of the operator's own telephone.
	Group string `json:"group,omitempty" maxLength:"32"`
	// CommandID makes a repeat harmless: the same id of the same employee gives the call that exists
	// already. Without one the same number within 2 s does.
	CommandID string `json:"command_id,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9-]*$"`
}

// SubjectRef points at a contract or client.
type SubjectRef struct {
	Kind SubjectKind `json:"kind" enum:"contract,client"`
	ID   string      `json:"id" minLength:"1"`
}

// CallNote is a note on a call, written during it or after; one of text and outcome is needed.
type CallNote struct {
	Text    string `json:"text,omitempty" maxLength:"4000"`
	Outcome string `json:"outcome,omitempty" maxLength:"200" doc:"What the call came to: enrolled, thinking, call_back, refused, wrong_number, or own words"`
	// CallBackAt makes a reminder for whoever writes the note.
	CallBackAt *time.Time `json:"call_back_at,omitempty"`
}

// EditNote changes the text of a note; the former text is kept.
type EditNote struct {
	Text string `json:"text" minLength:"1" maxLength:"4000"`
}

// Transfer hands the talking leg to a colleague: at once (blind transfer), or after a
// consultation, while the client waits on hold.
type Transfer struct {
	Extension string `json:"extension" minLength:"1" maxLength:"32"`
	Consult   bool   `json:"consult,omitempty"`
}

// SMSInput is a message through the PBX, in the name of the employee.
type SMSInput struct {
	Phone   string      `json:"phone" maxLength:"300" doc:"In any spelling, tel: links too; words around the number are left out"`
	Text    string      `json:"text" minLength:"1" maxLength:"2000"`
	Subject *SubjectRef `json:"subject,omitempty"`
}

// NewNote is a note on a contract or client.
type NewNote struct {
	Subject SubjectRef `json:"subject"`
	Text    string     `json:"text" minLength:"1" maxLength:"4000"`
}

// ClientInput creates or changes a client; on a change, absent fields stay.
type ClientInput struct {
	Kind          *string   `json:"kind,omitempty" enum:"lead,client"`
	Name          *string   `json:"name,omitempty" maxLength:"300"`
	Phones        *[]string `json:"phones,omitempty" doc:"In any spelling; what is no number is kept as typed and marked"`
	PhoneList     *[]Phone  `json:"phone_list,omitempty" doc:"Instead of phones, with labels"`
	Tags          *[]string `json:"tags,omitempty"`
	Status        *string   `json:"status,omitempty" enum:"new,contacted,thinking,enrolled,refused"`
	ExternalID    *string   `json:"external_id,omitempty" maxLength:"200"`
	Email         *string   `json:"email,omitempty" maxLength:"300"`
	Note          *string   `json:"note,omitempty" maxLength:"10000"`
	ResponsibleID *string   `json:"responsible_id,omitempty"`
}

// ContractInput creates or changes a contract; on a change, absent fields stay.
type ContractInput struct {
	Number        *string   `json:"number,omitempty" maxLength:"64"`
	Name          *string   `json:"name,omitempty" maxLength:"300"`
	Phones        *[]string `json:"phones,omitempty" doc:"In any spelling; what is no number is kept as typed and marked"`
	PhoneList     *[]Phone  `json:"phone_list,omitempty" doc:"Instead of phones, with labels"`
	Tags          *[]string `json:"tags,omitempty"`
	Status        *string   `json:"status,omitempty" enum:"active,finished,cancelled"`
	ExternalID    *string   `json:"external_id,omitempty" maxLength:"200"`
	ClientID      *string   `json:"client_id,omitempty"`
	Category      *string   `json:"category,omitempty" maxLength:"32"`
	Group         *string   `json:"group,omitempty" maxLength:"64"`
	SignedOn      *string   `json:"signed_on,omitempty" maxLength:"10"`
	Note          *string   `json:"note,omitempty" maxLength:"10000"`
	ResponsibleID *string   `json:"responsible_id,omitempty"`
}

// EmployeeInput creates or changes an employee, and its account when a login is given.
type EmployeeInput struct {
	Name      *string `json:"name,omitempty" maxLength:"300"`
	Login     *string `json:"login,omitempty" maxLength:"200"`
	Password  *string `json:"password,omitempty" maxLength:"1000"`
	Role      *Role   `json:"role,omitempty" enum:"operator,manager,accountant,director,admin"`
	Extension *string `json:"extension,omitempty" maxLength:"32"`
	// Active false switches the person off: their sessions and streams end at once.
	Active *bool `json:"active,omitempty"`
}

// IntegrationInput creates or changes an integration; the salt is never sent back.
type IntegrationInput struct {
	Kind       *string `json:"kind,omitempty" enum:"mango"`
	Name       *string `json:"name,omitempty" maxLength:"200"`
	Active     *bool   `json:"active,omitempty"`
	APIKey     *string `json:"api_key,omitempty" maxLength:"200"`
	APISalt    *string `json:"api_salt,omitempty" maxLength:"200"`
	APIURL     *string `json:"api_url,omitempty" maxLength:"500"`
	Forwarding *bool   `json:"forwarding,omitempty"`
	// HookSecret puts a secret word into the address to paste, or takes it out.
	HookSecret  *bool   `json:"hook_secret,omitempty"`
	AddressBook *bool   `json:"address_book,omitempty"`
	Lines       *[]Line `json:"lines,omitempty"`
}

// FeedQuery filters the feed; zero fields do not filter.
type FeedQuery struct {
	Type     string
	Subject  string // "contract:ID" or "client:ID"
	Q        string
	Employee string
	Phone    string
	From, To string // RFC 3339
	Bound    string // "true" or "false"
	Line     string
	Result   string
	Cursor   string
	Limit    int
}
