/* Writes hand-over reports into a folder, for test_handover.py: print-handover FOLDER
 *
 * <case>.pdf and <case>.json, and <case>.lines, one a line, of what has to stand on the sheet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <adwaita.h>

#include "pr-handover-sheet.h"
#include "pr-handover-words.h"

typedef struct {
    const char *name;
    PrHandover handover;
    gboolean masked;
} Case;

static void
write_text (const char *folder, const char *name, const char *ending, const char *text)
{
    g_autofree char *path = g_strdup_printf ("%s/%s%s", folder, name, ending);
    g_autoptr (GError) error = NULL;

    g_file_set_contents (path, text, -1, &error);
    g_assert_no_error (error);
}

static void
write_sheet (const char *folder, const Case *one)
{
    g_autoptr (GtkPrintOperation) operation = pr_handover_sheet_new (&one->handover, one->masked);
    g_autoptr (GtkPaperSize) size = gtk_paper_size_new (GTK_PAPER_NAME_A4);
    g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
    g_autofree char *path = g_strdup_printf ("%s/%s.pdf", folder, one->name);
    g_autoptr (GError) error = NULL;

    gtk_page_setup_set_paper_size_and_default_margins (setup, size);
    gtk_print_operation_set_default_page_setup (operation, setup);
    gtk_print_operation_set_export_filename (operation, path);
    gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error);
    g_assert_no_error (error);
}

static void
write_lines (const char *folder, const Case *one)
{
    g_autoptr (GPtrArray) lines = pr_handover_words_lines (&one->handover, one->masked);
    g_autoptr (GString) text = g_string_new (NULL);

    for (guint i = 0; i < lines->len; i++) {
        const PrHandoverLine *line = lines->pdata[i];

        g_string_append_printf (text, "%s: %s\n", line->title, line->value);
    }
    write_text (folder, one->name, ".lines", text->str);
}

static void
write_case (const char *folder, const Case *one)
{
    g_autofree char *json = pr_handover_to_json (&one->handover, one->masked);

    write_text (folder, one->name, ".json", json);
    write_lines (folder, one);
    write_sheet (folder, one);
}

int
main (int argc, char *argv[])
{
    g_autoptr (GDateTime) erased = g_date_time_new_utc (2026, 11, 24, 9, 30, 12);
    g_autoptr (GDateTime) backup = g_date_time_new_utc (2026, 11, 24, 8, 2, 0);
    Case known = {
        .handover = { .model = (char *) "iPhone 14",
                      .product_type = (char *) "iPhone14,7",
                      .serial = (char *) "F17VIRTUAL01",
                      .imei = (char *) "350000000000006",
                      .capacity = 128000000000,
                      .version = (char *) "17.5.1",
                      .build = (char *) "21F90",
                      .erased = erased,
                      .backup = backup,
                      .backup_health = PR_BACKUP_HEALTH_GOOD },
    };
    Case nothing = { .name = "nothing", .masked = TRUE };

    g_assert_cmpint (argc, ==, 2);
    adw_init ();
    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++)
        known.handover.verdict.good[sign] = PR_ANSWER_YES;
    known.handover.verdict = pr_verdict_judge (known.handover.verdict);
    known.name = "whole";
    write_case (argv[1], &known);
    known.name = "masked";
    known.masked = TRUE;
    write_case (argv[1], &known);
    known.name = "locked";
    known.handover.keeps_plan = TRUE;
    known.handover.verdict.good[PR_VERDICT_ACTIVATION_LOCK] = PR_ANSWER_NO;
    known.handover.verdict = pr_verdict_judge (known.handover.verdict);
    write_case (argv[1], &known);
    write_case (argv[1], &nothing);
    return 0;
}
