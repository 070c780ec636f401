// Package beeline is the practice PBX of Beeline («Облачная АТС»): the REST API of the portal with its
// token, subscriptions that expire and vanish, and the events of calls as XML to the subscribed address.
// Demonstrations, training and tests run against it instead of a paid PBX.
//
// It follows the reference (protocol/beeline-vpbx.md) and the samples, not the code that talks to it:
// where no source says what the real one does, the comment says "inferred", and where sources differ,
// a setting chooses. What really happened is kept apart from what was told: [PBX.List], the statistics
// and the recordings stay true while [Faults] lose, duplicate, delay and reorder the events.
//
// It never carries sound or SIP and stores nothing on disk. The control API has no login; serve it on a
// loopback address only.
package beeline
