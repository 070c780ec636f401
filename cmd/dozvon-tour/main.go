//go:build linux

// Command dozvon-tour is what `make run` runs: the server, two practice PBXs and the app with a
// demo school. With a display it runs until stopped; without one it plays a tour on a
// virtual display and says where the pictures are. It is not shipped.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"dozvon/app/server/demo"
	"dozvon/app/stage"
)

func main() {
	bin := flag.String("bin", "build", "folder of the built programs")
	verbose := flag.Bool("v", false, "show what the programs log")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, *bin, *verbose)
	switch {
	case ctx.Err() != nil:
		fmt.Println("stopped")
	case err != nil:
		fmt.Fprintln(os.Stderr, "dozvon-tour:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin string, verbose bool) error {
	bin, err := filepath.Abs(bin)
	if err != nil {
		return err
	}
	cfg := stage.Config{Bin: bin, Shots: filepath.Join(bin, "screenshots")}
	if verbose {
		cfg.Log = os.Stderr
	}
	if os.Getenv("DISPLAY") != "" {
		return live(ctx, cfg)
	}
	return tour(ctx, cfg)
}

// live runs on the person's own desktop until told to stop; calls keep coming in.
func live(ctx context.Context, cfg stage.Config) error {
	cfg.Log, cfg.Morning, cfg.Telephones = os.Stderr, true, telephones()
	s, err := stage.Here(cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	school, err := s.OpenSchool(ctx)
	if err != nil {
		return err
	}
	if err := school.StartAppAs(ctx, demo.Login); err != nil {
		return err
	}
	fmt.Printf("Dozvon runs, signed in as Киреева (ext. 101 at both PBXs). Server %s, practice PBXs %s and %s. Ctrl+C ends all of it.\n",
		school.ServerURL, school.PBXURL, school.BeelineURL)
	if cfg.Telephones != "" {
		fmt.Printf("Your own telephone rings, too: user 101, password %s, server %s (SIP over UDP).\n", stage.TelephonePassword, cfg.Telephones)
	}
	return school.Traffic(ctx)
}

// sipAddress is where softphones expect a PBX on this machine.
const sipAddress = "127.0.0.1:5060"

// telephones is where SIP telephones may register: nowhere if another program is there, or if what
// records them (dozvon-pbx serve --sip) is not.
func telephones() string {
	if _, err := exec.LookPath("lame"); err != nil {
		return ""
	}
	conn, err := net.ListenPacket("udp", sipAddress)
	if err != nil {
		return ""
	}
	conn.Close()
	return sipAddress
}

func tour(ctx context.Context, cfg stage.Config) error {
	fmt.Println("No display: the tour plays on a virtual one.")
	s, err := stage.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := stage.OpenTour(ctx, s)
	if err != nil {
		return err
	}
	var failed error
	for _, step := range stage.Steps {
		if err := t.Run(ctx, step); err != nil {
			failed = err
			break
		}
		fmt.Println("  ok  ", step.Name)
	}
	fmt.Println("Screenshots:")
	for _, path := range t.Shots {
		fmt.Println("  ", path)
	}
	return errors.Join(failed)
}
