#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev bench [ROW-PREFIX…] [--json]: measures against peers in the same run.

Exit status 1 if a row is worse than its limit allows. With --json the last line is one object (design: {"rows": [...]}).
A row is a function that returns what measure.row() makes; new ones are added to ROWS.
"""

import argparse
import json
import sys

import backup_rows
import download_rows
import window_rows

ROWS = {
    "first-frame": window_rows.first_frame,
    "pss": window_rows.pss,
    "dispatch": window_rows.dispatch,
    "dispatch-link": window_rows.dispatch_link,
    "link-to-page": window_rows.link_to_page,
    "helper-cpu": window_rows.helper_cpu,
    "restore-wall": window_rows.restore_wall,
    **backup_rows.ROWS,
    "download": download_rows.download,
}


def show(row):
    verdict = "" if row["ratio"] >= row["limit"] else f"  WORSE THAN ITS LIMIT {row['limit']}"
    print(
        f"{row['row']:<18} {row['ours']:>9} {row['unit']:<7} {row['peer_name']} {row['peer']} {row['unit']}, "
        f"ratio {row['ratio']} (limit {row['limit']}, {row['runs']} runs){verdict}",
        flush=True,
    )


def main():
    parser = argparse.ArgumentParser(prog="dev bench")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("prefixes", nargs="*", metavar="ROW-PREFIX")
    arguments = parser.parse_args()
    chosen = [name for name in ROWS if not arguments.prefixes or name.startswith(tuple(arguments.prefixes))]
    if not chosen:
        parser.error(f"no such row; there are {', '.join(ROWS)}")
    rows = []
    for name in chosen:
        rows.append(ROWS[name]())
        show(rows[-1])
    if arguments.json:
        print(json.dumps({"rows": rows}))
    return 0 if all(row["ratio"] >= row["limit"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
