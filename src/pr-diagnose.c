// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-diagnose.h"

#include "pr-diagnosis.h"

#define LOOK_MS 4000 /* a phone that is plugged in has been read by then */

typedef struct {
    GMainLoop *loop;
    guint waits_for; /* the time, and the look at the tools */
    PrTools *tools;  /* owned */
} Look;

static void
arrive (Look *look)
{
    if (--look->waits_for == 0)
        g_main_loop_quit (look->loop);
}

static void
probe_tools (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
    Look *look = data;

    look->tools = pr_tools_probe (cancellable);
    g_task_return_boolean (task, TRUE);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    arrive (data);
}

static void
look_for_a_while (Look *look)
{
    g_autoptr (GTask) task = g_task_new (NULL, NULL, probed_cb, look);

    look->loop = g_main_loop_new (NULL, FALSE);
    look->waits_for = 2;
    g_task_set_task_data (task, look, NULL);
    g_task_run_in_thread (task, probe_tools);
    g_timeout_add_once (LOOK_MS, (GSourceOnceFunc) arrive, look);
    g_main_loop_run (look->loop);
    g_main_loop_unref (look->loop);
}

int
pr_diagnose (const PrApplicationOptions *options, const char *format)
{
    g_autoptr (PrUsbWatch) usb = pr_usb_watch_new (options->helper, options->helper_environment);
    g_autoptr (PrPhoneList) phones = pr_phone_list_new (usb, options->first_ecid, options->last_ecid);
    g_autoptr (PrDiagnosis) diagnosis = NULL;
    g_autofree char *text = NULL;
    gboolean json = g_strcmp0 (format, "json") == 0;
    Look look = { 0 };

    if (format && !json && !g_str_equal (format, "text")) {
        g_printerr ("phone-reset: --diagnose=text or --diagnose=json\n");
        return 2;
    }
    pr_usb_watch_start (usb);
    look_for_a_while (&look);
    diagnosis = pr_diagnosis_new (phones, look.tools);
    pr_tools_free (look.tools);
    text = json ? pr_diagnosis_to_json (diagnosis) : pr_diagnosis_to_text (diagnosis);
    g_print ("%s%s", text, json ? "\n" : "");
    return pr_diagnosis_is_healthy (diagnosis) ? 0 : 1;
}
