#!/bin/sh
# Does po/POTFILES.in name every file that has words for people in it, and no file that is not there?
# usage: check-potfiles.sh [SOURCE-FOLDER]
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
broken=0
listed=$(sed -e 's/#.*//' -e '/^[[:space:]]*$/d' po/POTFILES.in)

for file in $listed; do
    [ -f "$file" ] || { echo "po/POTFILES.in names $file, which is not there"; broken=1; }
done
for file in $(grep -rlE '\b(N_|C_|NC_|ngettext|_) ?\("' src data --include='*.c' --include='*.blp') \
    $(find . -path './_*' -prune -o \( -name '*.desktop' -o -name '*.metainfo.xml.in' -o -name '*.gschema.xml' \) -print | sed 's,^\./,,'); do
    echo "$listed" | grep -qxF "$file" || { echo "po/POTFILES.in does not name $file"; broken=1; }
done
exit $broken
