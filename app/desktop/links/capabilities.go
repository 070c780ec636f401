package links

import (
	"strings"

	"dozvon/app/desktop/winreg"
)

// Keys below HKEY_CURRENT_USER. The installer writes the same ones.
const (
	progID          = "Dozvon.tel"
	classKey        = `Software\Classes\` + progID
	capabilitiesKey = `Software\Dozvon\Capabilities`
	registeredKey   = `Software\RegisteredApplications`
	registeredName  = "Dozvon"
	choicesKey      = `Software\Microsoft\Windows\Shell\Associations\UrlAssociations\`
)

// Capabilities registers by a ProgID, its capabilities and RegisteredApplications (Default Programs).
// Since Windows 8 only the person can choose who opens the links, in the settings of Windows; no program's
// own class of links is overwritten.
type Capabilities struct {
	registry winreg.Registry
	program  string
	changed  func() // tells Windows
}

// NewCapabilities is program in a registry; changed is called whenever something was written.
func NewCapabilities(registry winreg.Registry, program string, changed func()) Capabilities {
	return Capabilities{registry, program, changed}
}

// State is Handler's.
func (c Capabilities) State() (State, error) {
	_, found, err := c.registry.String(registeredKey, registeredName)
	if err != nil || !found {
		return State{Others: Schemes}, err
	}
	left, err := others(func(scheme string) (bool, error) {
		chosen, _, err := c.registry.String(choicesKey+scheme+`\UserChoice`, "ProgId")
		return strings.EqualFold(chosen, progID), err
	})
	return State{Registered: true, Others: left}, err
}

// Program is Handler's.
func (c Capabilities) Program() (string, error) {
	command, _, err := c.registry.String(classKey+`\shell\open\command`, "")
	program, _, _ := strings.Cut(strings.TrimPrefix(command, `"`), `"`)
	return program, err
}

// Set is Handler's.
func (c Capabilities) Set(on bool) error {
	defer c.changed()
	if !on {
		return c.undo()
	}
	type value struct{ key, name, text string }
	values := []value{
		{classKey, "", "URL:Dozvon"},
		{classKey, "URL Protocol", ""},
		{classKey + `\DefaultIcon`, "", c.program + ",0"},
		{classKey + `\shell\open\command`, "", `"` + c.program + `" "%1"`},
		{capabilitiesKey, "ApplicationName", "Dozvon"},
		{capabilitiesKey, "ApplicationDescription", "Calls by a click"},
	}
	for _, scheme := range Schemes {
		values = append(values, value{capabilitiesKey + `\URLAssociations`, scheme, progID})
	}
	// Last, as Windows follows it to all the others.
	values = append(values, value{registeredKey, registeredName, capabilitiesKey})
	for _, v := range values {
		if err := c.registry.SetString(v.key, v.name, v.text); err != nil {
			return err
		}
	}
	return nil
}

func (c Capabilities) undo() error {
	if err := c.registry.DeleteValue(registeredKey, registeredName); err != nil {
		return err
	}
	if err := c.registry.DeleteTree(capabilitiesKey); err != nil {
		return err
	}
	return c.registry.DeleteTree(classKey)
}
