// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-failure-rows.h"

#include "pr-guide.h"
#include "pr-reinstall.h"
#include "pr-restore-status.h"
#include "pr-words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define FIRST_DAYS 5

/* Trouble that the first days of a release are known for. */
static gboolean
is_of_servers (const GError *error)
{
    static const PrError codes[] = { PR_ERROR_SIGNING_REFUSED, PR_ERROR_NO_SIGNING,     PR_ERROR_NO_DOWNLOAD,
                                     PR_ERROR_FILE_WITHDRAWN,  PR_ERROR_WRONG_DOWNLOAD, PR_ERROR_NO_VERSIONS };

    for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
        if (g_error_matches (error, PR_ERROR, (int) codes[i]))
            return TRUE;
    return FALSE;
}

char *
pr_failure_words_wait (PrPlan *plan, const GError *error, const char *version)
{
    int days = version ? pr_plan_get_release_days (plan, version) : -1;

    if (days < 0 || days >= FIRST_DAYS || !is_of_servers (error))
        return NULL;
    /* Translators: "iOS 17.6.1 is only a few days old." */
    return g_strdup_printf (_ ("%s %s is only a few days old. Apple’s servers are busy then; a day later it mostly "
                               "works. The phone can wait."),
                            pr_words_system (pr_plan_get_phone (plan)), version);
}

static GtkWidget *
create_row (const char *title, const char *subtitle, const char *icon)
{
    GtkWidget *row =
        g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title, "subtitle", subtitle, NULL);

    adw_action_row_add_prefix (ADW_ACTION_ROW (row), g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "accessible-role",
                                                                   GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    return row;
}

GtkWidget *
pr_failure_row_wait (PrPlan *plan, const GError *error, const char *version)
{
    g_autofree char *words = pr_failure_words_wait (plan, error, version);

    return words ? create_row (_ ("Wait a Day First"), words, "pr-waiting-symbolic") : NULL;
}

GtkWidget *
pr_failure_row_retry (void)
{
    return create_row (
        _ ("Plug It In Again"),
        _ ("Best with another cable, into another port. As soon as the phone is back, this is tried once "
           "more by itself."),
        "pr-cable-symbolic");
}

GtkWidget *
pr_failure_row_number (PrOperation *operation)
{
    int number = PR_IS_REINSTALL (operation) ? pr_reinstall_get_status (PR_REINSTALL (operation)) : 0;
    const char *id = number ? pr_restore_status_get_guide (number) : NULL;
    g_autoptr (PrGuide) guide = id ? pr_guide_load (id) : NULL;
    /* Translators: an error number, "The Phone Said 14" */
    g_autofree char *title = g_strdup_printf (_ ("The Phone Said %d"), number);
    GtkWidget *row;

    if (number == 0)
        return NULL;
    row = create_row (title, guide ? pr_guide_get_title (guide) : _ ("Nobody wrote down what this number means."),
                      "dialog-information-symbolic");
    if (!guide)
        return row;
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.help");
    gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", id);
    adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic", "accessible-role",
                                             GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));
    return row;
}
