package pbx

import "context"

type unattendedKey struct{}

// Unattended marks what nobody asked for and nobody waits for: an adapter lets people go first, and
// sends nothing of it while a second refusal would close the PBX's API to them.
func Unattended(ctx context.Context) context.Context {
	return context.WithValue(ctx, unattendedKey{}, true)
}

// IsUnattended reports whether ctx is marked so.
func IsUnattended(ctx context.Context) bool {
	yes, _ := ctx.Value(unattendedKey{}).(bool)
	return yes
}
