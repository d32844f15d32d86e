// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-link-row.h"

#include "pr-link-words.h"

#include <glib/gi18n.h>

static void
show (PrStateRow *row, PrCheckState state, const char *title, const char *text)
{
    pr_state_row_set_state (row, state);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static void
show_finding (PrStateRow *row, const PrFinding *finding)
{
    g_autofree char *title = pr_link_words_title (finding);

    show (row, finding->sureness == PR_SURENESS_INFORMATION ? PR_CHECK_GOOD : PR_CHECK_WARNING, title,
          pr_link_words_text (finding));
}

static void
update (PrStateRow *row, PrLinkWatch *watch)
{
    g_autoptr (GArray) findings = pr_link_watch_find (watch);
    const PrFinding *finding = pr_findings_get_shown (findings);

    if (finding)
        show_finding (row, finding);
    else if (pr_link_history_is_any_present (pr_link_watch_get_history (watch)))
        show (row, PR_CHECK_GOOD, _ ("The Computer Sees the Phone"), _ ("And the link holds. Look at it live."));
    else
        show (row, PR_CHECK_NOT_KNOWN, _ ("The Computer Sees No Phone"),
              _ ("Plug it in, and look at the link live. A phone that is off is not seen either."));
}

void
pr_link_row_follow (PrStateRow *row, PrLinkWatch *watch)
{
    g_signal_connect_object (watch, "changed", G_CALLBACK (update), row, G_CONNECT_SWAPPED);
    update (row, watch);
}
