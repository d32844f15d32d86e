// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-application.h"

#include "config.h"
#include "pr-phone-list.h"
#include "pr-preferences-dialog.h"
#include "pr-window.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>

#define END_POLL_MS 200 /* how often an end that was asked for looks whether it may come */

struct _PrApplication {
    AdwApplication parent_instance;

    /* owned */
    PrUsbWatch *usb;
    PrPhoneList *phones;
    PrBackupLibrary *library;
    PrPlan *plan;        /* of the window */
    GSettings *settings; /* from its startup */
    GStrv tool_environment;
    PrServers *servers;
    char *firmware_folder;
    char *backup_folder;
    char *banner;
    GStrv helper;
    GStrv helper_environment;
    GStrv try_command;
    guint64 first_ecid;
    guint64 last_ecid;
    gboolean own_servers; /* the person's, and not those of a virtual phone */
    guint term_source;
    guint usb_source;
    guint end_source;
};

G_DEFINE_FINAL_TYPE (PrApplication, pr_application, ADW_TYPE_APPLICATION)

static PrWindow *
find_window (PrApplication *self)
{
    GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

    for (; windows; windows = windows->next)
        if (PR_IS_WINDOW (windows->data))
            return windows->data;
    return NULL;
}

/* --- Actions --- */

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
    PrApplication *self = data;
    const char *developers[] = { "The Phone Reset team", NULL };

    adw_show_about_dialog (GTK_WIDGET (find_window (self)), "application-name", _ ("Phone Reset"), "application-icon",
                           PR_APP_ID, "version", PR_VERSION, "developers", developers, "license-type",
                           GTK_LICENSE_GPL_3_0, "comments",
                           _ ("Brings a stuck iPhone or iPad back, and loses nothing that you did not agree to lose."),
                           /* Translators: your name, one a line */
                           "translator-credits", _ ("translator-credits"), NULL);
}

/* As closing the window: who is in the middle of work is asked. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
    PrWindow *window = find_window (data);

    if (window)
        gtk_window_close (GTK_WINDOW (window));
    else
        g_application_quit (data);
}

static void
try_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
    PrApplication *self = data;
    g_autoptr (GError) error = NULL;

    if (!g_spawn_async (NULL, self->try_command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &error))
        g_warning ("starting a virtual phone: %s", error->message);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
    PrApplication *self = data;
    PrWindow *window = find_window (self);

    if (window && self->plan && !adw_application_window_get_visible_dialog (ADW_APPLICATION_WINDOW (window)))
        adw_dialog_present (pr_preferences_dialog_new (self->settings, pr_plan_get_firmware_folder (self->plan),
                                                       self->own_servers),
                            GTK_WIDGET (window));
}

static void
add_actions (PrApplication *self)
{
    const GActionEntry always[] = { { "about", about_cb }, { "preferences", preferences_cb }, { "quit", quit_cb } };
    const GActionEntry trial[] = { { "try", try_cb } };

    g_action_map_add_action_entries (G_ACTION_MAP (self), always, G_N_ELEMENTS (always), self);
    if (self->try_command)
        g_action_map_add_action_entries (G_ACTION_MAP (self), trial, G_N_ELEMENTS (trial), self);
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.quit",
                                           (const char *const[]) { "<Control>q", NULL });
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), "app.preferences",
                                           (const char *const[]) { "<Control>comma", NULL });
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), "window.close",
                                           (const char *const[]) { "<Control>w", NULL });
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), "win.help-here",
                                           (const char *const[]) { "F1", NULL });
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), "win.shortcuts",
                                           (const char *const[]) { "<Control>question", NULL });
}

/* --- The end by signal --- */

static gboolean
end_cb (gpointer data)
{
    PrApplication *self = data;
    PrWindow *window = find_window (self);

    if (window && !pr_window_can_end (window))
        return G_SOURCE_CONTINUE;
    self->end_source = 0;
    g_application_quit (G_APPLICATION (self));
    return G_SOURCE_REMOVE;
}

/* A restore goes on without us; what takes seconds is waited for. */
static gboolean
term_cb (gpointer data)
{
    PrApplication *self = data;

    if (self->end_source == 0 && end_cb (self) == G_SOURCE_CONTINUE)
        self->end_source = g_timeout_add (END_POLL_MS, end_cb, self);
    return G_SOURCE_CONTINUE;
}

/* --- The object --- */

/* The person's setting, else where browsers put what they download. */
static char *
find_firmware_folder (PrApplication *self)
{
    g_autoptr (GSettings) settings = NULL;
    g_autofree char *chosen = NULL;

    if (self->firmware_folder)
        return g_strdup (self->firmware_folder);
    settings = g_settings_new (PR_APP_ID);
    chosen = g_settings_get_string (settings, "firmware-folder");
    if (*chosen)
        return g_steal_pointer (&chosen);
    return g_strdup (g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD));
}

/* Visible, and the same whether the program is installed as a package or in a sandbox. */
static char *
find_default_backup_folder (void)
{
    const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

    return g_build_filename (documents ? documents : g_get_home_dir (), "Phone Backups", NULL);
}

static void
folders_changed_cb (PrBackupLibrary *library, GParamSpec *pspec, GSettings *settings)
{
    const char *const none[] = { NULL };
    const char *const *added = pr_backup_library_get_added (library);

    g_settings_set_string (settings, "backup-folder", pr_backup_library_get_folder (library));
    g_settings_set_strv (settings, "added-backup-folders", added ? added : none);
}

/* The backups of the demonstration have nothing to do with the person's own. */
static PrBackupLibrary *
create_library (PrApplication *self)
{
    g_autoptr (GSettings) settings = g_settings_new (PR_APP_ID);
    g_autofree char *chosen = g_settings_get_string (settings, "backup-folder");
    g_auto (GStrv) added = g_settings_get_strv (settings, "added-backup-folders");
    g_autofree char *usual = find_default_backup_folder ();
    PrBackupLibrary *library;

    if (self->backup_folder)
        return pr_backup_library_new (self->backup_folder);
    library = pr_backup_library_new (*chosen ? chosen : usual);
    pr_backup_library_set_added (library, (const char *const *) added);
    g_signal_connect_object (library, "notify", G_CALLBACK (folders_changed_cb), settings, G_CONNECT_DEFAULT);
    g_object_set_data_full (G_OBJECT (library), "settings", g_steal_pointer (&settings), g_object_unref);
    return library;
}

/* --- Settings, as they are now and when they change --- */

/* (transfer full) (nullable): %NULL where nothing that could be asked safely is set */
static char *
get_address (PrApplication *self, const char *key)
{
    g_autofree char *address = g_settings_get_string (self->settings, key);

    return pr_preferences_is_address (address) ? g_steal_pointer (&address) : NULL;
}

static void
use_servers (PrApplication *self)
{
    g_autofree char *signing = get_address (self, "signing-server");
    g_autofree char *version_list = get_address (self, "version-list");
    g_autofree char *ipsw_list = get_address (self, "ipsw-list");
    PrServers like = *self->servers;
    g_autoptr (PrServers) servers = NULL;

    like.signing = signing;
    like.version_list = version_list;
    like.ipsw_list = ipsw_list;
    servers = pr_servers_new (&like);
    pr_plan_set_servers (self->plan, servers);
}

static void
use_limit (PrApplication *self)
{
    pr_plan_set_firmware_limit (self->plan, pr_preferences_get_limit (self->settings));
}

static void
setting_changed_cb (PrApplication *self, const char *key)
{
    if (!self->plan)
        return;
    if (g_str_equal (key, "firmware-limit"))
        use_limit (self);
    else if (self->own_servers && (g_str_has_suffix (key, "-list") || g_str_equal (key, "signing-server")))
        use_servers (self);
}

static void
use_settings (PrApplication *self)
{
    pr_plan_set_keep_versions (self->plan, g_settings_get_uint (self->settings, "earlier-versions"));
    use_limit (self);
    if (self->own_servers)
        use_servers (self);
}

static void
pr_application_startup (GApplication *application)
{
    PrApplication *self = PR_APPLICATION (application);

    G_APPLICATION_CLASS (pr_application_parent_class)->startup (application);
    add_actions (self);
    self->term_source = g_unix_signal_add (SIGTERM, term_cb, self);
    self->usb = pr_usb_watch_new ((const char *const *) self->helper, (const char *const *) self->helper_environment);
    self->phones = pr_phone_list_new (self->usb, self->first_ecid, self->last_ecid);
    self->library = create_library (self);
    self->settings = g_settings_new (PR_APP_ID);
    g_signal_connect_object (self->settings, "changed", G_CALLBACK (setting_changed_cb), self, G_CONNECT_SWAPPED);
}

/* Starting another program takes a while, and the first picture need not wait for it. */
static gboolean
watch_usb_cb (gpointer data)
{
    PrApplication *self = data;

    self->usb_source = 0;
    pr_usb_watch_start (self->usb);
    return G_SOURCE_REMOVE;
}

static void
pr_application_activate (GApplication *application)
{
    PrApplication *self = PR_APPLICATION (application);
    PrWindow *window = find_window (self);
    g_autofree char *folder = NULL;

    if (!window) {
        folder = find_firmware_folder (self);
        g_clear_object (&self->plan);
        self->plan = pr_plan_new (self->phones, self->library, self->servers,
                                  (const char *const *) self->tool_environment, folder);
        use_settings (self);
        window = pr_window_new (GTK_APPLICATION (self), self->phones, self->plan, self->banner);
        self->usb_source = g_idle_add_full (G_PRIORITY_LOW, watch_usb_cb, self, NULL);
    }
    gtk_window_present (GTK_WINDOW (window));
}

static void
pr_application_finalize (GObject *object)
{
    PrApplication *self = PR_APPLICATION (object);

    g_clear_handle_id (&self->term_source, g_source_remove);
    g_clear_handle_id (&self->usb_source, g_source_remove);
    g_clear_handle_id (&self->end_source, g_source_remove);
    g_clear_object (&self->plan);
    g_clear_object (&self->settings);
    g_clear_object (&self->library);
    g_clear_object (&self->phones);
    g_clear_object (&self->usb);
    g_strfreev (self->helper);
    g_strfreev (self->helper_environment);
    g_strfreev (self->tool_environment);
    g_strfreev (self->try_command);
    g_clear_pointer (&self->servers, pr_servers_unref);
    g_free (self->firmware_folder);
    g_free (self->backup_folder);
    g_free (self->banner);
    G_OBJECT_CLASS (pr_application_parent_class)->finalize (object);
}

static void
pr_application_class_init (PrApplicationClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_application_finalize;
    G_APPLICATION_CLASS (klass)->startup = pr_application_startup;
    G_APPLICATION_CLASS (klass)->activate = pr_application_activate;
}

static void
pr_application_init (PrApplication *self)
{
}

PrApplication *
pr_application_new (const PrApplicationOptions *options)
{
    PrApplication *self =
        g_object_new (PR_TYPE_APPLICATION, "application-id", PR_APP_ID, "resource-base-path", "/org/example/PhoneReset",
                      "flags", options->one_instance ? G_APPLICATION_DEFAULT_FLAGS : G_APPLICATION_NON_UNIQUE, NULL);

    self->helper = g_strdupv ((GStrv) options->helper);
    self->helper_environment = g_strdupv ((GStrv) options->helper_environment);
    self->tool_environment = g_strdupv ((GStrv) options->tool_environment);
    self->servers = pr_servers_new (options->servers);
    self->own_servers = !self->servers->authority;
    self->firmware_folder = g_strdup (options->firmware_folder);
    self->backup_folder = g_strdup (options->backup_folder);
    self->first_ecid = options->first_ecid;
    self->last_ecid = options->last_ecid;
    self->banner = g_strdup (options->banner);
    self->try_command = g_strdupv ((GStrv) options->try_command);
    return self;
}
