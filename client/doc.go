// Package client is the server's API as Go: the types that travel, the calls,
// and the event stream. The desktop uses all of it; the server uses the types,
// so the two cannot drift apart. It imports nothing of app/ and holds no rule of
// the domain: it carries, it does not decide.
package client
