#!/usr/bin/env bash
# Checks that the named programs are there and new enough, or says what to do. Those that the system's package manager
# has are installed if the user may. Prints the path of the last one.
#
# Usage: tools/need.sh go|node|cc|browser ...
set -euo pipefail

fail() {
	printf '\n%s\n\n' "$*" >&2
	exit 1
}

# install PACKAGE ... uses apt-get as root, directly or by a sudo that asks for no password; else it fails.
install() {
	local as=()
	command -v apt-get >/dev/null || return 1
	if [ "$(id -u)" -ne 0 ]; then
		sudo -n true 2>/dev/null || return 1
		as=(sudo -n)
	fi
	echo "Installing $* with apt-get." >&2
	"${as[@]}" apt-get update -qq >&2 &&
		"${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

need_go() {
	local version
	command -v go >/dev/null || fail "Go is missing. Install Go 1.26 or newer: https://go.dev/dl"
	# Asked inside the module, an older Go fetches the one that go.mod names, and fails here if it cannot.
	version=$(go env GOVERSION 2>/dev/null) || fail "This Go is too old, and cannot fetch the one that go.mod asks for. Install Go 1.26 or newer: https://go.dev/dl"
	case $version in
	go1.[0-9] | go1.[0-9].* | go1.1[0-9]* | go1.2[0-5]*) fail "This Go is too old ($version). Install Go 1.26 or newer: https://go.dev/dl" ;;
	esac
	command -v go
}

need_node() {
	local major
	command -v node >/dev/null || fail "Node.js is missing. Install Node.js 20 or newer, with npm: https://nodejs.org"
	command -v npm >/dev/null || fail "npm is missing. Install it; it comes with Node.js: https://nodejs.org"
	major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
	[ "$major" -ge 20 ] || fail "This Node.js is too old ($(node --version)). Install Node.js 20 or newer: https://nodejs.org"
	command -v node
}

need_cc() {
	command -v "${CC:-gcc}" || { install gcc libc6-dev && command -v gcc; } ||
		fail "A C compiler is missing; Go's race detector needs one. Install gcc (on Debian: apt-get install gcc libc6-dev)."
}

find_browser() {
	local name
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		command -v "$name" && return
	done
	return 1
}

need_browser() {
	if [ -n "${CHROMIUM_PATH:-}" ]; then
		[ -x "$CHROMIUM_PATH" ] || fail "CHROMIUM_PATH names no program: $CHROMIUM_PATH"
		echo "$CHROMIUM_PATH"
		return
	fi
	find_browser || { install chromium && find_browser; } ||
		fail "Chromium is missing, and this user may not install it. Install it (on Debian: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome."
}

for name in "$@"; do
	case $name in
	go | node | cc | browser) found=$("need_$name") ;;
	*) fail "tools/need.sh: unknown program $name" ;;
	esac
done
echo "${found:-}"
