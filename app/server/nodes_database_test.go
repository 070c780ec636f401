package server_test

import (
	"fmt"
	"net/url"
	"testing"

	"dozvon/app/server"
	"dozvon/app/server/pgtest"
)

// TestNodes_whatWasAcknowledgedOutlivesTheDatabase: under load PostgreSQL is restarted, its sessions stand still with what
// they hold and go on, and all of it stands still for good while its standby is promoted. Each time webhooks are put off in time and taken again after it;
// in the end every call that was taken is in what was the standby, once, and every screen was told all of it once
// and in order.
func TestNodes_whatWasAcknowledgedOutlivesTheDatabase(t *testing.T) {
	t.Parallel()
	primary := pgtest.Start(t, "")
	standby := primary.Standby()
	database := withTimeout(t, primary.URL(standby))
	data := t.TempDir()
	setUp := startSchool(t, server.Config{Database: database, Data: data})
	setUp.fill("")
	nodes := []*process{startNode(t, database, data), startNode(t, database, data)}
	for _, n := range nodes {
		n.ready()
	}
	b := startBalancer(t, nodes[0].addr, nodes[1].addr)
	var screens []*screen
	for _, ext := range []string{"101", "105"} {
		screens = append(screens, watch(t, b.url(), setUp.token(ext)))
	}
	const between = 40
	load := newSender(t, b.url()).load(t, 4)
	load.more(t, between)

	primary.Restart()
	load.more(t, between)

	putOff := load.refused.Load()
	primary.FreezeSessions()
	eventually(t, "webhooks to be put off", func() bool { return load.refused.Load() >= putOff+4 })
	primary.Thaw()
	load.more(t, between)

	primary.Freeze()
	standby.Promote()
	load.more(t, between)
	primary.Kill()
	load.more(t, between)
	calls := load.stop()
	load.check()

	after := startSchool(t, server.Config{Database: standby.URL(), Data: data})
	after.wantCalls(t, calls)
	told := after.toldEntries()
	for i, one := range screens {
		one.wantWhole(t, fmt.Sprint("screen ", i), told)
	}
}

// withTimeout is an address where a host that does not answer is passed over soon.
func withTimeout(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("connect_timeout", "2")
	u.RawQuery = q.Encode()
	return u.String()
}
