// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-restore-status.h"

typedef struct {
    int first, last;
    const char *guide;
} Range;

/* The first that fits; 100 is not Apple's, but what a phone says when an update could not install its last part. */
static const Range ranges[] = {
    { 1013, 1013, "error-signing" }, { 1109, 1109, "error-signing" },  { 3014, 3014, "error-signing" },
    { 3100, 3999, "error-signing" }, { 9006, 9006, "error-signing" },  { 9807, 9807, "error-signing" },
    { 1001, 1021, "error-modem" },   { 1000, 1000, "error-security" }, { 1667, 1671, "error-security" },
    { 9, 9, "error-link" },          { 13, 14, "error-link" },         { 1600, 1650, "error-link" },
    { 4000, 4037, "error-link" },    { 1, 1, "error-file" },           { 10, 10, "error-file" },
    { 1403, 1403, "error-file" },    { 1413, 1415, "error-file" },     { 6, 6, "error-security" },
    { 20, 26, "error-security" },    { 28, 40, "error-security" },     { -18, -18, "error-parts" },
    { -1, -1, "error-parts" },       { 27, 27, "error-parts" },        { 50, 51, "error-parts" },
    { 53, 53, "error-parts" },       { 100, 100, "error-parts" },
};

const char *
pr_restore_status_get_guide (int status)
{
    for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
        if (status >= ranges[i].first && status <= ranges[i].last)
            return ranges[i].guide;
    return NULL;
}
