//go:build !windows

package main

import (
	"context"
	"errors"
	"io"
)

var errNoService = errors.New("only Windows has services of this kind; on Linux the package brings a unit for systemd: systemctl enable --now dozvon-server")

func installService(io.Writer, string) error { return errNoService }

func removeService(io.Writer) error { return errNoService }

func serviceData() string { return "" }

// asService runs the server for the system's manager of services, if it was that who started us.
func asService(context.Context, []string) (code int, was bool) { return 0, false }
