package telephony

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dozvon/app/desktop/i18n"
	"dozvon/client"
)

// Names of the credentials that integrations had before kinds told theirs: what an older server
// holds of them stands in fields of its own.
const (
	keyField  = "api_key"
	saltField = "api_salt"
)

// kind is a make of PBX as the server describes it.
type kind struct {
	client.PBXKind
	// described is false for a kind that the server no longer tells of: then nothing is known of what
	// it can do, and nothing is left out.
	described bool
}

// kindOf finds the description of an integration's kind, or makes one of what the integration has.
func (s *State) kindOf(it client.Integration) kind {
	for _, k := range s.kinds {
		if k.Kind == it.Kind {
			return kind{k, true}
		}
	}
	k := client.PBXKind{Kind: it.Kind, Title: it.Kind}
	names := slices.Sorted(maps.Keys(it.Credentials))
	if len(names) == 0 && it.APIKey != "" {
		names = []string{keyField}
	}
	for _, name := range names {
		k.Credentials = append(k.Credentials, client.CredentialField{Name: name, Label: name})
	}
	secrets := it.Secrets
	if len(secrets) == 0 && it.HasSalt {
		secrets = []string{saltField}
	}
	for _, name := range secrets {
		k.Credentials = append(k.Credentials, client.CredentialField{Name: name, Label: name, Secret: true})
	}
	return kind{k, false}
}

// can tells whether a PBX of this kind does something.
func (k kind) can(what client.Capability) bool {
	return !k.described || slices.Contains(k.Capabilities, what)
}

// routes tells whether callers can be sent to their responsible employee, in whatever way.
func (k kind) routes() bool {
	return k.can(client.CapRoute) || k.can(client.CapRouteRules) || k.can(client.CapRouteAnswer)
}

// value is what the server holds of a credential that is no secret.
func value(it client.Integration, name string) string {
	if v, ok := it.Credentials[name]; ok {
		return v
	}
	if name == keyField {
		return it.APIKey
	}
	return ""
}

// holds tells whether the server keeps a secret credential.
func holds(it client.Integration, name string) bool {
	return slices.Contains(it.Secrets, name) || name == saltField && it.HasSalt && len(it.Secrets) == 0
}

// needs says what is copied from the cabinet: «адрес, ключ АТС».
func (k kind) needs(text *i18n.Text) string {
	var out []string
	if k.DefaultURL == "" && k.described {
		out = append(out, text.T("tel.address"))
	}
	for _, field := range k.Credentials {
		if !field.Optional {
			out = append(out, text.Either(field.Label, field.LabelEN))
		}
	}
	for n := range out {
		out[n] = i18n.Lowered(out[n])
	}
	return enumerated(text, out)
}

// mark is the initials of a name: the capitals of its first word, two at most.
func mark(name string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(name), " ")
	var out []rune
	for _, r := range word {
		if unicode.IsUpper(r) && len(out) < 2 {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		if first, _ := utf8.DecodeRuneInString(word); first != utf8.RuneError {
			out = []rune{unicode.ToUpper(first)}
		}
	}
	return string(out)
}
