#!/bin/sh
# The house checks themselves: each must find its breach in a small made-up tree, and nothing in a clean one.
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
number=0
licence='// SPDX-License-Identifier: GPL-3.0-or-later'

fresh_tree() {
    rm -rf "$folder/tree"
    mkdir -p "$folder/tree/po"
    for name in phone usb virtual restore operation ui; do
        mkdir -p "$folder/tree/src/$name"
        printf '%s\n#pragma once\n' "$licence" >"$folder/tree/src/$name/pr-$name-thing.h"
    done
    echo src/ui/pr-known.c >"$folder/tree/po/POTFILES.in"
    printf '%s\nconst char *known = _("Known");\n' "$licence" >"$folder/tree/src/ui/pr-known.c"
}

# expect CHECK STATUS TITLE
expect() {
    number=$((number + 1))
    output=$(sh "$here/$1" "$folder/tree" 2>&1)
    status=$?
    [ $status = "$2" ] && echo "ok $number $3" && return
    echo "not ok $number $3"
    echo "# status $status: $output"
}

# breach CHECK FILE LINE TITLE: this line in this file must be found
breach() {
    fresh_tree
    printf '%s\n%s\n' "$licence" "$3" >"$folder/tree/$2"
    expect "$1" 1 "$4"
}

echo "1..29"
fresh_tree
expect check-layers.sh 0 "layers: a clean tree passes"
expect check-text.sh 0 "text: a clean tree passes"
expect check-potfiles.sh 0 "potfiles: a clean tree passes"

layers=check-layers.sh
breach $layers src/ui/a.c '#include <libirecovery.h>' "libirecovery in ui/"
breach $layers src/phone/a.c '#include <libirecovery.h>' "libirecovery in phone/"
breach $layers src/operation/a.c '#include <libimobiledevice/lockdown.h>' "libimobiledevice in operation/"
breach $layers src/ui/a.c '#include <usbmuxd.h>' "libusbmuxd in ui/"
breach $layers src/operation/a.c '#include <gtk/gtk.h>' "GTK in operation/"
breach $layers src/phone/a.c '#include "../ui/pr-ui-thing.h"' "a path in an include"
breach $layers src/phone/a.c '#include "pr-usb-thing.h"' "usb/ included"
breach $layers src/ui/a.c '#include "pr-virtual-thing.h"' "virtual/ included"
breach $layers src/virtual/a.c '#include "pr-phone-thing.h"' "virtual/ includes the app"
breach $layers src/ui/a.c '    pr_services_restart (udid, NULL, &error);' "a blocking call in ui/"
breach $layers src/ui/pr-window.c '    c = pr_confirmation_new (1, a, b, c, d, TRUE);' "a confirmation made by the window"
breach $layers src/ui/pr-window.c '    c = pr_agreement_confirm (self->word, 1, a, NULL);' "a word taken by the window"

text=check-text.sh
breach $text src/ui/a.c "    got""o out;" "the jump"
breach $text src/ui/a.c "const char *path = \"/wor""k/x\";" "a machine's path"
breach $text src/ui/a.c "/* TOD""O */" "unfinished work"
breach $text src/ui/a.c "$(yes '/* */' | head -n 701)" "a file too long"
fresh_tree
echo 'int a;' >"$folder/tree/src/ui/a.c"
expect $text 1 "a file without its licence"

breach check-potfiles.sh src/ui/a.c 'const char *a = _("New words");' "words not listed"
fresh_tree
echo src/ui/pr-gone.c >>"$folder/tree/po/POTFILES.in"
expect check-potfiles.sh 1 "a listed file that is gone"

# guide SUMMARY TEXT: a tree with one guide that says so
guide() {
    fresh_tree
    mkdir -p "$folder/tree/data/guides"
    printf '// source: a book\n  title: _("A Guide");\n  summary: _("%s");\n      text: _("%s");\n' "$1" "$2" \
        >"$folder/tree/data/guides/a.blp"
}

long=$(yes word | head -n 17 | paste -sd' ' -)
longer=$(yes word | head -n 33 | paste -sd' ' -)
guide "Short." "Short too."
expect check-guides.sh 0 "guides: a clean tree passes"
guide "$long." "$long."
expect check-guides.sh 1 "a guide of long sentences"
guide "One. Two. Three." "Short."
expect check-guides.sh 1 "a summary of three sentences"
guide "Short." "Short. $longer."
expect check-guides.sh 1 "one sentence that is far too long"
guide "Short." "Short. $long. $long. $long. And. So. On. It. Goes."
expect check-guides.sh 1 "a step that is too long"
guide "Short." "Short."
sed -i '/source/d' "$folder/tree/data/guides/a.blp"
expect check-guides.sh 1 "a guide without its source"
fresh_tree
mkdir -p "$folder/tree/src/advice"
printf '%s\nconst char *a = N_("%s "\n"%s.");\n' "$licence" "$long" "$longer" >"$folder/tree/src/advice/a.c"
expect check-guides.sh 1 "advice that is too long"
