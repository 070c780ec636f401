package server_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dozvon/app/server"
	"dozvon/app/server/pgtest"
	"dozvon/client"
)

// longNodes says that the long tests of several nodes are wanted, which `make test-nodes` runs.
var (
	longNodes = flag.Bool("nodes", false, "run the long tests of several nodes as well (make test-nodes)")
	nodesFrom = flag.String("nodes-from", "", "the commit that is upgraded from; empty: the one that gave the previous version its number")
)

// TestNodesLong_upgradedOneAfterAnother builds the server of the previous version from this repository's history and runs
// two of them; a new one joins, which brings the database up to date under them, and then each old one is stopped and
// replaced, while calls come and screens follow. Every call is there once and as it is on one new node, every screen was
// told all of it once and in order.
func TestNodesLong_upgradedOneAfterAnother(t *testing.T) {
	if !*longNodes {
		t.Skip("it builds two programs: make test-nodes")
	}
	bin := t.TempDir()
	version := buildPrevious(t, filepath.Join(bin, "old"))
	build(t, "../..", filepath.Join(bin, "new"))
	t.Logf("from %s to this version", version)

	database, sealKey := pgtest.URL(t), filepath.Join(t.TempDir(), "seal.key")
	start := func(program string) *process {
		p := startServe(t, filepath.Join(bin, program), database, sealKey)
		p.ready()
		return p
	}
	nodes := []*process{start("old")}
	fillByCommand(t, filepath.Join(bin, "old"), nodes[0].addr, database, sealKey)
	nodes = append(nodes, start("old"))
	b := startBalancer(t, nodes[0].addr, nodes[1].addr)
	var screens []*screen
	for _, login := range []string{"u101", "u105"} {
		in, err := client.New(b.url(), "").SignIn(t.Context(), client.SignIn{Login: login, Password: password, Device: "test"})
		if err != nil {
			t.Fatal(err)
		}
		screens = append(screens, watch(t, b.url(), in.Token))
	}
	started := slices.Clone(nodes)
	const between = 150
	load := newSender(t, b.url()).load(t, 4)
	load.more(t, between)

	nodes = append(nodes, start("new"))
	started = append(started, nodes[2])
	b.set(nodes[0].addr, nodes[1].addr, nodes[2].addr)
	load.more(t, between)
	for i := range 2 {
		left := []string{nodes[1-i].addr, nodes[2].addr}
		b.set(left...) // as a balancer does that has seen that it is not ready
		nodes[i].stop()
		nodes[i] = start("new")
		started = append(started, nodes[i])
		b.set(nodes[0].addr, nodes[1].addr, nodes[2].addr)
		load.more(t, between)
	}
	calls := load.stop()
	load.check()
	for i, n := range started { // of chores that a former version cannot do beside this one
		for line := range strings.Lines(n.said.String()) {
			if strings.Contains(line, "level=ERROR") {
				t.Logf("node %d, in the order of their starts, says: %s", i+1, strings.TrimSpace(line))
			}
		}
	}

	after := startSchool(t, server.Config{Database: database, SealKey: sealKey, Data: t.TempDir()})
	after.wantCalls(t, calls)
	told := after.toldEntries()
	for i, one := range screens {
		one.wantWhole(t, fmt.Sprint("screen ", i), told)
	}
}

// build builds the server of the sources in a folder.
func build(t *testing.T, from, to string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-tags", "migrated_fynedo", "-o", to, "./cmd/dozvon-server")
	cmd.Dir = from
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the server in %s: %v\n%s", from, err, out)
	}
}

// named finds the version in FyneApp.toml.
var named = regexp.MustCompile(`(?m)^\s*Version\s*=\s*"([^"]+)"`)

// buildPrevious builds the server as it was when the version before this one was given its number, and returns that.
func buildPrevious(t *testing.T, to string) string {
	t.Helper()
	now, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	this := named.FindStringSubmatch(string(now))
	commits := *nodesFrom
	if commits == "" {
		commits = git(t, "log", "--format=%H", "--", "FyneApp.toml")
	}
	for commit := range strings.FieldsSeq(commits) {
		was := named.FindStringSubmatch(git(t, "show", commit+":FyneApp.toml"))
		if this == nil || was == nil || *nodesFrom == "" && was[1] == this[1] {
			continue
		}
		sources := t.TempDir()
		archive := filepath.Join(sources, "sources.tar")
		git(t, "archive", "--output", archive, commit)
		if out, err := exec.Command("tar", "-xf", archive, "-C", sources).CombinedOutput(); err != nil {
			t.Fatalf("unpacking %s: %v\n%s", commit, err, out)
		}
		build(t, sources, to)
		return was[1] + " (" + commit[:8] + ")"
	}
	t.Fatal("the history has no other version: is this a clone with all of it?")
	return ""
}

func git(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		errors.As(err, &exit)
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, exit.Stderr)
	}
	return string(out)
}

// startServe starts a server by its program.
func startServe(t *testing.T, program, database, sealKey string) *process {
	t.Helper()
	addr, data := freeAddress(t), t.TempDir()
	return startProcess(t, addr, func() *exec.Cmd {
		return exec.Command(program, "serve", "--listen", addr, "--data", data, "--database", database, "--seal-key", sealKey, "--log-level", "warn")
	})
}

// fillByCommand makes what school.fill makes, by the former program itself.
func fillByCommand(t *testing.T, program, addr, database, sealKey string) {
	t.Helper()
	for _, ext := range []string{"101", "102", "103", "104", "105"} {
		role := "operator"
		if ext == "105" {
			role = "admin"
		}
		cmd := exec.Command(program, "account", "add", "--login", "u"+ext, "--name", "Сотрудник "+ext, "--role", role, "--extension", ext,
			"--password-stdin", "--data", t.TempDir(), "--database", database, "--seal-key", sealKey)
		cmd.Stdin = strings.NewReader(password + "\n")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	in, err := client.New("http://"+addr, "").SignIn(t.Context(), client.SignIn{Login: "u105", Password: password, Device: "test"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.New("http://"+addr, in.Token).CreateIntegration(t.Context(), client.IntegrationInput{
		Active: ptr(true), APIKey: ptr(key), APISalt: ptr(salt), APIURL: ptr("http://127.0.0.1:1/vpbx/"),
	})
	if err != nil {
		t.Fatal(err)
	}
}
