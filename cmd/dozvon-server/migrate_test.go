//go:build unix

package main

import (
	"strings"
	"testing"

	"dozvon/app/server/pgtest"
)

// TestMigrateTo_beginsBesideAServerAndEndsWithItStopped follows the runbook.
func TestMigrateTo_beginsBesideAServerAndEndsWithItStopped(t *testing.T) {
	t.Parallel()
	s, to := newSite(t), pgtest.URL(t)
	s.school()
	s.tell("dozvon-server account add --login gromov --name Громов --role admin --password-stdin --data {data}")
	t.Run("beside the server", func(t *testing.T) {
		beside := &site{t: t, dir: s.dir, data: s.data}
		beside.serving()
		said := beside.tell("dozvon-server migrate-to " + to + " --data {data}")
		wantSaid(t, said, "copied beside the running server", "run the same command once more")
		beside.tell("dozvon-server account add --login kireeva --name Киреева --password-stdin --data {data}")
		code, stderr := beside.start("dozvon-server account list --data {dir}/node --database " + to)
		if code != 1 || !strings.Contains(stderr, "it is not whole yet") {
			t.Errorf("a server would start on half a school: exit code %d, %s", code, stderr)
		}
	})
	said := s.tell("dozvon-server migrate-to " + to + " --data {data}")
	wantSaid(t, said, "the same checksums in both databases", "start the server with --database", "sha256 ")
	if said := s.tell("dozvon-server account list --data {data} --database " + to); !strings.Contains(said, "gromov") || !strings.Contains(said, "kireeva") {
		t.Errorf("the people are %s", said)
	}
	code, stderr := s.start("dozvon-server migrate-to " + to + " --data {data}")
	if code != 1 || !strings.Contains(stderr, "holds this school already") {
		t.Errorf("over what is whole: exit code %d, %s", code, stderr)
	}
}
