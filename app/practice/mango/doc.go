// Package mango holds the practice PBX: Mango Office's side of the protocol,
// with employees, lines, telephones that answer by rules, and a voice menu.
// Demonstrations, training and tests run against it instead of a paid PBX.
//
// It signs and checks like the real one, refuses what the real one refuses,
// keeps its rate limits and its block, and sends the events of a call in the
// order the reference shows. Where no source says what the real one does, the
// comment says "inferred".
//
// What really happened is kept apart from what was told: [PBX.List], the
// statistics and [PBX.AddressBook] stay true while [Faults] lose, duplicate, delay and
// spoil the webhooks. [PBX.Day] plays a whole day in a moment, [PBX.Drain] waits
// until it has been told.
//
// It carries neither sound nor SIP itself: a real telephone that is registered at an extension
// (Config.Telephones) rings instead of the simulated one, and what its owner does takes the place of
// rules and scenarios. It stores nothing on disk, and knows nothing of the server it talks to but the
// address and the two keys. The control API has no login; serve it on a loopback address only.
package mango
