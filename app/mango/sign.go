package mango

import (
	"crypto/sha256"
	"encoding/hex"
)

// Sign returns the signature of a form, the same in both directions: the lower
// hex of sha256(key + json + salt), a plain hash and not an HMAC.
//
// json must be the string exactly as it travels: Mango's spacing, key order and
// escapes (\/ and \uXXXX) do not survive being parsed and written again.
func Sign(key, json, salt string) string {
	return hexSum(key + json + salt)
}

// LinkSign returns the signature inside a GET link to a recording. timestamp is
// the moment the link expires, in Unix seconds, written as it stands in the link.
func LinkSign(key, timestamp, recordingID, salt string) string {
	return hexSum(key + timestamp + recordingID + salt)
}

func hexSum(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
