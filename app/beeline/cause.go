package beeline

import "strings"

// Numbers of ours for the words of internalReleaseCause, in the manner of SIP (section 14).
const (
	CodeRequestFailure         = 400
	CodeInsufficientCredits    = 402
	CodeForbidden              = 403
	CodeUserNotFound           = 404
	CodeRequestTimeout         = 408
	CodeTemporarilyUnavailable = 480
	CodeTranslationFailure     = 484
	CodeBusy                   = 486
	CodeDialToneTimeout        = 487
	CodeServerFailure          = 500
	CodeRoutingFailure         = 502
	CodeGlobalFailure          = 600
	// CodeOther is any word that the list does not hold.
	CodeOther = 999
)

// causes are the words as the schema lists them.
var causes = map[string]int{
	"busy": CodeBusy, "temporarily unavailable": CodeTemporarilyUnavailable, "forbidden": CodeForbidden,
	"request timeout": CodeRequestTimeout, "server failure": CodeServerFailure, "user not found": CodeUserNotFound,
	"translation failure": CodeTranslationFailure, "routing failure": CodeRoutingFailure, "request failure": CodeRequestFailure,
	"global failure": CodeGlobalFailure, "dial tone timeout": CodeDialToneTimeout, "insufficient credits": CodeInsufficientCredits,
}

// Code is the number of a cause; 0 when there is none.
func (c Cause) Code() int {
	word := strings.ToLower(strings.TrimSpace(c.Word))
	if word == "" {
		if c == (Cause{}) {
			return 0
		}
		return CodeOther
	}
	if code, ok := causes[word]; ok {
		return code
	}
	return CodeOther
}
