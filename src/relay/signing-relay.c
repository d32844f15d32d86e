/* phone-reset-signing-relay: stands beside one run of idevicerestore, between it and Apple's signing server.
 *
 *     phone-reset-signing-relay --ecid N --board BOARD --file IPSW [--keep-data] [--server ADDRESS] [--authority PEM]
 *                               [--folder SYSTEM-FILES] FOLDER
 *
 * It reads in IPSW what may be signed, says its address (one line on standard output) and lets go of whoever started
 * it, as the supervisor does: a restore that outlives the app still gets its tickets, and an update still gets none
 * before FOLDER/output or FOLDER/errors has the sentence (guard rail 2). FOLDER/signing.json has why the last request
 * got no ticket, {} where it got one. As long as it runs IPSW is locked, where it is one of those in SYSTEM-FILES, so
 * that no other window cleans it away. It ends with the run: when nobody holds the lock of FOLDER any more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-firmware-folder.h"
#include "pr-ipsw.h"
#include "pr-restore-log.h"
#include "pr-run-folder.h"
#include "pr-run-reader.h"
#include "pr-servers.h"
#include "pr-signing-relay.h"
#include "pr-signing-server.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#define LOOK_MS 50

typedef struct {
    const char *folder;
    GMainLoop *loop;
    PrSigningRelay *relay;
    PrRunReader *output, *errors;
    PrRestoreState *said;
} Program;

static gint64 ecid;
static char *board, *file, *server, *authority, *system_files;
static gboolean keep_data;
static char **folders;

static const GOptionEntry entries[] = {
    { "ecid", 0, 0, G_OPTION_ARG_INT64, &ecid, "of the phone", "N" },
    { "board", 0, 0, G_OPTION_ARG_STRING, &board, "of the phone", "BOARD" },
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file, "what is installed", "IPSW" },
    { "keep-data", 0, 0, G_OPTION_ARG_NONE, &keep_data, "it is an update", NULL },
    { "server", 0, 0, G_OPTION_ARG_STRING, &server, "another than Apple's", "ADDRESS" },
    { "authority", 0, 0, G_OPTION_ARG_FILENAME, &authority, "who vouches for it", "PEM" },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &system_files, "where system files are kept", "FOLDER" },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &folders, NULL, "FOLDER" },
    { NULL },
};

/* --- What the tool says --- */

static void
feed (Program *self, PrRunReader *reader)
{
    const char *line;

    while ((line = pr_run_reader_next (reader, FALSE)) != NULL)
        pr_restore_log_feed (self->said, line);
}

static void
listen_to_tool (Program *self)
{
    feed (self, self->output);
    feed (self, self->errors);
    if (!keep_data)
        return;
    if (self->said->erases)
        pr_signing_relay_refuse (self->relay);
    else if (self->said->keeps_data)
        pr_signing_relay_allow (self->relay);
}

/* --- What became of its requests --- */

/* Before the tool hears of it, which may end at once: whoever looks after its end finds it. */
static void
write_failure (const GError *failure, gpointer folder)
{
    g_autoptr (GError) error = NULL;
    GVariantDict dictionary;

    g_variant_dict_init (&dictionary, NULL);
    if (failure != NULL && failure->domain == PR_ERROR) {
        g_autofree char *message = g_utf8_make_valid (failure->message, -1);

        g_variant_dict_insert (&dictionary, "error", "s", pr_error_get_nick (failure->code));
        g_variant_dict_insert (&dictionary, "message", "s", message);
    }
    pr_run_folder_write (folder, "signing.json", g_variant_dict_end (&dictionary), &error);
}

static gboolean
look_cb (gpointer data)
{
    Program *self = data;
    gboolean alive = pr_run_folder_is_alive (self->folder);

    listen_to_tool (self);
    if (!alive)
        g_main_loop_quit (self->loop);
    return G_SOURCE_CONTINUE;
}

/* --- From its start to its end --- */

static PrSigningRelay *
open_relay (GError **error)
{
    g_autoptr (PrWeb) web = pr_servers_make_web (&(PrServers) { .authority = authority }, error);
    g_autoptr (PrIpsw) ipsw = web != NULL ? pr_ipsw_open (file, NULL, error) : NULL;
    g_autoptr (GHashTable) digests = ipsw != NULL ? pr_ipsw_get_digests (ipsw, board, keep_data, error) : NULL;
    const PrSigningWanted wanted = { .ecid = (guint64) ecid, .digests = digests };

    if (digests == NULL)
        return NULL;
    return pr_signing_relay_new (web, server != NULL ? server : PR_SIGNING_SERVER, &wanted, keep_data, error);
}

/* (transfer full) (nullable): a file from elsewhere is nobody's to clean away. */
static PrFileLock *
lock_file (void)
{
    g_autofree char *parent = g_path_get_dirname (file);
    g_autoptr (PrFirmwareFolder) folder = system_files != NULL ? pr_firmware_folder_new (system_files) : NULL;

    if (folder == NULL || g_strcmp0 (parent, pr_firmware_folder_get_path (folder)) != 0)
        return NULL;
    return pr_firmware_folder_use (folder, file, NULL);
}

/* Says where it is to whoever reads; from then on it is alone: another session, no shared descriptors, deaf to
 * hang-ups. */
static void
let_go (const char *address)
{
    static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGPIPE };
    int null = open ("/dev/null", O_RDWR | O_CLOEXEC);

    for (guint i = 0; i < G_N_ELEMENTS (ignored); i++)
        signal (ignored[i], SIG_IGN);
    setsid ();
    g_print ("%s\n", address);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && null >= 0; fd++)
        dup2 (null, fd);
}

static int
fail (const GError *error)
{
    g_printerr ("phone-reset-signing-relay: %s\n", error->message);
    return 1;
}

static void
serve (Program *self)
{
    self->loop = g_main_loop_new (NULL, FALSE);
    self->output = pr_run_reader_new (self->folder, "output");
    self->errors = pr_run_reader_new (self->folder, "errors");
    self->said = pr_restore_state_new ();
    g_timeout_add (LOOK_MS, look_cb, self);
    g_main_loop_run (self->loop);
    pr_restore_state_free (self->said);
    pr_run_reader_free (self->output);
    pr_run_reader_free (self->errors);
    g_main_loop_unref (self->loop);
}

int
main (int argc, char **argv)
{
    g_autoptr (GOptionContext) context = g_option_context_new (NULL);
    g_autoptr (PrSigningRelay) relay = NULL;
    g_autoptr (PrFileLock) lock = NULL;
    g_autoptr (GError) error = NULL;

    g_option_context_add_main_entries (context, entries, NULL);
    if (!g_option_context_parse (context, &argc, &argv, &error))
        return fail (error);
    if (ecid == 0 || board == NULL || file == NULL || folders == NULL || folders[1] != NULL) {
        g_printerr ("usage: phone-reset-signing-relay --ecid N --board BOARD --file IPSW [--keep-data] FOLDER\n");
        return 2;
    }
    relay = open_relay (&error);
    if (relay == NULL)
        return fail (error);
    pr_signing_relay_set_func (relay, write_failure, folders[0]);
    lock = lock_file ();
    let_go (pr_signing_relay_get_address (relay));
    serve (&(Program) { .folder = folders[0], .relay = relay });
    return 0;
}
