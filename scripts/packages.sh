#!/bin/sh
# Install the Debian packages that are missing.
#
#   packages.sh --must PACKAGE...  exit code 1, naming them, where they cannot be installed
#   packages.sh STAMP LIST...      packages named in the LISTs, one a line; touch STAMP once all are here.
#                                  What cannot be installed is named and costs what it costs (a format, a test)
set -eu

is_here() {
    case $(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null) in ii*) return 0 ;; esac
    return 1
}

missing_of() {
    for package in "$@"; do
        is_here "$package" || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif [ -t 0 ]; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

can_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null 2>&1
}

apt_install() {
    as_root apt-get install --yes --quiet --quiet --no-install-recommends "$@"
}

# Together if possible; else one by one, so that one that is not to be had costs itself alone.
install() {
    echo "Installing by apt: $*"
    as_root apt-get update --quiet --quiet || echo "apt-get update failed: going on with the lists that are here" >&2
    apt_install "$@" >/dev/null && return 0
    for package in "$@"; do
        apt_install "$package" >/dev/null || true
    done
}

if [ "$1" = --must ]; then
    must=1 stamp=
    shift
    wanted=$*
else
    must=0 stamp=$1
    shift
    wanted=$(cat "$@")
fi

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is no Debian: install what these Debian packages hold yourself: $(echo $wanted)" >&2
    exit $must
fi
# shellcheck disable=SC2086 # a list of words
missing=$(missing_of $wanted)
if [ -n "$missing" ] && can_install; then
    # shellcheck disable=SC2086
    install $missing || true
    # shellcheck disable=SC2086
    missing=$(missing_of $missing)
fi
if [ -z "$missing" ]; then
    [ -z "$stamp" ] || touch "$stamp"
    exit 0
fi
echo "Missing, and not to be installed from here: $missing" >&2
echo "As root: apt-get install --no-install-recommends $missing" >&2
[ $must = 0 ] || exit 1
echo "Going on without: 'actionday doctor' says what each costs; tests that need one are skipped, saying so." >&2
