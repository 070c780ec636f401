// Package telephones lets a practice PBX ring real telephones: any softphone that speaks SIP. It has
// a registrar with an account for each employee, rings all devices of an extension, shows the caller
// and the name that the PBX was told, and tells the PBX's call what a telephone does: the call model
// stays the only truth, so that events and SIP say the same. Whoever has no telephone here, the
// client above all, is played from speech. What both sides say is mixed, recorded and encoded.
//
// It speaks UDP and G.711 (PCMA, PCMU) only; requests are signed by digest (RFC 3261, section 22). A
// device is reached at the address from which it registered, so that one behind NAT is reached too.
// It has no protection beyond digest and limits on memory: serve it where only people you know are.
package telephones
