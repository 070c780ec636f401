package platform

import (
	"log/slog"
	"runtime/debug"
	"sync"

	"github.com/ebitengine/purego"
)

// trim is malloc_trim(3), nil where the C library has none. What draws the windows takes its textures
// from the C library, which keeps what was freed.
var trim = sync.OnceValue(func() (trim func(pad uintptr) int32) {
	libc, err := purego.Dlopen("libc.so.6", purego.RTLD_LAZY)
	if err == nil {
		if _, err = purego.Dlsym(libc, "malloc_trim"); err == nil {
			purego.RegisterLibFunc(&trim, libc, "malloc_trim")
		}
	}
	if err != nil {
		slog.Info("memory of the C library is not given back", "reason", err)
	}
	return trim
})

// GiveBackMemory returns to the system what the program has freed.
func GiveBackMemory() {
	debug.FreeOSMemory()
	if trim := trim(); trim != nil {
		trim(0)
	}
}
