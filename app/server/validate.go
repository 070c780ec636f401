package server

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"

	"dozvon/app/server/origin"
	"dozvon/app/server/retention"
)

// mostDays bounds how long things are kept: what is longer than a duration can be would be deleted at once.
const mostDays = 36_500

// Validate names every wrong field at once.
func (c Config) Validate() error {
	var bad []error
	if !isAddress(c.Listen) {
		bad = append(bad, fmt.Errorf("listen %q: host:port expected, e.g. 127.0.0.1:8420", c.Listen))
	}
	if c.MetricsListen != "" && (!isAddress(c.MetricsListen) || c.MetricsListen == c.Listen) {
		bad = append(bad, fmt.Errorf("metrics-listen %q: a host:port other than listen expected, e.g. 127.0.0.1:9420", c.MetricsListen))
	}
	if c.Data == "" {
		bad = append(bad, errors.New("data: a folder expected"))
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		bad = append(bad, errors.New("tls-cert and tls-key: give both or neither"))
	}
	if len(c.ACMEDomains) > 0 && c.TLSCert != "" {
		bad = append(bad, errors.New("acme-domain and tls-cert: give one of them"))
	}
	for name, list := range map[string][]string{"hook-sources": c.HookSources, "proxies": c.Proxies} {
		switch prefixes, err := origin.ParsePrefixes(list); {
		case err != nil:
			bad = append(bad, fmt.Errorf("%s: %w", name, err))
		case len(list) > 0 && len(prefixes) == 0:
			// Taken for no list, hook-sources would leave the server open.
			bad = append(bad, fmt.Errorf("%s: the list names nothing: write what it is to hold, or take it out", name))
		}
	}
	if c.Recordings != "" && c.Recordings != "proxy" && c.Recordings != "archive" {
		bad = append(bad, fmt.Errorf("recordings %q: proxy or archive expected", c.Recordings))
	}
	if c.RecordingsDays < 0 || c.RecordingsMB < 0 || c.RawDays < 0 {
		bad = append(bad, errors.New("recordings-days, recordings-mb, raw-days: must not be negative"))
	}
	if min(c.CallsDays, c.NoteVersionsDays, c.DeletedCardsDays, c.JournalDays, c.ImportsDays) < 0 {
		bad = append(bad, errors.New("calls-days, note-versions-days, deleted-cards-days, journal-days, imports-days: must not be negative"))
	}
	if longest := max(c.RecordingsDays, c.RawDays, c.CallsDays, c.NoteVersionsDays, c.DeletedCardsDays, c.JournalDays, c.ImportsDays); longest > mostDays {
		bad = append(bad, fmt.Errorf("%d days: recordings-days, raw-days, calls-days, note-versions-days, deleted-cards-days, journal-days and imports-days are at most %d, a hundred years", longest, mostDays))
	}
	if c.CallsDays > 0 && c.CallsDays <= mostDays && days(c.CallsDays) < retention.ShortestCalls {
		bad = append(bad, fmt.Errorf("calls-days %d: at least 100, or 0 for ever: the PBX's own list would bring younger calls back", c.CallsDays))
	}
	if c.Drain < 0 {
		bad = append(bad, fmt.Errorf("drain %s: must not be negative", c.Drain))
	}
	if c.BodyIdle < 0 {
		bad = append(bad, fmt.Errorf("body-idle %s: must not be negative, every request would be cut", c.BodyIdle))
	}
	for _, one := range [...][2]string{{"public-url", c.PublicURL}, {"app-url", c.AppURL}} {
		name, address := one[0], one[1]
		if u, err := url.Parse(address); address != "" && (err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https")) {
			bad = append(bad, fmt.Errorf("%s %q: an address like https://phone.example.ru expected", name, address))
		}
	}
	return errors.Join(bad...)
}

// isAddress tells whether text is host:port; the host may be empty, the port is a number.
func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}
