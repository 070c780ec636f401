package itoolabs

import "strings"

// Result is what became of a call, as history tells it (section 3.2).
type Result string

// Results. ResultUnknown is what the PBX may add one day.
const (
	ResultSuccess      Result = "Success"
	ResultMissed       Result = "missed"
	ResultCancel       Result = "Cancel"
	ResultBusy         Result = "Busy"
	ResultNotAvailable Result = "NotAvailable"
	ResultNotAllowed   Result = "NotAllowed"
	ResultNotFound     Result = "NotFound"
	ResultUnknown      Result = ""
)

// codes give the results numbers, because the PBX has none: those of SIP that mean the same (section 11).
var codes = map[Result]int{
	ResultSuccess: 200, ResultNotAllowed: 403, ResultNotFound: 404, ResultMissed: 408,
	ResultNotAvailable: 480, ResultBusy: 486, ResultCancel: 487,
}

// ReadResult reads a status in any capitals: "Missed" and "missed" are one (section 13).
func ReadResult(status string) Result {
	for r := range codes {
		if strings.EqualFold(string(r), strings.TrimSpace(status)) {
			return r
		}
	}
	return ResultUnknown
}

// Code is the result's number; 0 for an unknown one.
func (r Result) Code() int { return codes[r] }
