#!/bin/sh
# Is every source in the project's format? "./dev format" puts it there.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
cd "$(dirname "$0")/../.." || exit 2
find . \( -path './_*' -o -path ./.git \) -prune -o -type f \( -name '*.c' -o -name '*.h' \) -print0 |
    xargs -0 -r clang-format --dry-run -Werror || exit 1
find . \( -path './_*' -o -path ./.git \) -prune -o -type f -name '*.blp' -print0 |
    xargs -0 -r blueprint-compiler format || exit 1
