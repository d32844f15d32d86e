#!/bin/sh
# The walls between the layers that the compiler cannot keep: Debian installs the device libraries' headers straight
# into /usr/include. Prints every line that breaks one; exit status 1 if there is any.
# usage: check-layers.sh [SOURCE-FOLDER]
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
cd "${1:-$(dirname "$0")/../..}" || exit 2
broken=0

# forbid WHAT PATTERN GREP-ARGUMENT…: no line of these files may match.
forbid() {
    what=$1 pattern=$2
    shift 2
    found=$(grep -rnsE --include='*.c' --include='*.h' "$pattern" "$@")
    [ -n "$found" ] || return 0
    echo "$found" | sed "s,^,$what: ,"
    broken=1
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
folders() {
    for folder in src/*/; do
        case " $* " in *" $(basename "$folder") "*) ;; *) echo "$folder" ;; esac
    done
}

# libirecovery: only the program that talks to raw USB, and the table of models
forbid "libirecovery outside usb/" "${include}<libirecovery" --exclude='pr-model.c' $(folders usb) src/*.c
# libimobiledevice and libusbmuxd: only where phones are talked to
forbid "libimobiledevice outside phone/ and backup/" "${include}<(libimobiledevice/|usbmuxd)" $(folders phone backup) src/*.c
forbid "GTK outside ui/" "${include}<(gtk/|gdk/|adwaita)" $(folders ui) src/*.c --exclude=main.c
forbid "umockdev outside virtual/" "${include}<umockdev" $(folders virtual) src/*.c
forbid "a path in a quoted include" "${include}\"[^\"]*/" src tests

# usb/ and virtual/ are programs of their own: nobody includes their headers, and they include nobody's
own_headers() {
    (cd "$1" 2>/dev/null && ls ./*.h 2>/dev/null | sed 's,^\./,,; s,\.,\\.,g' | paste -sd'|' -)
}
for program in usb virtual; do
    headers=$(own_headers "src/$program")
    [ -z "$headers" ] || forbid "$program/ included from outside" "${include}\"($headers)\"" $(folders "$program") src/*.c
    others=$(for folder in $(folders "$program"); do own_headers "$folder"; done | grep . | paste -sd'|' -)
    [ -z "$others" ] || forbid "$program/ includes another layer" "${include}\"($others)\"" "src/$program"
done

# what blocks belongs to an operation's thread
forbid "blocking calls in ui/" '\bpr_(services|lockdown|restore_tool|usb_watch_call)_?[a-z_]* \(' src/ui --exclude='pr-application.c'
# guard rail 1: only the confirm page makes a confirmation, and a person's word in its dialogs for the last backup of a
# phone and for a profile
forbid "pr_confirmation_new outside the confirm page" '\bpr_confirmation_new \(' \
    --exclude='pr-confirm-page.c' --exclude='pr-agreement.c' $(folders operation) src/*.c
forbid "pr_agreement_confirm outside the two dialogs" '\bpr_agreement_confirm \(' \
    --exclude='pr-delete-dialog.c' --exclude='pr-profile-dialog.c' --exclude='pr-agreement.[ch]' $(folders) src/*.c
exit $broken
