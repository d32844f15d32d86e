// SPDX-License-Identifier: GPL-3.0-or-later
#include "run-ipsw-tool.h"

#include <stdio.h>

/* The most that one hostile file may cost. */
#define MAX_SECONDS 2
#define MAX_MEMORY_KIB (64 * 1024)
#ifdef __SANITIZE_ADDRESS__
#define SLOWER 4 /* under the sanitizers, whose own memory is not measured */
#else
#define SLOWER 1
#endif

char *
run_ipsw_tool (const char *folder, const char *path, const char *name)
{
    const char *const argv[] = { g_getenv ("PR_TEST_IPSW_TOOL"), path, NULL };
    g_autoptr (GError) error = NULL;
    g_autofree char *output = NULL;
    char nick[64] = "";
    double seconds = 0;
    long memory = 0;
    int status = 0;

    g_assert_true (
        g_spawn_sync (folder, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error));
    g_test_message ("%s: %s", name, output);
    g_assert_cmpint (status, ==, 0);
    g_assert_cmpint (sscanf (output, "%lf %ld %63s", &seconds, &memory, nick), ==, 3);
    g_assert_cmpfloat (seconds, <, MAX_SECONDS * SLOWER);
    if (SLOWER == 1)
        g_assert_cmpint (memory, <, MAX_MEMORY_KIB);
    return g_strdup (nick);
}
