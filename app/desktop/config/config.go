// Package config holds the person's choices for the desktop program: flags, environment,
// and desktop.yaml, in this order. A wrong value is told and replaced by the default;
// the program never stays away because of it.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/viper"

	"dozvon/app/desktop/hotkey"
	"dozvon/app/desktop/xdg"
)

// Config is what a person can choose.
type Config struct {
	Language      string // ru, en or auto
	Theme         string // light, dark or auto
	Notifications bool
	DoNotDisturb  bool
	// FullScreen is how calls are shown while another program has the whole screen: strip, card or tray.
	FullScreen string
	// OtherTalk is how calls are shown that ring while the person talks: card or strip.
	OtherTalk string
	// Links is ask or always: whether the person is asked before a link of another program is dialled.
	Links string
	// Morning is whether a day begins with the page of what waits.
	Morning bool
	// Hotkey asks about the number on the clipboard, CardHotkey goes to the call cards; HotkeyNone, or as
	// hotkey.Parse reads it.
	Hotkey, CardHotkey string
	Player             Player
}

// Player is how recordings are played.
type Player struct {
	Speed       float64
	Volume      int // percent
	SkipSilence bool
}

// Words of the settings.
const (
	LinksAsk, LinksAlways = "ask", "always"

	FullScreenStrip, FullScreenCard, FullScreenTray = "strip", "card", "tray"

	HotkeyNone = hotkey.None
)

// Names of the settings in desktop.yaml; the environment has them as DOZVON_LANGUAGE and so on.
const (
	Language      = "language"
	Theme         = "theme"
	Notifications = "notifications"
	DoNotDisturb  = "do_not_disturb"
	FullScreen    = "full_screen"
	OtherTalk     = "other_talk"
	Links         = "links"
	Hotkey        = "hotkey"
	CardHotkey    = "card_hotkey"
	Morning       = "morning"
	Speed         = "player_speed"
	Volume        = "player_volume"
	SkipSilence   = "player_skip_silence"
)

// cardHotkey is the combination that goes to the call cards until the person chooses another one: cards take no
// keys by themselves, so there is no other way to them without the pointer.
func cardHotkey() string {
	if runtime.GOOS == "darwin" {
		return HotkeyNone // a program cannot have one there
	}
	return "Ctrl+Alt+S"
}

// Allowed values of the words among the settings; the first is the default.
var Allowed = map[string][]string{
	Language: {"auto", "ru", "en"},
	Theme:    {"auto", "light", "dark"},
	Links:    {LinksAsk, LinksAlways},

	FullScreen: {FullScreenStrip, FullScreenCard, FullScreenTray},
	OtherTalk:  {FullScreenCard, FullScreenStrip},
	Speed:      {"1", "1.25", "1.5", "2"},
}

// Prepare tells v the defaults, the file and the environment.
func Prepare(v *viper.Viper, dir string) {
	v.SetDefault(Language, "auto")
	v.SetDefault(Theme, "auto")
	v.SetDefault(Notifications, true)
	v.SetDefault(DoNotDisturb, false)
	v.SetDefault(FullScreen, FullScreenStrip)
	v.SetDefault(OtherTalk, FullScreenCard)
	v.SetDefault(Links, LinksAsk)
	v.SetDefault(Hotkey, HotkeyNone)
	v.SetDefault(CardHotkey, cardHotkey())
	v.SetDefault(Morning, true)
	v.SetDefault(Speed, "1")
	v.SetDefault(Volume, 100)
	v.SetDefault(SkipSilence, false)
	v.SetConfigFile(filepath.Join(dir, "desktop.yaml"))
	v.SetEnvPrefix("dozvon")
	v.AutomaticEnv()
}

// Load reads the choices. The messages tell what was wrong, where, and what is allowed.
func Load(v *viper.Viper) (Config, []string) {
	var wrong []string
	err := v.ReadInConfig()
	var missing viper.ConfigFileNotFoundError
	if err != nil && !errors.As(err, &missing) && !errors.Is(err, fs.ErrNotExist) {
		wrong = append(wrong, fmt.Sprintf("%s cannot be read (%s); the defaults are used, correct or delete the file", v.ConfigFileUsed(), err))
	}
	word := func(key string) string {
		value := strings.ToLower(v.GetString(key))
		if slices.Contains(Allowed[key], value) {
			return value
		}
		wrong = append(wrong, fmt.Sprintf("%s is %q (%s); allowed: %s; %s is used",
			key, value, where(v, key), strings.Join(Allowed[key], ", "), Allowed[key][0]))
		return Allowed[key][0]
	}
	flag := func(key string, fallback bool) bool {
		switch strings.ToLower(v.GetString(key)) {
		case "true", "1", "yes", "on":
			return true
		case "false", "0", "no", "off":
			return false
		}
		wrong = append(wrong, fmt.Sprintf("%s is %q (%s); allowed: true, false; %t is used",
			key, v.GetString(key), where(v, key), fallback))
		return fallback
	}
	keys := func(key, fallback string) string {
		value := v.GetString(key)
		if strings.EqualFold(value, HotkeyNone) {
			return HotkeyNone
		}
		c, err := hotkey.Parse(value)
		if err == nil {
			return c.String()
		}
		wrong = append(wrong, fmt.Sprintf("%s is %q (%s); allowed: %s, or a combination such as Ctrl+Alt+D; %s is used",
			key, value, where(v, key), HotkeyNone, fallback))
		return fallback
	}
	percent := func() int {
		value, err := strconv.Atoi(v.GetString(Volume))
		if err == nil && value >= 0 && value <= 100 {
			return value
		}
		wrong = append(wrong, fmt.Sprintf("%s is %q (%s); allowed: 0 to 100; 100 is used", Volume, v.GetString(Volume), where(v, Volume)))
		return 100
	}
	speed := func() float64 {
		value, _ := strconv.ParseFloat(word(Speed), 64) // all that is allowed is a number
		return value
	}
	return Config{
		Language: word(Language), Theme: word(Theme),
		Notifications: flag(Notifications, true), DoNotDisturb: flag(DoNotDisturb, false),
		FullScreen: word(FullScreen), OtherTalk: word(OtherTalk), Links: word(Links), Hotkey: keys(Hotkey, HotkeyNone), CardHotkey: keys(CardHotkey, cardHotkey()), Morning: flag(Morning, true),
		Player: Player{Speed: speed(), Volume: percent(), SkipSilence: flag(SkipSilence, false)},
	}, wrong
}

func where(v *viper.Viper, key string) string {
	name := "DOZVON_" + strings.ToUpper(key)
	if _, set := os.LookupEnv(name); set {
		return "environment " + name
	}
	if v.InConfig(key) {
		return v.ConfigFileUsed()
	}
	return "command line"
}

// Save writes the choices to desktop.yaml in dir.
func Save(dir string, c Config) error {
	text := fmt.Sprintf("%s: %s\n%s: %s\n%s: %t\n%s: %t\n%s: %s\n%s: %s\n%s: %s\n%s: %s\n%s: %t\n%s: %s\n%s: %g\n%s: %d\n%s: %t\n",
		Language, c.Language, Theme, c.Theme, Notifications, c.Notifications, DoNotDisturb, c.DoNotDisturb,
		FullScreen, c.FullScreen, Links, c.Links, Hotkey, c.Hotkey, CardHotkey, c.CardHotkey, Morning, c.Morning, OtherTalk, c.OtherTalk,
		Speed, c.Player.Speed, Volume, c.Player.Volume, SkipSilence, c.Player.SkipSilence)
	return xdg.Write(filepath.Join(dir, "desktop.yaml"), text, 0o600)
}
