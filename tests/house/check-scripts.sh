#!/bin/sh
# Can every shell and Python script be read by its interpreter?
# SPDX-License-Identifier: GPL-3.0-or-later
set -u
cd "$(dirname "$0")/../.." || exit 2
broken=0
for script in dev .ci/commands .ci/run tests/session tests/as-nobody tests/sid/idevicerestore; do
    bash -n "$script" || broken=1
done
for script in $(find tests data src -name '*.sh'); do
    sh -n "$script" || broken=1
done
for script in $(find tests data src -name '*.py'); do
    python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1])' "$script" || broken=1
done
exit $broken
