package beeline

import "strings"

// Address is what one of the PBX's addresses holds: tel:+7…, tel:101, sip:+7…@…;user=phone (section 5.2).
type Address struct {
	// Digits is the number without its plus; empty where the address holds none.
	Digits string
	Plus   bool
	// Extension stands behind it: tel:+79600000102;ext=102.
	Extension string
}

// shortest is how many digits an outside number has at least; an extension has fewer.
const shortest = 10

// IsExtension reports whether the address is an internal number.
func (a Address) IsExtension() bool { return a.Digits != "" && !a.Plus && len(a.Digits) < shortest }

// ReadAddress reads an address. Digits are taken from a number alone, never out of an id that holds
// some (section 16, oddity 12), and not of the PBX's own service numbers (section 6).
func ReadAddress(text string) Address {
	text = strings.TrimSpace(text)
	if scheme, rest, ok := strings.Cut(text, ":"); ok {
		switch strings.ToLower(scheme) {
		case "tel", "sip", "sips":
			text = rest
		default:
			return Address{}
		}
	}
	main, parameters, _ := strings.Cut(text, ";")
	main, _, _ = strings.Cut(main, "@")
	var a Address
	for parameter := range strings.SplitSeq(parameters, ";") {
		if name, value, _ := strings.Cut(parameter, "="); strings.EqualFold(name, "ext") && onlyDigits(value) {
			a.Extension = value
		}
	}
	main = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(main)
	digits, plus := strings.CutPrefix(main, "+")
	if !onlyDigits(digits) || len(digits) > maxDigits || isService(digits) {
		return a
	}
	a.Digits, a.Plus = digits, plus
	return a
}

// maxDigits is the longest number that E.164 knows, with the prefixes that people dial before it.
const maxDigits = 20

// isService tells numbers of the PBX's own that stand where a client's is expected.
func isService(digits string) bool { return len(digits) >= 13 && strings.HasPrefix(digits, "20") }

func onlyDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// Dialable writes an E.164 number as commands and rules want it: ten digits of Russia's numbering
// plan, all else with its plus (section 9).
func Dialable(e164 string) string {
	if digits, ok := strings.CutPrefix(e164, "+7"); ok && len(digits) == 10 {
		return digits
	}
	return e164
}

// TargetKind is what a userId stands for.
type TargetKind int

// Kinds of targets. Only the directory tells an employee from a line.
const (
	TargetPerson TargetKind = iota // an employee, or a multichannel line
	TargetMenu                     // a voice menu: that it "answers" is no talk
	TargetQueue                    // a call centre, a hunt group
)

// KindOf tells by a userId whether it is the PBX's own (section 6).
func KindOf(userID string) TargetKind {
	id := strings.ToLower(userID)
	switch {
	case strings.Contains(id, "_vxml"):
		return TargetMenu
	case IsCallCentre(userID), strings.Contains(id, "_hg_"):
		return TargetQueue
	}
	return TargetPerson
}

// IsCallCentre reports whether a userId is a call centre's, or the system's.
func IsCallCentre(userID string) bool { return strings.HasPrefix(strings.ToLower(userID), "mpbx") }

// LocalPart is a userId without its domain.
func LocalPart(userID string) string {
	local, _, _ := strings.Cut(userID, "@")
	return local
}
