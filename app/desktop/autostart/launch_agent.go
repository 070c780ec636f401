package autostart

import (
	"encoding/xml"
	"path/filepath"
	"strings"

	"dozvon/app/desktop/xdg"
)

// label names the agent, and its file.
const label = "ru.dozvon.app"

// LaunchAgent starts a program by a property list in ~/Library/LaunchAgents (launchd.plist(5)).
type LaunchAgent struct {
	path, program string
}

// NewLaunchAgent is program's agent of whoever has this home folder.
func NewLaunchAgent(home, program string) LaunchAgent {
	return LaunchAgent{filepath.Join(home, "Library", "LaunchAgents", label+".plist"), program}
}

// On is Entry's.
func (l LaunchAgent) On() (bool, error) {
	text, err := xdg.Read(l.path)
	return text != "", err
}

// Program is Entry's: the first string of ProgramArguments.
func (l LaunchAgent) Program() (string, error) {
	text, err := xdg.Read(l.path)
	if err != nil || text == "" {
		return "", err
	}
	var list struct {
		Arguments []string `xml:"dict>array>string"`
	}
	if err := xml.Unmarshal([]byte(text), &list); err != nil || len(list.Arguments) == 0 {
		return "", nil // of another shape, so not of ours
	}
	return list.Arguments[0], nil
}

// Set is Entry's. launchd reads the file at the next log-on.
func (l LaunchAgent) Set(on bool) error {
	if !on {
		return xdg.Remove(l.path)
	}
	var program strings.Builder
	if err := xml.EscapeText(&program, []byte(l.program)); err != nil {
		return err
	}
	return xdg.Write(l.path, `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>`+label+`</string>
	<key>ProgramArguments</key>
	<array>
		<string>`+program.String()+`</string>
		<string>`+argument+`</string>
	</array>
	<key>RunAtLoad</key>
	<true/>
	<key>LimitLoadToSessionType</key>
	<string>Aqua</string>
</dict>
</plist>
`, 0o644)
}
