package mango

import "slices"

// Codes that programs decide by. All of them are AllCodes.
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

// AllCodes is the whole appendix of codes of the protocol, in ascending order. It is never written to.
var AllCodes = []int{
	1000, 1001,
	1100, 1110, 1111, 1120, 1121, 1122, 1123, 1124, 1125, 1130, 1131, 1132, 1133, 1134, 1135, 1140, 1150, 1151, 1152, 1160, 1161, 1162, 1163, 1164, 1170, 1171, 1180, 1181, 1182, 1183, 1190, 1191, 1192, 1193,
	1200, 1201, 1202, 1210, 1211, 1212, 1230, 1231, 1232, 1233, 1234, 1235, 1236,
	1300, 1310, 1311, 1312, 1313, 1314,
	2000,
	2100, 2110, 2120, 2130, 2140,
	2200, 2210, 2211, 2212, 2220, 2230, 2240, 2250, 2251, 2252, 2253,
	2300,
	2400,
	3000,
	3100, 3101, 3102, 3103, 3104, 3105, 3106, 3107, 3108, 3109, 3110, 3111, 3112, 3113, 3114, 3115, 3116, 3117, 3118, 3119, 3120, 3121, 3122, 3123, 3124, 3125, 3126, 3127, 3128, 3129, 3130, 3131, 3132, 3133, 3134, 3135, 3136, 3137,
	3200,
	3300, 3310, 3320, 3330, 3340,
	3400,
	3503,
	4000, 4001, 4002,
	4100, 4101, 4102, 4104,
	4200, 4290,
	4300, 4301, 4391, 4392, 4393,
	4400, 4401, 4402, 4403, 4404, 4405,
	4500, 4501, 4502, 4503, 4504, 4505, 4506, 4507,
	5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009, 5010, 5011,
	5101, 5102, 5103, 5104, 5105, 5106, 5107, 5108, 5109, 5110, 5111, 5112, 5113, 5114,
	5200, 5201, 5202, 5203, 5204, 5205, 5206, 5207, 5208, 5209, 5210, 5211, 5212, 5213, 5214, 5215, 5216, 5217, 5218, 5219, 5220, 5221, 5222, 5223, 5224, 5225, 5226, 5227, 5228,
	5300, 5301, 5302,
	6000, 6010, 6011, 6012, 6013, 6014,
	6100, 6101, 6102,
}

// Class returns the known code that stands for code: itself, or, as the document
// prescribes for codes added later, itself with the last digit, then the last
// two, then the last three set to zero. 1119 is read as 1110, 2219 as 2210.
func Class(code int) int {
	for _, unit := range [...]int{1, 10, 100, 1000} {
		if rounded := code / unit * unit; rounded != 0 {
			if slices.Contains(AllCodes, rounded) {
				return rounded
			}
		}
	}
	return code / 1000 * 1000
}
