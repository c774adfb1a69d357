# The commands of this house. `make demo` and `make test` are the two that everybody needs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CARGO ?= cargo
SALIO := target/release/salio
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' -not -path 'web/shots/*' 2>/dev/null)

.PHONY: help demo dev build check test test-rust test-web test-e2e torture bench tools tools-build

help: ## Lists these commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: build ## Builds everything and runs Salio with a simulated provider; prints the address to open
	$(SALIO) demo

dev: tools-build web/dist/index.html ## Runs the demo from a quick build
	$(CARGO) run -p salio -- demo

build: tools-build $(SALIO) ## Builds the binary with the dashboard in it

web/node_modules/.package-lock.json: web/package.json web/package-lock.json | tools-build
	cd web && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

$(SALIO): web/dist/index.html FORCE
	$(CARGO) build --release --locked -p salio

FORCE:

tools-build:
	@scripts/tools.sh build

tools: ## Installs what the tests need and this machine lacks
	scripts/tools.sh

check: tools web/dist/index.html ## Formatting, lints, types; no tests
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	cd web && npm run --silent typecheck

test: tools check test-rust test-web test-e2e ## All checks and all tests, the browser included
	@echo "make test: everything passed"

test-rust: web/dist/index.html ## Unit, property, simulation and end-to-end tests of the Rust part
	scripts/test-rust.sh

test-web: web/dist/index.html ## Unit tests and size of the dashboard
	cd web && npm run --silent test && npm run --silent size

# The binary that the Rust tests have just built; E2E_BINARY names another, such as the released one of `make build`.
test-e2e: web/dist/index.html ## The browser against the real binary
	$(CARGO) build --workspace --tests --bins --locked
	E2E_BINARY="$${E2E_BINARY:-$(CURDIR)/target/debug/salio}" scripts/test-e2e.sh

torture: web/dist/index.html ## Kills the server 520 times under mixed load and audits what is left (TORTURE_KILLS=, SALIO_SEED=)
	$(CARGO) build --locked -p salio
	SALIO_TORTURE_KILLS="$${TORTURE_KILLS:-520}" $(CARGO) test --locked -p salio-tests --test torture -- --nocapture

bench: build ## Ratios against references in the same run
	$(CARGO) run --release --locked -p salio-bench
