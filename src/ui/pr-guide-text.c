// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-text.h"

static void
append_commands (GString *text, PrGuideStep *step)
{
    const char *commands = pr_guide_step_get_command (step);
    const char *systems = pr_guide_step_get_systems (step);
    g_auto (GStrv) lines = g_strsplit (commands ? commands : "", "\n", -1);
    g_auto (GStrv) whom = g_strsplit (systems ? systems : "", "\n", -1);
    guint n_whom = g_strv_length (whom);

    for (guint i = 0; lines[i]; i++) {
        if (i < n_whom)
            g_string_append_printf (text, "\n%s:", whom[i]);
        g_string_append_printf (text, "\n    %s", lines[i]);
    }
}

static void
append_step (GString *text, PrGuideStep *step, guint number)
{
    const char *body = pr_guide_step_get_text (step);

    g_string_append (text, "\n\n");
    if (number > 0)
        g_string_append_printf (text, "%u. ", number);
    g_string_append (text, pr_guide_step_get_title (step));
    if (body)
        g_string_append_printf (text, "\n%s", body);
    append_commands (text, step);
}

char *
pr_guide_to_text (PrGuide *guide)
{
    g_return_val_if_fail (PR_IS_GUIDE (guide), NULL);
    g_autoptr (GString) text = g_string_new (pr_guide_get_title (guide));
    GListModel *steps = pr_guide_get_steps (guide);
    gboolean numbered = !pr_guide_get_unordered (guide);

    g_string_append_printf (text, "\n\n%s", pr_guide_get_summary (guide));
    for (guint i = 0; i < g_list_model_get_n_items (steps); i++) {
        g_autoptr (PrGuideStep) step = g_list_model_get_item (steps, i);

        append_step (text, step, numbered ? i + 1 : 0);
    }
    g_string_append_c (text, '\n');
    return g_string_free_and_steal (g_steal_pointer (&text));
}
