package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/viper"
)

func TestLoad_tellsWhatIsWrongAndGoesOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := "language: fr\ntheme: dark\nnotifications: perhaps\nlinks: never\nhotkey: Shift+D\ncard_hotkey: X\nplayer_speed: 3\nplayer_volume: loud\nplayer_skip_silence: maybe\n"
	if err := os.WriteFile(filepath.Join(dir, "desktop.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	v := viper.New()
	Prepare(v, dir)
	cfg, wrong := Load(v)
	if want := (Config{Language: "auto", Theme: "dark", Notifications: true, Morning: true, FullScreen: "strip", OtherTalk: "card", Links: "ask", Hotkey: "none", CardHotkey: cardHotkey(), Player: Player{Speed: 1, Volume: 100}}); cfg != want {
		t.Errorf("config %+v, want %+v", cfg, want)
	}
	told := strings.Join(wrong, "\n")
	for _, part := range []string{`language is "fr"`, "desktop.yaml", "allowed: auto, ru, en", `notifications is "perhaps"`, `links is "never"`, `hotkey is "Shift+D"`, `card_hotkey is "X"`, "such as Ctrl+Alt+D", `player_speed is "3"`, `player_volume is "loud"`, `player_skip_silence is "maybe"`} {
		if !strings.Contains(told, part) {
			t.Errorf("messages %q lack %q", told, part)
		}
	}
}

func TestSave_isReadBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	want := Config{Language: "en", Theme: "light", Notifications: false, DoNotDisturb: true, FullScreen: "tray", OtherTalk: "strip", Links: "always", Hotkey: "Ctrl+Alt+D", CardHotkey: "Ctrl+F7", Player: Player{Speed: 1.25, Volume: 0, SkipSilence: true}}
	if err := Save(dir, want); err != nil {
		t.Fatal(err)
	}
	v := viper.New()
	Prepare(v, dir)
	if got, wrong := Load(v); got != want || len(wrong) > 0 {
		t.Errorf("config %+v, want %+v; %v", got, want, wrong)
	}
}
