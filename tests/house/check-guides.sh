#!/bin/sh
# Are guides and advice short, in short sentences, and with their sources?
# usage: check-guides.sh [SOURCE-FOLDER]
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
here=$(cd "$(dirname "$0")" && pwd)
exec python3 "$here/guides.py" "${1:-$here/../..}"
