package mango

import "encoding/json"

// Paths of the address book (Mango VPBX API, section 3.9).
const (
	PathBookInit   = "ab/contact/init"
	PathBookCursor = "ab/contact/cursor"
	PathBookCreate = "ab/contacts/create"
	PathBookUpdate = "ab/contacts/update"
	PathBookDelete = "ab/contacts/delete"
	// PathBookEvents precedes the kind of object in the events about changes.
	PathBookEvents = "events/ab/"
)

// MaxBookBatch is how many contacts one write or one page may hold.
const MaxBookBatch = 500

// Types of a contact's telephone.
const (
	PhoneLandline Int = 0
	PhoneMobile   Int = 1
	PhoneOther    Int = 4
)

// Contact is an entry of the PBX's own address book. In an update, a telephone whose id is not
// repeated is deleted, and a group that is not named loses the contact.
type Contact struct {
	ContactID Text           `json:"contact_id,omitempty"`
	Name      Text           `json:"name,omitempty"`
	Phones    []ContactPhone `json:"phones,omitempty"`
	Comment   Text           `json:"comment,omitempty"`
	Groups    []ContactGroup `json:"groups,omitempty"`
	// UserID is the personal employee; it comes only with contact_ext_fields.
	UserID Int `json:"user_id,omitempty"`
}

// ContactPhone is one number of a contact.
type ContactPhone struct {
	PhoneID Text `json:"phone_id,omitempty"`
	Type    Int  `json:"type"`
	Phone   Text `json:"phone"`
	// Digits is read only.
	Digits    Text `json:"phone_num,omitempty"`
	Comment   Text `json:"comment,omitempty"`
	IsDefault Flag `json:"is_default,omitempty"`
}

// ContactGroup is a group of the book, by id or by name.
type ContactGroup struct {
	GroupID Text `json:"group_id,omitempty"`
	Name    Text `json:"group_name,omitempty"`
}

// BookInit opens the book for reading. Query is required; empty means everything.
type BookInit struct {
	Query     Text                `json:"query"`
	Limit     Int                 `json:"limit_rows,omitempty"` // default 10, at most MaxBookBatch
	Order     []map[string]string `json:"order,omitempty"`
	ExtFields Flag                `json:"contact_ext_fields,omitempty"`
}

// BookCursor reads another page; Mode is next-page-1 and the like.
type BookCursor struct {
	Cursor    Text `json:"cursor"`
	Mode      Text `json:"mode"`
	ExtFields Flag `json:"contact_ext_fields,omitempty"`
}

// BookPage is a page of contacts.
type BookPage struct {
	Result Int       `json:"result"`
	Data   []Contact `json:"data"`
	State  BookState `json:"state"`
}

// BookState tells where in the book a page stands.
type BookState struct {
	Info   BookInfo `json:"info"`
	Cursor Text     `json:"cursor"`
}

// BookInfo counts rows and pages; Page begins at 1.
type BookInfo struct {
	Page  Int `json:"page"`
	From  Int `json:"from"`
	Size  Int `json:"size"`
	Limit Int `json:"limit"`
	Total Int `json:"total_rows"`
	Pages Int `json:"pages"`
}

// BookWrite creates or updates contacts.
type BookWrite struct {
	Data []Contact `json:"data"`
	// OnError is skip (duplicates are left out silently) or duplicate.
	OnError Text `json:"on_error,omitempty"`
}

// BookDelete removes contacts by id.
type BookDelete struct {
	Data []Text `json:"data"`
}

// BookWritten answers a write. Data is keyed by contact_id; Skipped are indices into the
// request's Data, from 0.
type BookWritten struct {
	Result Codes            `json:"result"`
	Data   map[Text]Contact `json:"data"`
	// Skipped must be read: a duplicate is no error.
	Skipped []Int `json:"skipped"`
}

// Codes is a result that reads and deletes write as a number and other writes as a list.
type Codes []Int

// UnmarshalJSON reads 1000, "1000" or [1000].
func (c *Codes) UnmarshalJSON(raw []byte) error {
	var many []Int
	if err := json.Unmarshal(raw, &many); err == nil {
		*c = many
		return nil
	}
	var one Int
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*c = Codes{one}
	return nil
}
