SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# One setting everywhere keeps one build cache; only the race detector needs cgo.
export CGO_ENABLED := 0

NEED := tools/need.sh
LINT := go tool -modfile=tools/go.mod golangci-lint
PLAYWRIGHT := 1.52.0
GENERATED := find . -name node_modules -prune -o -name '*_templ.go' -type f -exec sha256sum {} + | sort -k 2

.PHONY: help
help: ## list these verbs
	@awk -F ': .*## ' '/^[a-z0-9-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build, and run the console with the sandbox
	bin/console --sandbox

.PHONY: test
test: fresh tidy lint unit e2e ## everything to pass before a commit

.PHONY: test-long
test-long: TAGS := -tags long -timeout 60m
test-long: test ## the same, with the tests that take long

.PHONY: build
build: assets templates ## build bin/console
	go build -trimpath -ldflags '-s -w' -o bin/console ./cmd/console

.PHONY: e2e
e2e: build driver ## the tests in a browser
	chromium=$$($(NEED) browser); \
	PLAYWRIGHT_DRIVER_PATH='$(CURDIR)/.driver' CHROMIUM_PATH="$$chromium" \
		go test -tags e2e -count=1 -parallel 2 -timeout 20m ./e2e/...

.PHONY: lint
lint: assets templates ## linters and formatting
	$(LINT) run --allow-parallel-runners ./...
	go tool templ fmt -fail -log-level warn views || { echo 'Unformatted templates in views; run: make generate'; exit 1; }

.PHONY: generate
generate: go ## format the templates and write their *_templ.go
	go tool templ fmt -log-level warn views
	go tool templ generate -log-level warn

.PHONY: bench
bench: build ## what the pages cost, beside their budgets
	go test -run=NONE -bench=. -benchmem ./internal/... ./handlers/...
	go run ./bench

# What the verbs are made of.

.PHONY: go node templates tidy fresh unit assets driver
go node:
	@$(NEED) $@ >/dev/null

templates: go
	@go tool templ generate -log-level warn

tidy: go
	go mod tidy -diff

# The committed *_templ.go are those of the committed templates, and none is missing or left over.
fresh: go
	@before=$$($(GENERATED)); \
	go tool templ generate -log-level warn; \
	diff <(echo "$$before") <($(GENERATED)) || { echo 'These *_templ.go did not belong to their templates. They are written anew; commit them.'; exit 1; }

unit: assets templates
	@$(NEED) cc >/dev/null
	CGO_ENABLED=1 go test -race -shuffle=on -timeout 10m $(TAGS) ./...
	go test -count=1 $(TAGS) ./handlers
	go test -count=1 -run 'HundredThousand|Allocations' ./internal/stytch ./views/...

node_modules/.stamp: package.json package-lock.json .npmrc | node
	npm ci
	@touch $@

assets: static/dist/.built
static/dist/.built: node_modules/.stamp tailwind.config.js $(wildcard static/*.css static/*.js static/*.mjs static/*.svg views/*.templ views/ui/*.templ views/*.go views/ui/*.go)
	node static/build.mjs
	@touch $@

# The directory that playwright-go expects, with the driver of exactly its version.
driver: node_modules/.stamp
	@mkdir -p .driver
	@ln -sfn ../node_modules/playwright-core .driver/package
	@ln -sfn "$$(command -v node)" .driver/node
	@test "$$(.driver/node .driver/package/cli.js --version)" = 'Version $(PLAYWRIGHT)'
