package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/eventlog"
	"golang.org/x/sys/windows/svc/mgr"
	"gopkg.in/natefinch/lumberjack.v2"
)

const (
	serviceName  = "dozvon-server"
	serviceTitle = "Dozvon server"
	// eventID is that of all our messages; the system's own message file has texts for 1 to 1000.
	eventID = 1
	// stopLimit is how long the service may take to end before its removal gives up.
	stopLimit = time.Minute
	// restartAfter is how long Windows waits before it starts a service again that failed; it forgets
	// failures after failuresForgotten.
	restartAfter      = 5 * time.Second
	failuresForgotten = 24 * time.Hour
)

// serviceData is the service's data folder when none is named.
func serviceData() string {
	base, err := windows.KnownFolderPath(windows.FOLDERID_ProgramData, 0)
	if err != nil {
		base = `C:\ProgramData`
	}
	return filepath.Join(base, "Dozvon")
}

// installService makes the service and starts it. It runs as LocalSystem: the access lists of the
// server's files let in whom made them, administrators and the system, and an administrator's commands
// (account add) make files beside it.
func installService(out io.Writer, data string) (err error) {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the program: %w", err)
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return fmt.Errorf("making the data folder: %w", err)
	}
	if err := closeFolder(data); err != nil {
		return err
	}
	manager, err := connect()
	if err != nil {
		return err
	}
	defer manager.Disconnect()
	made, err := manager.CreateService(serviceName, program, mgr.Config{
		DisplayName: serviceTitle, Description: "Takes the calls of the cloud PBX and tells every Dozvon of them.",
		StartType: mgr.StartAutomatic, DelayedAutoStart: true,
	}, "serve", "--data", data)
	if errors.Is(err, windows.ERROR_SERVICE_EXISTS) {
		return errors.New("the service is there already: nothing was changed; dozvon-server service remove takes it away")
	}
	if err != nil {
		return fmt.Errorf("making the service: %w", err)
	}
	defer made.Close()
	again := mgr.RecoveryAction{Type: mgr.ServiceRestart, Delay: restartAfter}
	err = errors.Join(made.SetRecoveryActions([]mgr.RecoveryAction{again, again, again}, uint32(failuresForgotten.Seconds())), made.SetRecoveryActionsOnNonCrashFailures(true))
	if err != nil {
		fmt.Fprintf(out, "Windows will not start the service again by itself after a failure: %v\n", err)
	}
	// The source may be there from an installation before.
	_ = eventlog.InstallAsEventCreate(serviceName, eventlog.Error|eventlog.Warning|eventlog.Info)
	if err := made.Start(); err != nil {
		return fmt.Errorf("the service is installed but does not start; see %s: %w", logPath(data), err)
	}
	fmt.Fprintf(out, "the service is installed and started; data, server.yaml and server.log: %s\n", data)
	fmt.Fprintf(out, "the code for the first administrator: dozvon-server account code --data %q\n", data)
	return nil
}

// closeFolder leaves the data folder to the system and to administrators; in the folder for programs'
// data everybody reads what is new.
func closeFolder(data string) error {
	security, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)")
	if err != nil {
		return err
	}
	list, _, err := security.DACL()
	if err != nil {
		return err
	}
	err = windows.SetNamedSecurityInfo(data, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	if err != nil {
		return fmt.Errorf("closing %s to others: %w", data, err)
	}
	return nil
}

func connect() (*mgr.Mgr, error) {
	manager, err := mgr.Connect()
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		return nil, errors.New("only an administrator may change services: start the command line as an administrator and try again")
	}
	if err != nil {
		return nil, fmt.Errorf("reaching the manager of services: %w", err)
	}
	return manager, nil
}

func removeService(out io.Writer) error {
	manager, err := connect()
	if err != nil {
		return err
	}
	defer manager.Disconnect()
	there, err := manager.OpenService(serviceName)
	if errors.Is(err, windows.ERROR_SERVICE_DOES_NOT_EXIST) {
		return errors.New("there is no such service: nothing was changed")
	}
	if err != nil {
		return fmt.Errorf("opening the service: %w", err)
	}
	defer there.Close()
	if err := stopService(there); err != nil {
		return err
	}
	// One that somebody looks at, e.g. in the list of services, goes when they close it.
	if err := there.Delete(); err != nil && !errors.Is(err, windows.ERROR_SERVICE_MARKED_FOR_DELETE) {
		return fmt.Errorf("removing the service: %w", err)
	}
	_ = eventlog.Remove(serviceName) // it may have been removed by hand
	fmt.Fprintln(out, "the service is stopped and removed; the data stays")
	return nil
}

// stopService waits until it has ended, so that its file can be replaced.
func stopService(s *mgr.Service) error {
	status, err := s.Control(svc.Stop)
	if errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE) {
		return nil
	}
	for end := time.Now().Add(stopLimit); err == nil && status.State != svc.Stopped; status, err = s.Query() {
		if time.Now().After(end) {
			return fmt.Errorf("the service has not ended within %v: nothing was removed", stopLimit)
		}
		time.Sleep(200 * time.Millisecond) // the manager tells no one of an end
	}
	if err != nil {
		return fmt.Errorf("stopping the service: %w", err)
	}
	return nil
}

// asService runs the server for the system's manager of services, if it was that who started us.
func asService(ctx context.Context, args []string) (code int, was bool) {
	is, err := svc.IsWindowsService()
	if err != nil || !is {
		return 0, false
	}
	done := keepLog(args)
	h := &handler{ctx: ctx, args: args}
	err = svc.Run(serviceName, h)
	last := done()
	if err != nil {
		last, h.code = err.Error(), 1
	}
	if h.code != 0 {
		if events, err := eventlog.Open(serviceName); err == nil {
			_ = events.Error(eventID, last)
			events.Close()
		}
	}
	return h.code, true
}

// handler answers the manager of services while the server runs.
type handler struct {
	ctx  context.Context
	args []string
	code int
}

// Execute is svc.Handler's.
func (h *handler) Execute(_ []string, asked <-chan svc.ChangeRequest, tell chan<- svc.Status) (bool, uint32) {
	const takes = svc.AcceptStop | svc.AcceptShutdown
	tell <- svc.Status{State: svc.StartPending}
	ctx, stop := context.WithCancel(h.ctx)
	defer stop()
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, h.args) }()
	tell <- svc.Status{State: svc.Running, Accepts: takes}
	for {
		select {
		case h.code = <-ended:
			return true, uint32(h.code)
		case request := <-asked:
			switch request.Cmd {
			case svc.Interrogate:
				tell <- request.CurrentStatus
			case svc.Stop, svc.Shutdown:
				tell <- svc.Status{State: svc.StopPending}
				stop()
			}
		}
	}
}

func logPath(data string) string { return filepath.Join(data, "server.log") }

// keepLog puts a file in place of standard error, which a service has not. done closes it and answers
// the last line, which is why the server ended.
func keepLog(args []string) (done func() (last string)) {
	data := serviceData()
	if at := slices.Index(args, "--data"); at >= 0 && at+1 < len(args) {
		data = args[at+1]
	}
	lines, to, err := os.Pipe()
	if err != nil {
		return func() string { return "no log could be kept: " + err.Error() }
	}
	log := &lumberjack.Logger{Filename: logPath(data), MaxSize: 10, MaxBackups: 5}
	os.Stderr = to
	last := make(chan string, 1)
	go func() {
		var line string
		for in := bufio.NewReader(lines); ; {
			text, err := in.ReadString('\n')
			if text != "" {
				line = text
				_, _ = log.Write([]byte(text)) // a full disk must not stop the server
			}
			if err != nil {
				last <- line
				return
			}
		}
	}()
	return func() string {
		to.Close()
		defer log.Close()
		return <-last
	}
}
