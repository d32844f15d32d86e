// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-text.h"

static void
append_command (const char *command, const char *system, gpointer text)
{
    if (system)
        g_string_append_printf (text, "\n%s:", system);
    g_string_append_printf (text, "\n    %s", command);
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
    pr_guide_step_foreach_command (step, append_command, text);
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
