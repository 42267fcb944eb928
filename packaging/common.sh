# SPDX-FileCopyrightText: 2026 The Brink authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by packaging/run and packaging/test: installs what is missing and builds. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian package names; two of them differ between Debian 12 and 13.
packages=(
    build-essential cmake ninja-build ccache lld
    libtorch-dev libopenblas0-pthread
    qt6-base-dev libqt6sql6-sqlite qt6-tools-dev libqcustomplot-dev
    libopencv-dev libeigen3-dev libspectra-dev libboost-math-dev nlohmann-json3-dev libssl-dev zlib1g-dev libbenchmark-dev
    fonts-dejavu-core
)
alternatives=("libqt6svg6-dev qt6-svg-dev" "libqcustomplot2.1-qt6 libqcustomplot-dev")

say() { printf '%s\n' "$*" >&2; }

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else say "Installing packages needs root: run this command as root or install sudo."; exit 1
    fi
}

install_packages() {
    local missing=() package choice
    for package in "${packages[@]}"; do
        is_installed "$package" || missing+=("$package")
    done
    for choice in "${alternatives[@]}"; do
        local found=""
        for package in $choice; do is_installed "$package" && found=yes; done
        [ -n "$found" ] || missing+=("?$choice")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || { say "This is not Debian; install by hand: ${missing[*]}"; exit 1; }
    as_root apt-get update -qq
    local chosen=()
    for package in "${missing[@]}"; do
        if [ "${package#\?}" = "$package" ]; then chosen+=("$package"); continue; fi
        for choice in ${package#\?}; do
            if apt-cache show "$choice" >/dev/null 2>&1; then chosen+=("$choice"); break; fi
        done
    done
    say "Installing: ${chosen[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${chosen[@]}" >&2
}

# build PRESET [cmake options]: configures and builds into build/PRESET. With CCACHE_DEPEND nothing is read twice to fill the cache;
# with CCACHE_BASEDIR paths are taken relative to the checkout, so another checkout finds what this one compiled.
build() {
    local preset=$1; shift
    local launcher=()
    command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    export CCACHE_DEPEND=1
    export CCACHE_BASEDIR=$root
    (cd "$root" && cmake --preset "$preset" "${launcher[@]}" "$@" >&2 && cmake --build --preset "$preset" >&2)
}
