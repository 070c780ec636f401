package server_test

import "dozvon/app/server/store"

var storeStart = store.Start
