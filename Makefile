# Dozvon: the call companion. `make` alone prints what there is.

VERSION := $(shell sed -n 's/^ *Version *= *"\(.*\)"/\1/p' FyneApp.toml 2>/dev/null)
COMMIT  := $(shell git rev-parse --short HEAD 2>/dev/null)
LDFLAGS := -s -w -X main.version=$(VERSION)$(if $(COMMIT),+$(COMMIT))
# Fyne's own switch for apps that touch widgets on its goroutine only.
TAGS    := migrated_fynedo
T       ?= 1m
# Which packages' tests make test-windows runs as .exe.
PACKAGES ?= .

# The race detector watches our packages and all that start goroutines. Here it is off: packages
# that only compute (the translated C of SQLite, hashes, regular expressions, fonts, pixels). They share
# nothing between goroutines (SQLite's atomics are on memory that is not Go's), and watched they take
# two thirds of the whole test time. What reaches sync.Map or a generic atomic, also inlined, must
# not stand here: the linker may keep that unwatched copy, and the detector sees races that are none.
COMPUTE := modernc.org/sqlite/lib modernc.org/libc modernc.org/memory regexp regexp/syntax \
	github.com/nyaruka/phonenumbers golang.org/x/crypto/argon2 golang.org/x/crypto/blake2b \
	compress/flate image/... golang.org/x/image/... github.com/go-text/typesetting/...
RACE    := -race $(foreach package,$(COMPUTE),'-gcflags=$(package)=-race=false -d=checkptr=0')
GOTEST  := go tool gotestsum --format pkgname-and-test-fails --hide-summary=skipped --jsonfile
ENTRIES ?= 10000000

.DEFAULT_GOAL := help
.PHONY: help deps build run walk test test-windows test-nodes bench soak lint fuzz screenshots contact package package-macos

help: ## this list
	@printf 'Dozvon: the call companion\n\n'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'

deps: ## install the system packages (Debian, Ubuntu), or name them
	@.ci/deps

build: deps ## build the programs into build/
	@echo "building into build/: dozvon (the app), dozvon-server, dozvon-pbx (the practice PBX)$$(case $$(go env GOOS) in linux) echo ', dozvon-tour (the tour of make run)';; esac)"
	go build -tags '$(TAGS)' -ldflags '$(LDFLAGS)' -o build/ ./cmd/...

run: build ## set everything up, start server + practice PBXs + app with demo data
	@build/dozvon-tour --bin build

walk: build ## go through what is promised as a new user does: a table of clicks, keys and seconds
	go test -tags '$(TAGS)' -count 1 -v -run '^TestWalk$$' ./app/stage -args -walk

# The pictures and the 500 calls over three nodes run apart: under the race detector both take minutes
# (it sees fewer calls there, and each surface in one language and theme only).
test: build lint ## set everything up, run all tests (-race), the end-to-end ones on a virtual desktop
	$(GOTEST) build/test.json -- $(RACE) -tags '$(TAGS)' -timeout 30m ./...
	@printf 'the ten slowest:\n'; go tool gotestsum tool slowest --num 10 --jsonfile build/test.json
	go test -tags '$(TAGS)' -count 1 -run '^TestScreenshots' ./app/desktop/ui/screens
	go test -tags '$(TAGS)' -count 1 -run '^TestNodes_everyCallIsAsOnOneNode$$' ./app/server

# As root: the first time it makes a system with wine in the cache folder of the person, for 2.5 GB and some
# minutes. Where that cannot be, it is skipped, and says why. The pictures are in build/screenshots/windows-*.png.
test-windows: ## run the Windows programs on a Windows desktop (wine), and the packages' tests as .exe
	@[ "$$(id -u)" != 0 ] || .ci/deps windows || echo 'some packages are missing; the tests say whether they can do without'
	@mkdir -p build
	go tool gotestsum --format testname --jsonfile build/test-windows.json -- -tags '$(TAGS)' -count 1 -parallel 3 -timeout 60m ./app/stage/wine -args -wine '$(CURDIR)/build/windows' -packages '$(PACKAGES)'

# It upgrades from the commit that gave the previous version its number, so it needs a whole clone; FROM=… names another one.
test-nodes: deps ## upgrade several servers on one PostgreSQL under load, from the previous version to this one
	go test -tags '$(TAGS)' -count 1 -v -timeout 30m -run '^TestNodesLong' ./app/server -args -nodes -nodes-from '$(FROM)'

# The databases of ten million entries are made once, in half an hour, and kept under build/scale
# until the schema changes: 20 GB. ENTRIES=1000000 makes a small one.
bench: build ## measure against the floors; writes build/bench.md
	go test -tags '$(TAGS)' -run '^TestBench' -count 1 -timeout 3h ./app/bench -args -bench-out "$(CURDIR)/build/bench.md" -bench-entries $(ENTRIES)

# Half of the time the server is killed again and again, for the other half it lives on; memory, goroutines and open files
# are judged by that half. As root its data lies on a disk in memory that is full now and then, of 24 MB a minute. Afterwards
# the power is cut, and restore and erase are broken off, 50 times each.
DURATION ?= 60m

soak: build ## play days of schools with kills, cuts, jumps of the clock, full disks for DURATION=60m; writes build/soak.md
	go test -tags '$(TAGS)' -count 1 -timeout 0 -run '^TestSoak$$' ./app/soak -args -soak $(DURATION) -soak-server '$(CURDIR)/build/dozvon-server' -soak-out '$(CURDIR)/build/soak.md'
	go test -tags '$(TAGS)' -count 1 -timeout 0 -v -run '_powerCut|_brokenOff' ./app/soak -args -soak $(DURATION) -soak-server '$(CURDIR)/build/dozvon-server'

lint: ## vet (for Windows and macOS, too), staticcheck, gofumpt
	@bad=$$(go tool gofumpt -l .); [ -z "$$bad" ] || { echo "not formatted (go tool gofumpt -w .):"; echo "$$bad"; exit 1; }
	go vet -tags '$(TAGS)' ./...
	@.ci/vet-systems '$(TAGS)'
	go tool staticcheck -tags '$(TAGS)' ./...

fuzz: ## fuzz every decoder for T each (T=1m)
	@grep -rHo --include='*_test.go' '^func Fuzz[A-Za-z]*' app client cmd | sort | while IFS=: read -r file func; do \
		echo "$${func#func } of $$(dirname "$$file")"; \
		go test -tags '$(TAGS)' -run - -fuzz "^$${func#func }$$" -fuzzminimizetime 100x -fuzztime $(T) "./$$(dirname "$$file")" </dev/null || exit 1; \
	done

screenshots: build ## draw every surface, ru/en, light/dark, into build/screenshots
	go test -tags '$(TAGS)' -count 1 -run TestScreenshots ./app/desktop/...

# Only what the sheets are about can be chosen: make contact ONLY='^(strip|storm)$$'.
ONLY ?= .

contact: ## draw every surface with long names, ru/en, light/dark, at scale 1, 1.5, 2, as sheets into build/screenshots/contact
	go test -tags '$(TAGS)' -count 1 -timeout 60m -run '^TestContact$$' ./app/desktop/ui/screens -args -contact '$(CURDIR)/build/screenshots/contact' -contact-only '$(ONLY)'

package: ## make .deb, .rpm, .tar.gz, the setup and .zip for Windows into build/packages
	@.ci/deps package
	@.ci/package

package-macos: ## on a Mac: make Dozvon.app and a .zip of it into build/packages
	@.ci/package-macos
