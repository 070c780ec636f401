// Package account holds what we sign in to a PBX with: the fields that its kind asks for. It decides
// what may be given and what must be; secret fields are kept sealed, told to nobody, and asked for
// again when the address leads to another host. It knows no kind by name and does no I/O.
package account

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dozvon/app/server/access"
	"dozvon/app/server/crm"
	"dozvon/app/server/outbound"
	"dozvon/app/server/pbx"
	"dozvon/app/server/store"
	"dozvon/app/server/texts"
	"dozvon/client"
)

// saltField is the credential that the API also takes and tells beside credentials.
const saltField = "api_salt"

// valueLimit bounds a field, in characters.
const valueLimit = 500

// Rules are what an account is changed under. All fields are required.
type Rules struct {
	Sealer *access.Sealer
	Kind   pbx.Kind
	// Outbound says which addresses beside the public ones a field may name.
	Outbound outbound.Policy
}

// Change puts what was given into an integration's account. It returns every fault, by the names that
// the kind tells; hadURL is the address before the change, which what is sealed was given for.
func (r Rules) Change(i *store.Integration, hadURL string, in client.IntegrationInput) (faults []crm.Fault, err error) {
	kind, sealer, bad := r.Kind, r.Sealer, &crm.Invalid{}
	given := r.givenFields(in, bad)
	fields, sealed := maps.Clone(i.Fields), maps.Clone(i.Sealed)
	if fields == nil {
		fields = map[string]string{}
	}
	if sealed == nil {
		sealed = map[string]string{}
	}
	moved := !sameHost(hadURL, i.APIURL)
	for _, c := range kind.Credentials {
		value, isGiven := given[c.Name]
		switch {
		case !c.Secret && isGiven && c.Name == pbx.KeyField:
			i.APIKey = value
		case !c.Secret && isGiven:
			setOrDrop(fields, c.Name, value)
		case c.Secret && value != "":
			if sealed[c.Name], err = sealer.Seal(value); err != nil {
				return nil, fmt.Errorf("sealing %s: %w", c.Name, err)
			}
			if c.Name == pbx.KeyField {
				i.APIKey, i.KeyPrint = "", sealer.Print(kind.Name+" "+c.Name, value)
			}
		case c.Secret && isGiven && c.Optional:
			delete(sealed, c.Name)
		case c.Secret && moved && i.Sealed[c.Name] != "":
			bad.Add(c.Name, texts.Of("fault.give_again"))
		}
		if set := sealed[c.Name] != "" || fields[c.Name] != "" || !c.Secret && c.Name == pbx.KeyField && i.APIKey != ""; !set && !c.Optional {
			bad.Add(c.Name, texts.Of("fault.empty"))
		}
	}
	i.Fields, i.Sealed = fields, sealed
	i.HasSalt = sealed[saltField] != ""
	return bad.Faults, nil
}

func setOrDrop(fields map[string]string, name, value string) {
	if value == "" {
		delete(fields, name)
		return
	}
	fields[name] = value
}

// givenFields are the fields of an input by name, whichever way they were given. A blank alias is one
// that was not given; so is a blank secret, unless it may be missing: then it is taken out.
func (r Rules) givenFields(in client.IntegrationInput, bad *crm.Invalid) map[string]string {
	kind, given := r.Kind, map[string]string{}
	for name, value := range in.Credentials {
		given[name] = strings.TrimSpace(value)
	}
	for name, alias := range map[string]*string{pbx.KeyField: in.APIKey, saltField: in.APISalt} {
		if alias == nil {
			continue
		}
		value := strings.TrimSpace(*alias)
		if had, both := given[name]; both && had != value {
			bad.Add(name, texts.Of("fault.differs"))
		}
		if value != "" || knows(kind, name) && !secret(kind, name) {
			given[name] = value
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if fault := r.fault(name, given[name]); !fault.IsZero() {
			bad.Add(shortName(name), fault)
		}
	}
	return given
}

// fault tells what is wrong with a field; zero: nothing. That it is empty is judged elsewhere.
func (r Rules) fault(name, value string) texts.Message {
	c, known := field(r.Kind, name)
	switch {
	case !known:
		return texts.Of("fault.no_such_field")
	case utf8.RuneCountInString(value) > valueLimit:
		return texts.Of("fault.too_long", texts.Args{"most": valueLimit})
	case strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsGraphic(r) }):
		return texts.Of("fault.hidden_characters")
	case value != "" && c.Check != nil:
		return c.Check(value, r.Outbound)
	}
	return texts.Message{}
}

// shortName is a name that somebody made up, as far as a refusal repeats it.
func shortName(name string) string {
	const most = 40
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return name
}

func field(kind pbx.Kind, name string) (pbx.Credential, bool) {
	at := slices.IndexFunc(kind.Credentials, func(c pbx.Credential) bool { return c.Name == name })
	if at < 0 {
		return pbx.Credential{}, false
	}
	return kind.Credentials[at], true
}

func knows(kind pbx.Kind, name string) bool {
	_, ok := field(kind, name)
	return ok
}

func secret(kind pbx.Kind, name string) bool {
	c, _ := field(kind, name)
	return c.Secret
}

// sameHost reports whether two addresses are of one host. Secrets were given for it.
func sameHost(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && strings.EqualFold(x.Host, y.Host) && x.Scheme == y.Scheme
}

// Show adds to an integration the fields that are told.
func Show(kind pbx.Kind, i store.Integration, to *client.Integration) {
	to.Credentials = maps.Clone(i.Fields)
	if to.Credentials == nil {
		to.Credentials = map[string]string{}
	}
	if i.APIKey != "" {
		to.Credentials[pbx.KeyField] = i.APIKey
	}
	to.Secrets = slices.Sorted(maps.Keys(i.Sealed))
	to.HasSalt = i.Sealed[saltField] != ""
}

// Open is the account as an adapter needs it; access.ErrSeal when a secret was sealed with another key.
func Open(sealer *access.Sealer, i store.Integration) (map[string]string, error) {
	all := maps.Clone(i.Fields)
	if all == nil {
		all = map[string]string{}
	}
	if i.APIKey != "" {
		all[pbx.KeyField] = i.APIKey
	}
	for name, box := range i.Sealed {
		value, err := sealer.Unseal(box)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = value
	}
	return all, nil
}

// Same reports whether two states of an integration have the same account, kept the same way: the
// adapter of one serves the other.
func Same(a, b store.Integration) bool {
	return a.Kind == b.Kind && a.APIKey == b.APIKey && a.KeyPrint == b.KeyPrint && a.APIURL == b.APIURL &&
		maps.Equal(a.Fields, b.Fields) && maps.Equal(a.Sealed, b.Sealed)
}

// Name tells accounts apart under which nodes keep what they know together; it is no secret.
func Name(i store.Integration) string {
	// As version 0.5 named an account of a key and a salt.
	name := i.APIKey + i.KeyPrint + "\x00" + i.Sealed[saltField] + "\x00" + i.APIURL
	rest := maps.Clone(i.Fields)
	if rest == nil {
		rest = map[string]string{}
	}
	for field, box := range i.Sealed {
		if field != saltField {
			rest[field] = box
		}
	}
	if len(rest) > 0 {
		raw, _ := json.Marshal(rest) // a map of texts always encodes, its names in order
		name += "\x00" + string(raw)
	}
	return name
}

// Print is the keyed fingerprint of an opened account and of the word in its address: what was
// agreed on with one account and address does not hold for another. The host in the address is this
// server's, which may be reached by several names, and tells nothing.
func Print(sealer *access.Sealer, i store.Integration, credentials map[string]string, hookURL string) string {
	word := hookURL
	if u, err := url.Parse(hookURL); err == nil {
		word = u.Path
	}
	raw, _ := json.Marshal([]any{i.Kind, i.APIURL, credentials, word}) // texts always encode, names in order
	return sealer.Print("account", string(raw))
}
