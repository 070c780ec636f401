package mango

import "fmt"

// Codes that programs decide by. The whole table is in code_table.go.
const (
	CodeDone          = 1000
	CodeEnded         = 1100
	CodeEndedByCaller = 1110
	CodeNoAnswer      = 1111
	CodeEndedByCalled = 1120
	CodeBusy          = 1121
	CodeRejected      = 1122
	CodeQueueTimeout  = 1163
	CodeEndedByAPI    = 1181
	CodePickedUp      = 1182

	CodeBadRequest        = 3000
	CodeBadParameters     = 3100
	CodeNotPOST           = 3101
	CodeBadSign           = 3102
	CodeMissingParam      = 3103
	CodeBadFormat         = 3104
	CodeBadKey            = 3105
	CodeBadNumber         = 3136
	CodeCallNotFound      = 3310
	CodeRecordNotFound    = 3320
	CodeNumberNotFound    = 3330
	CodeMalformedJSON     = 3400
	CodeNotSupported      = 4001
	CodeImpossible        = 4100
	CodeCallEnded         = 4101
	CodeServerMalfunction = 5000
)

// Words says what a code means, as the middle of a sentence, in both languages of the product.
type Words struct{ RU, EN string }

// Class returns the known code that stands for code: itself, or, as the document
// prescribes for codes added later, itself with the last digit, then the last
// two, then the last three set to zero. 1119 is read as 1110, 2219 as 2210.
func Class(code int) int {
	for _, unit := range [...]int{1, 10, 100, 1000} {
		if rounded := code / unit * unit; rounded != 0 {
			if _, known := words[rounded]; known {
				return rounded
			}
		}
	}
	return code / 1000 * 1000
}

// Explain returns the words of a code, or those of its class.
func Explain(code int) Words {
	if w, ok := words[Class(code)]; ok {
		return w
	}
	return Words{
		RU: fmt.Sprintf("неизвестный код АТС %d", code),
		EN: fmt.Sprintf("unknown PBX code %d", code),
	}
}
