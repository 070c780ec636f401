//go:build linux

package stage

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"dozvon/client"
)

// TestApp_losesNoNoteWithoutAServer: neither when nobody answers and the program goes on, nor when it is killed while
// the server is silent.
func TestApp_losesNoNoteWithoutAServer(t *testing.T) {
	ctx, c := openSignedIn(t, quiet)
	api, err := c.API(ctx)
	must(t, err)
	h := &hands{t: t, ctx: ctx, c: c, api: api}
	h.editor, err = c.OpenEditor(ctx)
	must(t, err)
	h.layout("us")
	kept := func() string {
		files, err := filepath.Glob(filepath.Join(c.Env("XDG_CONFIG_HOME"), "dozvon", "desktop-drafts-*.json"))
		must(t, err)
		if len(files) != 1 {
			return ""
		}
		raw, err := os.ReadFile(files[0])
		if err != nil {
			return "" // it goes when all is saved
		}
		return string(raw)
	}
	write := func(note string) {
		t.Helper()
		h.press("ctrl+alt+s")
		must(t, Until(ctx, "the card to have the keyboard", func() bool {
			has, err := h.editor.HasFocus(ctx)
			return err == nil && !has
		}))
		must(t, c.Type(ctx, note, 30))
		must(t, Until(ctx, note+" to be kept", func() bool { return strings.Contains(kept(), note) }))
	}
	notes := func() (out []string) {
		page, err := api.Feed(ctx, client.FeedQuery{Type: string(client.EntryNote), Limit: 20})
		if err != nil {
			return []string{err.Error()}
		}
		for _, e := range page.Items {
			if strings.HasPrefix(e.Description, "zametka") {
				out = append(out, e.Description)
			}
		}
		return out
	}
	must(t, c.Phone(ctx, "101", "--answer", "1s"))
	must(t, h.editor.Focus(ctx))
	must(t, c.Call(ctx, "+79160001041", "answered", "--to", "101", "--talk", "120s"))
	h.until("the talk", func(s Status) bool { return len(s.Cards) == 1 && s.Cards[0].State == "talking" })

	write("zametka bez servera")
	c.KillServer()
	h.press("Return")
	h.until("what is said of the note", func(s Status) bool { return strings.Contains(kept(), `"sending"`) && len(s.Cards) == 1 })
	h.shot("note-waits")
	must(t, c.StartServer(ctx))
	must(t, Until(ctx, "the first note in the feed", func() bool { return len(notes()) == 1 }))
	must(t, Until(ctx, "nothing to be kept", func() bool { return kept() == "" }))

	must(t, h.editor.Focus(ctx))
	write("zametka v tishine")
	must(t, c.server.cmd.Process.Signal(syscall.SIGSTOP))
	h.press("Return")
	must(t, Until(ctx, "the note to be on its way", func() bool { return strings.Contains(kept(), `"sending"`) }))
	must(t, syscall.Kill(c.AppPID(), syscall.SIGKILL))
	must(t, Until(ctx, "the app to end", func() bool { return !c.AppRuns() }))
	must(t, c.server.cmd.Process.Signal(syscall.SIGCONT))
	must(t, c.StartApp(ctx))
	must(t, Until(ctx, "the second note in the feed", func() bool { return len(notes()) >= 2 }))
	must(t, Until(ctx, "nothing to be kept again", func() bool { return kept() == "" }))
	if got := notes(); len(got) != 2 {
		t.Errorf("the feed has %q, want each note once", got)
	}
}
