#!/bin/sh
# What every source file keeps to, whatever it does. Prints every breach; exit status 1 if there is any.
# usage: check-text.sh [SOURCE-FOLDER]
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
broken=0

# files NAME…: the project's files of these names, without build folders
files() {
    tests=""
    for name in "$@"; do
        tests="$tests -o -name $name"
    done
    set -f
    find . \( -path './_*' -o -path ./.git \) -prune -o -type f \( ${tests# -o } \) -print
    set +f
}

# complain WHAT: each line of the input is a breach of WHAT
complain() {
    sed "s,^,$1: ," | grep . && broken=1
}

found() {
    xargs -r grep -nE "$1" /dev/null
}

text() {
    files '*.c' '*.h' '*.py' '*.sh' '*.blp' '*.build' '*.md' '*.yml' '*.in' '*.css'
    ls dev .ci/* tests/session tests/as-nobody 2>/dev/null
}

breaches() {
    files '*.c' '*.h' | found '\bgot[o]\b[^.]*;' | complain "goto"
    # the house's own path must not be found by what looks for paths
    text | found '(^|[^[:alnum:]_.$}/-])/(wor[k]|roo[t])/' | complain "a machine's path"
    text | found '\b(TOD[O]|FIXM[E]|XX[X])\b' | complain "unfinished"
    files '*.c' | xargs -r wc -l | awk '$2 != "total" && $1 > 700 { print $2 ": " $1 " lines" }' | complain "too long"
    { files '*.c' '*.h' '*.py' '*.sh' meson.build; ls dev .ci/run .ci/commands tests/session tests/as-nobody; } 2>/dev/null |
        grep -v '^\./meson.build$' | grep -v '^\./src/meson.build$' |
        xargs -r grep -L 'SPDX-License-Identifier: GPL-3.0-or-later' | complain "no licence line"
    { files '*.c' '*.h' '*.blp' '*.py' '*.sh' '*.md'; } | found '[[:blank:]]+$' | complain "blank at a line's end"
}

found_any=$(breaches)
[ -z "$found_any" ] || { echo "$found_any"; exit 1; }
