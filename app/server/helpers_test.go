package server_test

import (
	"net"

	"dozvon/app/server/store"
)

var storeStart = store.Start

func newListener() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }
