// Package practice holds the practice PBX: Mango Office's side of the protocol,
// with employees, lines, telephones that answer by rules, and a voice menu.
// Demonstrations, training and tests run against it instead of a paid PBX.
//
// It signs and checks like the real one, keeps its rate limits, and sends the
// events of a call in the order the reference shows. It never carries sound or
// SIP, stores nothing on disk, and knows nothing of the server it talks to but
// the address and the two keys. The control API has no login; serve it on a
// loopback address only.
package practice
