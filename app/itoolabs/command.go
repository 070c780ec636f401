package itoolabs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// PathOld is where the old API takes its commands, as a form with cmd and token; PathNew begins the
// addresses of the new one, which takes HeaderKey (section 1).
const (
	PathOld   = "sys/crm_api.wcgp"
	PathNew   = "crmapi/v1/"
	HeaderKey = "X-API-KEY"
	// FieldKey is the old API's field for the same key.
	FieldKey = "token"
)

// Commands of ours in the old API, and the paths of the same in the new one (section 7).
const (
	OldAccounts = "accounts"
	OldMakeCall = "makeCall"
	OldHistory  = "history"
	NewAccounts = "users"
	NewMakeCall = "makecall"
	NewHistory  = "history/json"
)

// Account is an employee in the PBX's own list.
type Account struct {
	Login, Name, Ext string
	Telnum           string // direct number, or a mobile that rings with the extension
}

// accountJSON has the fields of both APIs: the old one calls the login name, and the name realName.
type accountJSON struct {
	Login    text `json:"login"`
	Name     text `json:"name"`
	RealName text `json:"realName"`
	Ext      text `json:"ext"`
	Telnum   text `json:"telnum"`
}

// MakeCall is the new API's click-to-call. Phone is digits alone.
type MakeCall struct {
	Phone string `json:"phone"`
	User  string `json:"user"`
}

// ReadAccounts reads the employees of either API: a list, or an object with items. Whoever has no login
// is left out. ErrMalformed.
func ReadAccounts(body []byte) ([]Account, error) {
	var all []accountJSON
	if err := readItems(body, &all); err != nil {
		return nil, fmt.Errorf("reading the employees: %w", err)
	}
	out := []Account{}
	for _, a := range all {
		account := Account{Login: string(a.Login), Name: CleanText(string(a.Name)), Ext: string(a.Ext), Telnum: string(a.Telnum)}
		if account.Login == "" {
			account.Login, account.Name = string(a.Name), CleanText(string(a.RealName))
		}
		if account.Login != "" && !IsGroup(account.Login) {
			out = append(out, account)
		}
	}
	return out, nil
}

// readItems reads a list that stands alone or as the items of an object.
func readItems(body []byte, into any) error {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if bytes.HasPrefix(body, []byte("{")) {
		var page struct {
			Items json.RawMessage `json:"items"`
		}
		if err := json.Unmarshal(body, &page); err != nil {
			return fmt.Errorf("%w: %w", ErrMalformed, err)
		}
		body = page.Items
	}
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		return fmt.Errorf("%w: no list", ErrMalformed)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return nil
}

// madeKey is what a click-to-call's answer must look like to be a call's id (section 7).
var madeKey = regexp.MustCompile(`^[\w.:-]{1,128}$`)

// noKeys are words that look like an id and are none.
var noKeys = map[string]bool{"null": true, "none": true, "ok": true, "true": true, "false": true, "success": true, "accepted": true, "0": true, "1": true}

// ReadMadeCall reads the id of the call from the answer to a click-to-call: bare text, a JSON string, or
// an object with callid. Empty: it tells none (section 13).
func ReadMadeCall(body []byte) string {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	key := string(body)
	if bytes.HasPrefix(body, []byte("{")) {
		var answer struct {
			CallID text `json:"callid"`
		}
		if json.Unmarshal(body, &answer) != nil {
			return ""
		}
		key = string(answer.CallID)
	}
	if bytes.HasPrefix(body, []byte(`"`)) && json.Unmarshal(body, &key) != nil {
		return ""
	}
	if !madeKey.MatchString(key) || noKeys[strings.ToLower(key)] {
		return ""
	}
	return key
}

// ReadRefusal reads the PBX's own words in an answer that is an error: {"error":…} of the old API,
// {"message":…} of the new one. Empty: there are none.
func ReadRefusal(body []byte) string {
	var answer struct {
		Error   text `json:"error"`
		Message text `json:"message"`
	}
	if json.Unmarshal(bytes.TrimSpace(body), &answer) != nil {
		return ""
	}
	if answer.Error != "" {
		return CleanText(string(answer.Error))
	}
	return CleanText(string(answer.Message))
}

// IsPage tells a page for people, which under any status means a failure (section 11).
func IsPage(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff"))), []byte("<"))
}

// text reads a string, or a number's digits; anything else is empty.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return err
	}
	s, ok := scalarText(value)
	if !ok || strings.ContainsRune(s, 0) {
		s = ""
	}
	*t = text(strings.TrimSpace(s))
	return nil
}
