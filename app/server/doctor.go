package server

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dozvon/app/server/directory"
	"dozvon/app/server/doctor"
	"dozvon/client"
)

// pbxCheckLimit is how long one PBX's check may take.
const pbxCheckLimit = time.Minute

// Doctor examines what a server stands on, beside a running one as well as without. It changes nothing.
func Doctor(ctx context.Context, cfg Config) doctor.Report {
	var r doctor.Report
	if err := cfg.Validate(); err != nil {
		r.Add(doctor.Line{Check: "configuration", State: doctor.Fail, Text: err.Error(), Advice: "correct the flag, the variable DOZVON_… or the line in server.yaml"})
		return r
	}
	cfg.Now = time.Now
	r.Add(cfg.examineConfiguration())
	folder := cfg.recordings()
	r.Add(doctor.ExamineDisk(cfg.Data, folder.Dir, folder.Room)...)
	if err := refusePending(cfg.Data); err != nil {
		r.Add(doctor.Line{Check: "restore", State: doctor.Fail, Text: err.Error()})
		return r
	}
	r.Add(cfg.examineTLS()...)
	running := doctor.Local(ctx, cfg.Listen, cfg.encrypted())
	address, err := cfg.DatabaseURL()
	if err != nil {
		r.Add(doctor.Line{Check: "database", State: doctor.Fail, Text: err.Error()})
		return r
	}
	db := doctor.ExamineDatabase(ctx, address, cfg.sealKey(), cfg.Now)
	r.Add(db.Lines...)
	school, lines := "", []doctor.Line(nil)
	if db.UpToDate && len(r.Failed()) == 0 {
		school, lines = cfg.examinePBXs(ctx)
	} else {
		lines = []doctor.Line{{Check: "PBXs", State: doctor.Warn, Text: "they were not asked: what stands above comes first"}}
	}
	r.Add(doctor.Public(ctx, cfg.publicURL(), school, running)...)
	r.Add(lines...)
	return r
}

func (c Config) examineConfiguration() doctor.Line {
	if c.exposed() {
		return doctor.Line{Check: "configuration", State: doctor.Warn, Text: fmt.Sprintf("it listens on %s, and passwords and calls go over the network unencrypted", c.Listen), Advice: "give --tls-cert and --tls-key, --acme-domain, or a proxy with TLS and its --public-url https://…"}
	}
	return doctor.Line{Check: "configuration", State: doctor.OK, Text: fmt.Sprintf("it can be read; the server listens on %s, its data lies in %s", c.Listen, c.Data)}
}

// examineTLS looks at the certificates that this server shows; a proxy's is seen under the public URL.
func (c Config) examineTLS() []doctor.Line {
	switch {
	case c.TLSCert != "":
		host := ""
		if u, err := url.Parse(c.PublicURL); err == nil {
			host = u.Hostname()
		}
		return []doctor.Line{doctor.ExamineFiles(c.TLSCert, c.TLSKey, host, c.Now())}
	case len(c.ACMEDomains) > 0:
		var lines []doctor.Line
		for _, domain := range c.ACMEDomains {
			// autocert keeps an ECDSA certificate under the name, with its key.
			raw, err := os.ReadFile(filepath.Join(c.certificatesDir(), filepath.Base(domain)))
			if err != nil {
				lines = append(lines, doctor.NoCertificate(domain))
				continue
			}
			lines = append(lines, doctor.ExamineCached(raw, domain, c.Now()))
		}
		return lines
	}
	return nil
}

// examinePBXs asks every PBX that is switched on for its own check, and its machine for its time. school is the
// school's name.
func (c Config) examinePBXs(ctx context.Context) (school string, lines []doctor.Line) {
	p, err := Build(ctx, c)
	if err != nil {
		return "", []doctor.Line{{Check: "PBXs", State: doctor.Fail, Text: err.Error()}}
	}
	defer p.Close()
	all := p.Directory.Snapshot().Integrations()
	for _, i := range all {
		name := p.Directory.IntegrationName(i.ID)
		if !i.Active {
			lines = append(lines, doctor.Line{Check: name, State: doctor.OK, Text: "it is switched off and was not asked"})
			continue
		}
		lines = append(lines, p.examinePBX(ctx, c, i, name)...)
	}
	if len(all) == 0 {
		lines = []doctor.Line{{Check: "PBXs", State: doctor.Warn, Text: "none is connected", Advice: "connect one in the app: Настройки → Телефония"}}
	}
	return p.Directory.School().Name, lines
}

func (p *Parts) examinePBX(ctx context.Context, c Config, i *directory.Integration, name string) []doctor.Line {
	ctx, cancel := context.WithTimeout(ctx, pbxCheckLimit)
	defer cancel()
	lines := []doctor.Line{doctor.PBXClock(ctx, c.outbound().Transport(), name, i.APIURL, c.Now)}
	found, err := p.Directory.Check(ctx, i.ID)
	if err != nil {
		return append(lines, doctor.Line{Check: name, State: doctor.Fail, Text: err.Error()})
	}
	for _, f := range found {
		state := doctor.Warn
		switch f.State {
		case client.CheckOK:
			state = doctor.OK
		case client.CheckFailed:
			state = doctor.Fail
		}
		lines = append(lines, doctor.Line{Check: name + ", " + f.NameEN, State: state, Text: withoutSecrets(i, f.TextEN)})
	}
	return lines
}

// withoutSecrets takes out of a check's words what only the settings window may show: the word in the address for the
// PBX's requests, and what the account is opened with.
func withoutSecrets(i *directory.Integration, text string) string {
	hide := []string{}
	if i.HookURL != "" {
		hide = append(hide, i.HookURL)
	}
	for _, secret := range i.Credentials {
		if len(secret) > 3 {
			hide = append(hide, secret)
		}
	}
	for _, h := range hide {
		text = strings.ReplaceAll(text, h, "…")
	}
	return text
}
