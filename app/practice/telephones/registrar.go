package telephones

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

const (
	// realm is what the accounts are of.
	realm = name
	// nonceLife is how long a challenge can be answered; then the telephone gets a new one.
	nonceLife = 5 * time.Minute
	// longestRegistration and shortestRegistration bound what a telephone may ask for.
	longestRegistration, shortestRegistration = time.Hour, 10 * time.Second
	// mostDevices is how many one extension may have.
	mostDevices = 8
)

// contact is a device that is registered.
type contact struct {
	uri     sip.Uri
	source  string // host:port that its registration came from
	expires time.Time
}

// registrar knows which devices an extension has (RFC 3261, section 10).
type registrar struct {
	password string
	secret   [32]byte // of the nonces, which so need no memory

	mu       sync.Mutex // guards what follows
	accounts map[string][]contact
}

func newRegistrar(password string) *registrar {
	r := &registrar{password: password, accounts: map[string][]contact{}}
	_, _ = rand.Read(r.secret[:]) // never fails (crypto/rand)
	return r
}

func (r *registrar) admit(extensions []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, extension := range extensions {
		if _, had := r.accounts[extension]; !had {
			r.accounts[extension] = nil
		}
	}
}

// contacts are the devices of an extension whose registration lasts.
func (r *registrar) contacts(extension string) []contact {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.live(extension, time.Now()))
}

// live drops what has run out. The caller holds mu.
func (r *registrar) live(extension string, now time.Time) []contact {
	list := slices.DeleteFunc(r.accounts[extension], func(c contact) bool { return !c.expires.After(now) })
	if _, known := r.accounts[extension]; known {
		r.accounts[extension] = list
	}
	return list
}

// register answers a REGISTER.
func (r *registrar) register(req *sip.Request, tx sip.ServerTransaction) {
	respond(tx, r.answer(req))
}

// respond sends an answer; one that cannot be sent is asked for again.
func respond(tx sip.ServerTransaction, res *sip.Response) { _ = tx.Respond(res) }

func (r *registrar) answer(req *sip.Request) *sip.Response {
	to := req.To()
	if to == nil || to.Address.User == "" {
		return sip.NewResponseFromRequest(req, sip.StatusBadRequest, "Whose extension is missing", nil)
	}
	extension := to.Address.User
	if refused := r.authorize(req, extension); refused != nil {
		return refused
	}
	wanted := req.Contact()
	if wanted != nil {
		if !r.bind(extension, req, wanted) {
			return sip.NewResponseFromRequest(req, sip.StatusForbidden, "Too many telephones at this extension", nil)
		}
	}
	res := sip.NewResponseFromRequest(req, sip.StatusOK, "OK", nil)
	now := time.Now()
	for _, c := range r.contacts(extension) {
		params := sip.NewParams()
		params.Add("expires", strconv.Itoa(int(c.expires.Sub(now).Round(time.Second)/time.Second)))
		res.AppendHeader(&sip.ContactHeader{Address: c.uri, Params: params})
	}
	return res
}

// bind adds, renews or removes a device; it reports false if there are too many.
func (r *registrar) bind(extension string, req *sip.Request, wanted *sip.ContactHeader) bool {
	lasts := lifetime(req, wanted)
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	list := r.live(extension, now)
	if wanted.Address.Wildcard {
		if lasts == 0 {
			r.accounts[extension] = nil
		}
		return true
	}
	key := wanted.Address.String()
	list = slices.DeleteFunc(list, func(c contact) bool { return c.uri.String() == key })
	r.accounts[extension] = list
	switch {
	case lasts == 0:
		return true
	case len(list) >= mostDevices:
		return false
	}
	r.accounts[extension] = append(list, contact{*wanted.Address.Clone(), req.Source(), now.Add(lasts)})
	return true
}

// lifetime is how long a registration lasts; 0 ends it.
func lifetime(req *sip.Request, wanted *sip.ContactHeader) time.Duration {
	text := ""
	if h := req.GetHeader("Expires"); h != nil {
		text = h.Value()
	}
	if own, ok := wanted.Params.Get("expires"); ok {
		text = own
	}
	seconds, err := strconv.ParseUint(text, 10, 32)
	switch {
	case err != nil:
		return longestRegistration
	case seconds == 0:
		return 0
	}
	return min(max(time.Duration(seconds)*time.Second, shortestRegistration), longestRegistration)
}

// authorize returns the refusal of a request that is not signed with the extension's password. An
// unknown extension is challenged like a known one.
func (r *registrar) authorize(req *sip.Request, extension string) *sip.Response {
	h := req.GetHeader("Authorization")
	if h == nil {
		return r.challenge(req, false)
	}
	cred, err := digest.ParseCredentials(h.Value())
	if err != nil {
		return sip.NewResponseFromRequest(req, sip.StatusBadRequest, "Authorization cannot be read", nil)
	}
	if !r.fresh(cred.Nonce, time.Now()) {
		return r.challenge(req, true)
	}
	want, err := digest.Digest(&digest.Challenge{Realm: realm, Nonce: cred.Nonce, Algorithm: "MD5"}, digest.Options{
		Method: req.Method.String(), URI: cred.URI, Username: extension, Password: r.password,
	})
	r.mu.Lock()
	_, known := r.accounts[extension]
	r.mu.Unlock()
	if err != nil || !known || cred.Username != extension || cred.Realm != realm ||
		subtle.ConstantTimeCompare([]byte(want.Response), []byte(cred.Response)) != 1 {
		return sip.NewResponseFromRequest(req, sip.StatusForbidden, "Wrong extension or password", nil)
	}
	return nil
}

func (r *registrar) challenge(req *sip.Request, stale bool) *sip.Response {
	c := digest.Challenge{Realm: realm, Nonce: r.nonce(time.Now()), Algorithm: "MD5", Stale: stale}
	res := sip.NewResponseFromRequest(req, sip.StatusUnauthorized, "Unauthorized", nil)
	res.AppendHeader(sip.NewHeader("WWW-Authenticate", c.String()))
	return res
}

// nonce is the time, signed.
func (r *registrar) nonce(now time.Time) string {
	at := binary.BigEndian.AppendUint64(nil, uint64(now.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(at, r.sign(at)...))
}

func (r *registrar) sign(at []byte) []byte {
	mac := hmac.New(sha256.New, r.secret[:])
	mac.Write(at)
	return mac.Sum(nil)
}

func (r *registrar) fresh(nonce string, now time.Time) bool {
	raw, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(raw) != 8+sha256.Size || !hmac.Equal(raw[8:], r.sign(raw[:8])) {
		return false
	}
	age := now.Sub(time.Unix(int64(binary.BigEndian.Uint64(raw)), 0))
	return age >= 0 && age < nonceLife
}
