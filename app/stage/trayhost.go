//go:build linux

package stage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

const watcherName = "org.kde.StatusNotifierWatcher"

// TrayHost is the part of a panel that tray icons register with, and what it sees of them.
type TrayHost struct {
	conn  *dbus.Conn
	mu    sync.Mutex
	items []dbus.Sender
}

// NewTrayHost takes the watcher's name on the bus.
func NewTrayHost(address string) (*TrayHost, error) {
	conn, err := dbus.Connect(address)
	if err != nil {
		return nil, fmt.Errorf("connecting to the bus: %w", err)
	}
	h := &TrayHost{conn: conn}
	if err := conn.ExportMethodTable(map[string]any{
		"RegisterStatusNotifierItem": h.register,
		"RegisterStatusNotifierHost": func(string) *dbus.Error { return nil },
	}, "/StatusNotifierWatcher", watcherName); err != nil {
		return h, fmt.Errorf("exporting the watcher: %w", err)
	}
	_, err = prop.Export(conn, "/StatusNotifierWatcher", prop.Map{watcherName: {
		"IsStatusNotifierHostRegistered": {Value: true, Emit: prop.EmitTrue},
		"ProtocolVersion":                {Value: int32(0), Emit: prop.EmitTrue},
		"RegisteredStatusNotifierItems":  {Value: []string{}, Emit: prop.EmitTrue},
	}})
	if err != nil {
		return h, fmt.Errorf("exporting the watcher's properties: %w", err)
	}
	if _, err := conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil {
		return h, fmt.Errorf("taking the watcher's name: %w", err)
	}
	return h, nil
}

// Close leaves the bus.
func (h *TrayHost) Close() {
	if h.conn != nil {
		h.conn.Close()
	}
}

func (h *TrayHost) register(sender dbus.Sender, _ string) *dbus.Error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.items = append(h.items, sender)
	return nil
}

// Icon is what the newest tray item shows: a hash of its picture, and its tooltip's title. The
// answer is false while no item has registered.
func (h *TrayHost) Icon() (picture, tooltip string, ok bool) {
	h.mu.Lock()
	if len(h.items) == 0 {
		h.mu.Unlock()
		return "", "", false
	}
	item := h.conn.Object(string(h.items[len(h.items)-1]), "/StatusNotifierItem")
	h.mu.Unlock()
	var all map[string]dbus.Variant
	if err := item.Call("org.freedesktop.DBus.Properties.GetAll", 0, "org.kde.StatusNotifierItem").Store(&all); err != nil {
		return "", "", false
	}
	sum := sha256.Sum256([]byte(all["IconPixmap"].String()))
	return hex.EncodeToString(sum[:8]), all["ToolTip"].String(), true
}

// Activate clicks on the newest item, as a panel does that shows no menus.
func (h *TrayHost) Activate() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.items) == 0 {
		return fmt.Errorf("no tray icon registered")
	}
	item := h.conn.Object(string(h.items[len(h.items)-1]), "/StatusNotifierItem")
	return item.Call("org.kde.StatusNotifierItem.Activate", 0, int32(0), int32(0)).Err
}

// Click picks a menu entry of the newest item by its label.
func (h *TrayHost) Click(label string) error {
	h.mu.Lock()
	if len(h.items) == 0 {
		h.mu.Unlock()
		return fmt.Errorf("no tray icon registered")
	}
	menu := h.conn.Object(string(h.items[len(h.items)-1]), "/StatusNotifierMenu")
	h.mu.Unlock()
	var revision uint32
	var root menuItem
	if err := menu.Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		return fmt.Errorf("reading the tray menu: %w", err)
	}
	id, ok := root.find(label)
	if !ok {
		return fmt.Errorf("the tray menu has no %q", label)
	}
	return menu.Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err
}

// menuItem is (ia{sv}av) of com.canonical.dbusmenu.
type menuItem struct {
	ID       int32
	Props    map[string]dbus.Variant
	Children []dbus.Variant
}

func (m menuItem) find(label string) (int32, bool) {
	if text, _ := m.Props["label"].Value().(string); text == label {
		return m.ID, true
	}
	for _, c := range m.Children {
		var child menuItem
		if err := dbus.Store([]any{c.Value()}, &child); err != nil {
			continue
		}
		if id, ok := child.find(label); ok {
			return id, true
		}
	}
	return 0, false
}
