package notify

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
	"unicode/utf16"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"

	"dozvon/app/desktop/winloop"
)

// On Windows beeep registers a COM class that is never revoked, and the process crashes when it ends
// (runtime.exit: "syscall frame is no longer valid"). A notification of an icon near the clock
// (Shell_NotifyIcon, NIF_INFO) needs no COM, is a toast on Windows 10 and 11, and tells of a click.

// Words of the Windows API: shellapi.h, winuser.h.
const (
	nimAdd, nimModify, nimDelete                 = 0, 1, 2
	nifMessage, nifIcon, nifTip, nifInfo         = 1, 2, 4, 0x10
	niifUser, niifLargeIcon                      = 4, 0x20
	ninBalloonHide, ninBalloonTimeout            = 0x403, 0x404
	ninBalloonClick                              = 0x405
	wmApp                                        = 0x8000
	wmIcon                                       = wmApp + 1
	iconVersion                                  = 0x30000
	messageOnly                                  = ^uintptr(2) // HWND_MESSAGE, -3
	lrDefaultColor                       uintptr = 0
)

// shownLimit is how long one may stand before the next: Windows shows a toast for 5 s unless the person
// has chosen longer, and tells of its end.
const shownLimit = 30 * time.Second

var (
	user  = windows.NewLazySystemDLL("user32.dll")
	shell = windows.NewLazySystemDLL("shell32.dll")

	registerClass = user.NewProc("RegisterClassExW")
	createWindow  = user.NewProc("CreateWindowExW")
	defWindowProc = user.NewProc("DefWindowProcW")
	destroyWindow = user.NewProc("DestroyWindow")
	createIcon    = user.NewProc("CreateIconFromResourceEx")
	destroyIcon   = user.NewProc("DestroyIcon")
	notifyIcon    = shell.NewProc("Shell_NotifyIconW")
	setAppID      = shell.NewProc("SetCurrentProcessExplicitAppUserModelID")
)

// iconData is NOTIFYICONDATAW.
type iconData struct {
	size                       uint32
	window                     uintptr
	id, flags, callbackMessage uint32
	icon                       uintptr
	tip                        [128]uint16
	state, stateMask           uint32
	info                       [256]uint16
	version                    uint32
	title                      [64]uint16
	infoFlags                  uint32
	guid                       windows.GUID
	balloonIcon                uintptr
}

// windowClass is WNDCLASSEXW.
type windowClass struct {
	size, style                        uint32
	procedure                          uintptr
	classExtra, windowExtra            int32
	instance, icon, cursor, background uintptr
	menu, name                         *uint16
	smallIcon                          uintptr
}

// event is what the system tells of an icon.
type event struct {
	id   uint32
	what uintptr
}

// balloons shows one notification at a time, from an icon that is near the clock as long as it shows.
type balloons struct {
	app    App
	loop   *winloop.Loop // nil: the window could not be made
	why    error         // then
	window uintptr
	icon   uintptr
	id     uint32     // of the one that shows
	events chan event // what the system tells of it, or of one before
}

func newScreen(app App) screen {
	b := &balloons{app: app, events: make(chan event, waiting)}
	if err := identify(app); err != nil {
		slog.Warn("notifications have no name of their own", "error", err)
	}
	if len(app.Icon) > 0 {
		b.icon, _, _ = createIcon.Call(uintptr(unsafe.Pointer(&app.Icon[0])), uintptr(len(app.Icon)), 1, iconVersion, 64, 64, lrDefaultColor)
	}
	b.loop, b.why = winloop.Start(b.makeWindow, nil, func() { destroyWindow.Call(b.window) })
	return b
}

// identify tells Windows whose notifications they are (learn.microsoft.com, "Send a local toast
// notification from other types of unpackaged apps").
func identify(app App) error {
	id, err := windows.UTF16PtrFromString(app.ID)
	if err != nil {
		return err
	}
	if result, _, _ := setAppID.Call(uintptr(unsafe.Pointer(id))); int32(result) < 0 {
		return fmt.Errorf("naming the process %s: %w", app.ID, syscall.Errno(result))
	}
	key, _, err := registry.CreateKey(registry.CURRENT_USER, `Software\Classes\AppUserModelId\`+app.ID, registry.SET_VALUE)
	if err != nil {
		return fmt.Errorf("registering %s: %w", app.ID, err)
	}
	defer key.Close()
	if err := key.SetStringValue("DisplayName", app.Name); err != nil {
		return fmt.Errorf("registering the name of %s: %w", app.ID, err)
	}
	path := filepath.Join(app.Dir, "notification.png")
	if old, err := os.ReadFile(path); err != nil || !bytes.Equal(old, app.Icon) {
		if err := os.MkdirAll(app.Dir, 0o700); err != nil {
			return fmt.Errorf("keeping the icon of notifications: %w", err)
		}
		if err := os.WriteFile(path, app.Icon, 0o600); err != nil {
			return fmt.Errorf("keeping the icon of notifications: %w", err)
		}
	}
	return key.SetStringValue("IconUri", path)
}

// makeWindow makes the one that the system tells of clicks; its messages come to its thread alone.
func (b *balloons) makeWindow() error {
	name, err := windows.UTF16PtrFromString(fmt.Sprintf("DozvonNotifications%p", b))
	if err != nil {
		return err
	}
	class := windowClass{name: name, procedure: syscall.NewCallback(b.receive)}
	class.size = uint32(unsafe.Sizeof(class))
	if ok, _, err := registerClass.Call(uintptr(unsafe.Pointer(&class))); ok == 0 {
		return fmt.Errorf("registering the window of notifications: %w", err)
	}
	window, _, err := createWindow.Call(0, uintptr(unsafe.Pointer(name)), 0, 0, 0, 0, 0, 0, messageOnly, 0, 0, 0)
	if window == 0 {
		return fmt.Errorf("making the window of notifications: %w", err)
	}
	b.window = window
	return nil
}

// receive is the window's procedure.
func (b *balloons) receive(window, what, wide, long uintptr) uintptr {
	if what == wmIcon {
		select {
		case b.events <- event{uint32(wide), long & 0xffff}:
		default: // mouse moves over the icon; the rest is read sooner
		}
		return 0
	}
	result, _, _ := defWindowProc.Call(window, what, wide, long)
	return result
}

// show puts the icon up with its notification, waits until that is gone, and takes the icon away.
func (b *balloons) show(n Notification, ends <-chan struct{}) error {
	if b.loop == nil {
		return b.why
	}
	b.id++
	data := b.data(n)
	words := data.flags
	data.flags &^= nifInfo
	if ok, _, err := notifyIcon.Call(nimAdd, uintptr(unsafe.Pointer(&data))); ok == 0 {
		return fmt.Errorf("showing the icon of a notification: %w", notNil(err))
	}
	defer func() { notifyIcon.Call(nimDelete, uintptr(unsafe.Pointer(&data))) }()
	data.flags = words // to an icon that is there, as .NET's NotifyIcon does it
	if ok, _, err := notifyIcon.Call(nimModify, uintptr(unsafe.Pointer(&data))); ok == 0 {
		return fmt.Errorf("showing a notification: %w", notNil(err))
	}
	limit := time.NewTimer(shownLimit)
	defer limit.Stop()
	for {
		select {
		case <-limit.C:
			return nil
		case <-ends:
			return nil
		case told := <-b.events:
			if told.id != b.id {
				continue // late, of one before
			}
			switch told.what {
			case ninBalloonClick:
				if n.Clicked != nil {
					go n.Clicked()
				}
				return nil
			case ninBalloonHide, ninBalloonTimeout:
				return nil
			}
		}
	}
}

func (b *balloons) data(n Notification) iconData {
	data := iconData{
		window: b.window, id: b.id, flags: nifMessage | nifTip | nifInfo, callbackMessage: wmIcon, infoFlags: niifUser | niifLargeIcon,
		icon: b.icon, balloonIcon: b.icon,
	}
	data.size = uint32(unsafe.Sizeof(data))
	if b.icon != 0 {
		data.flags |= nifIcon
	} else {
		data.infoFlags = 0
	}
	put(data.tip[:], b.app.Name)
	put(data.title[:], n.Title)
	text := n.Text
	if text == "" {
		text = " " // without a text the system shows nothing
	}
	put(data.info[:], text)
	return data
}

// put writes words that end with a zero; what is too long is cut between characters.
func put(to []uint16, words string) {
	var units []uint16
	for _, r := range words {
		longer := utf16.AppendRune(units, r)
		if r == 0 || len(longer) >= len(to) {
			break
		}
		units = longer
	}
	to[copy(to, units)] = 0
}

// notNil: the API does not always leave a reason.
func notNil(err error) error {
	if err == nil || errors.Is(err, windows.ERROR_SUCCESS) {
		return errors.New("no icons are shown in this session")
	}
	return err
}

func (b *balloons) close() {
	if b.loop != nil {
		b.loop.Close()
	}
	if b.icon != 0 {
		destroyIcon.Call(b.icon)
	}
}
