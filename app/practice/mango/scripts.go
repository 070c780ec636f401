package mango

import (
	"dozvon/app/mango"
	"dozvon/app/practice/mango/cast"
)

// scripts has every scenario by name. It is never written to.
var scripts = map[string]script{
	"answered": {
		about: "voice menu, then the employee answers; recorded", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, ends: mango.CodeEndedByCaller,
	},
	"direct": {
		about: "straight to the employee, who answers and hangs up", direction: mango.DirectionInbound,
		to: "102", rule: answers, ends: mango.CodeEndedByCalled,
	},
	"anonymous": {
		about: "a hidden number, answered", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, anonymous: true, ends: mango.CodeEndedByCaller,
	},
	"dtmf": {
		about: "the client keys digits into the menu, then 104 answers", direction: mango.DirectionInbound,
		to: "104", ivr: true, digits: []digits{{"2", "ivr"}, {"4417", "ivr.2"}}, rule: answers, ends: mango.CodeEndedByCaller,
	},
	"forwarded-mobile": {
		about: "answered on the employee's mobile: two 11-digit numbers", direction: mango.DirectionInbound,
		to: "105", ivr: true, rule: answers, mobile: true, ends: mango.CodeEndedByCaller,
	},
	"sip-line": {
		about: "comes to a line that is a sip: address", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, line: cast.SIPLine, ends: mango.CodeEndedByCaller,
	},
	"missed": {
		about: "the employee does not answer", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: NoAnswer}, forced: true,
	},
	"busy": {
		about: "the employee's telephone is busy", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: Busy}, forced: true,
	},
	"busy-dnd": {
		about: "the employee is in do not disturb: 1123", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: Busy}, forced: true, code: 1123,
	},
	"unknown-code": {
		about: "not answered, with a code of no table: 1119, to be read as 1110", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: NoAnswer}, forced: true, code: 1119,
	},
	"declined": {
		about: "the employee declines the call", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: Rule{Outcome: Declines}, forced: true,
	},
	"ivr-abandoned": {
		about: "the client hangs up in the voice menu", direction: mango.DirectionInbound,
		to: "101", ivr: true, abandoned: true,
	},
	"group": {
		about: "three telephones ring at once, one answers", direction: mango.DirectionInbound,
		to: cast.GroupExtension, ivr: true, rule: answers, winner: "102", ends: mango.CodeEndedByCaller,
	},
	"serial-group": {
		about: "the group's telephones ring one after another, the second answers", direction: mango.DirectionInbound,
		to: cast.GroupExtension, ivr: true, serial: true, rule: answers, winner: "102", ends: mango.CodeEndedByCaller,
	},
	"queue-answered": {
		about: "the client waits in the group's queue until the second answers", direction: mango.DirectionInbound,
		to: cast.GroupExtension, ivr: true, queue: true, rule: answers, winner: "102", ends: mango.CodeEndedByCaller,
	},
	"group-missed": {
		about: "the group's queue times out, nobody answers", direction: mango.DirectionInbound,
		to: cast.GroupExtension, ivr: true, queue: true, rule: Rule{Outcome: NoAnswer}, forced: true,
	},
	"pickup": {
		about: "a colleague picks the ringing call up", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, pickup: "104", ends: mango.CodeEndedByCalled,
	},
	"hold": {
		about: "answered, put on hold twice, resumed", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, holds: 2, ends: mango.CodeEndedByCalled,
	},
	"transfer-blind": {
		about: "answered, then handed over to 103", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, transferTo: "103", ends: mango.CodeEndedByCalled,
	},
	"transfer-consult": {
		about: "answered, then handed over to 102 who was asked first", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, consult: "102", ends: mango.CodeEndedByCaller,
	},
	"transfer-consult-cancelled": {
		about: "102 is asked and does not take the call; 101 talks on", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, consult: "102", cancels: true, ends: mango.CodeEndedByCaller,
	},
	"two-recordings": {
		about: "handed over to 103, each employee recorded by himself", direction: mango.DirectionInbound,
		to: "101", ivr: true, rule: answers, transferTo: "103", recordEach: true, ends: mango.CodeEndedByCalled,
	},
	"outbound": {
		about: "the employee dials the client from his telephone", direction: mango.DirectionOutbound,
		from: "102", rule: answers, ends: mango.CodeEndedByCalled,
	},
	"outbound-busy": {
		about: "the client's telephone is busy", direction: mango.DirectionOutbound,
		from: "102", rule: Rule{Outcome: Busy}, forced: true,
	},
	"outbound-missed": {
		about: "the client does not answer", direction: mango.DirectionOutbound,
		from: "102", rule: Rule{Outcome: NoAnswer}, forced: true,
	},
	"widget": {
		about: "the site's widget rings the employee, then the client", direction: mango.DirectionOutbound,
		from: "101", rule: answers, widget: true, ends: mango.CodeEndedByCaller,
	},
	"internal": {
		about: "one employee calls another", direction: mango.DirectionInternal,
		from: "101", to: "102", rule: answers, ends: mango.CodeEndedByCaller,
	},
	"internal-missed": {
		about: "one employee calls another, who does not answer", direction: mango.DirectionInternal,
		from: "101", to: "102", rule: Rule{Outcome: NoAnswer}, forced: true,
	},
}

// widgetInitiator marks a widget's legs. Its first letter is a Cyrillic С, as the document spells
// such values (oddity 13 of the reference); that the widget's is so too is inferred.
const widgetInitiator mango.Text = "СallbackWidget"
