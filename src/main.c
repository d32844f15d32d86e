// SPDX-License-Identifier: GPL-3.0-or-later
/* Where the program starts: its options, its language, and which phones it is about. */
#include "config.h"

#include "pr-application.h"
#include "pr-demo.h"
#include "pr-diagnose.h"

#include <glib/gi18n.h>
#include <locale.h>

#define HELPER PR_LIBEXECDIR "/phone-reset-usb"
#define VIRTUAL_PHONE PR_LIBEXECDIR "/phone-reset-virtual-phone"

static gboolean demo_wanted;
static char *demo_what;
static gboolean diagnosis_wanted;
static char *diagnosis_format;
static gboolean version_wanted;

static gboolean
demo_cb (const char *option, const char *value, gpointer data, GError **error)
{
    demo_wanted = TRUE;
    g_set_str (&demo_what, value);
    return TRUE;
}

static gboolean
diagnose_cb (const char *option, const char *value, gpointer data, GError **error)
{
    diagnosis_wanted = TRUE;
    g_set_str (&diagnosis_format, value);
    return TRUE;
}

static const GOptionEntry entries[] = {
    { "demo", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, demo_cb, N_ ("Show it with a virtual phone"),
      N_ ("SCENARIO") },
    { "diagnose", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, diagnose_cb,
      N_ ("Say how the computer and the cable are, and end"), N_ ("text|json") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &version_wanted, N_ ("Say which version this is"), NULL },
    { NULL },
};

static gboolean
parse (int *argc, char ***argv, GError **error)
{
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);

    g_option_context_set_ignore_unknown_options (context, TRUE); /* GApplication has some of its own */
    g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
    return g_option_context_parse (context, argc, argv, error);
}

static int
run (const PrApplicationOptions *options, int argc, char **argv)
{
    g_autoptr (PrApplication) application = NULL;

    if (diagnosis_wanted)
        return pr_diagnose (options, diagnosis_format);
    application = pr_application_new (options);
    return g_application_run (G_APPLICATION (application), argc, argv);
}

static int
run_real (int argc, char **argv)
{
    const char *helper[] = { HELPER, NULL };
    g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
    const char *try_command[] = { program, "--demo", NULL };
    g_autofree char *copies = g_build_filename (g_get_user_cache_dir (), "phone-reset", "versions", NULL);
    const PrServers servers = { .copies = copies };
    PrApplicationOptions options = {
        .helper = helper,
        .last_ecid = G_MAXUINT64,
        .servers = &servers,
        .try_command = program && g_file_test (VIRTUAL_PHONE, G_FILE_TEST_IS_EXECUTABLE) ? try_command : NULL,
        .one_instance = TRUE,
    };

    return run (&options, argc, argv);
}

static int
run_demo (int argc, char **argv)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrDemo) demo = pr_demo_new (demo_what, &error);
    g_autofree char *copies = demo ? pr_demo_find_place (demo, "versions") : NULL;
    g_autofree char *backups = demo ? pr_demo_find_place (demo, "backups") : NULL;
    const char *helper[] = { HELPER, "--testbed", demo ? pr_demo_get (demo, "TESTBED") : NULL, NULL };
    PrApplicationOptions options = {
        .helper = helper,
        .first_ecid = PR_DEMO_FIRST_ECID,
        .last_ecid = PR_DEMO_LAST_ECID,
        .banner = _ ("This phone is virtual. Nothing real can be changed here."),
    };
    PrServers servers;

    if (!demo) {
        g_printerr ("phone-reset: %s\n", error->message);
        return 1;
    }
    options.helper_environment = options.tool_environment = pr_demo_get_usb_environment (demo);
    servers = pr_demo_get_servers (demo, copies);
    options.servers = &servers;
    options.backup_folder = backups;
    options.firmware_folder = pr_demo_get (demo, "FIRMWARE_FOLDER");
    return run (&options, argc, argv);
}

int
main (int argc, char **argv)
{
    g_autoptr (GError) error = NULL;

    setlocale (LC_ALL, "");
    bindtextdomain (GETTEXT_PACKAGE, PR_LOCALEDIR);
    bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
    textdomain (GETTEXT_PACKAGE);
    if (!parse (&argc, &argv, &error)) {
        g_printerr ("phone-reset: %s\n", error->message);
        return 2;
    }
    if (version_wanted) {
        g_print ("phone-reset " PR_VERSION "\n");
        return 0;
    }
    return demo_wanted ? run_demo (argc, argv) : run_real (argc, argv);
}
