// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-virtual-phone.h"

#include <stdio.h>

#include <openssl/rand.h>

#include "pr-virtual-profiles.h"
#include "pr-virtual-scenario.h"
#include "pr-virtual-values.h"

/* It stays on the bus a moment after it was told to start anew, as a real one does that has to stop its work first.
 * idevicerestore counts on it: a departure that comes before it waits for one is lost on it, for 60 s. */
#define LEAVE_AFTER 400 /* ms */
#define MIN_PAUSE 1.0   /* seconds off the bus: idevicerestore misses a change of mode that is quicker */
#define AP_NONCE_SIZE 32
#define SEP_NONCE_SIZE 20

typedef struct {
    PrVirtualBusFunc func;
    gpointer data;
} Watcher;

struct _PrVirtualPhone {
    /* set once */
    char *folder;
    GThread *main_thread;
    GArray *watchers; /* Watcher */
    PrVirtualFiles *files;
    gint64 started;
    FILE *log;

    GMutex mutex; /* what follows is shared */
    GCond changed;
    PrVirtualIdentity identity; /* interned strings: one that was read stays valid */
    GKeyFile *scenario;
    GHashTable *nvram;       /* as iBoot's setenv left it */
    GHashTable *saved_nvram; /* as it will be after the next start */
    GHashTable *faults;      /* name → argument */
    GHashTable *counts;      /* what → number */
    PrVirtualMode mode;      /* OFF while it starts */
    PrVirtualMode target;    /* where it is going, while OFF */
    gboolean plugged;
    gboolean visible; /* the watchers were told so; written on the main loop */
    gboolean data;
    guint erasures;
    gboolean erased; /* data went since the last complete restore */
    gboolean whole;
    gboolean ending;
    guint step;   /* source of what comes next of a start: leaving the bus, coming back; main loop */
    double pause; /* between the two, in seconds; main loop */
    gboolean has_nonces;
    guint8 ap_nonce[AP_NONCE_SIZE];
    guint8 sep_nonce[SEP_NONCE_SIZE];
};

static const char *const mode_names[] = { "off", "normal", "recovery", "ibss", "ibec", "dfu", "restore" };

const char *
pr_virtual_mode_name (PrVirtualMode mode)
{
    return mode_names[mode];
}

int
pr_virtual_mode_from_name (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (mode_names); i++)
        if (g_strcmp0 (name, mode_names[i]) == 0)
            return i;
    return -1;
}

/* --- The log --- */

void
pr_virtual_phone_saw (PrVirtualPhone *self, const char *event, ...)
{
    g_autoptr (JsonObject) object = json_object_new ();
    gint64 milliseconds = (g_get_monotonic_time () - self->started) / 1000;
    json_object_set_double_member (object, "time", (double) milliseconds / 1000);
    json_object_set_string_member (object, "event", event);
    va_list arguments;
    va_start (arguments, event);
    for (const char *key; (key = va_arg (arguments, const char *)) != NULL;)
        json_object_set_string_member (object, key, va_arg (arguments, const char *));
    va_end (arguments);
    g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
    g_autofree char *line = json_to_string (node, FALSE);
    /* One call, so that lines of two threads do not mix. */
    fprintf (self->log, "%s\n", line);
    fflush (self->log);
}

/* --- On and off the bus; all on the main loop --- */

static void
tell (PrVirtualPhone *self, PrVirtualMode mode)
{
    guint n = self->watchers->len;
    for (guint i = 0; i < n; i++) {
        Watcher *watcher = &g_array_index (self->watchers, Watcher, mode != PR_VIRTUAL_OFF ? i : n - 1 - i);
        watcher->func (self, mode, watcher->data);
    }
}

/* Makes what the watchers know agree with cable and mode. */
static void
settle (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    PrVirtualMode mode = self->mode;
    gboolean was = self->visible;
    gboolean is = self->plugged && mode != PR_VIRTUAL_OFF;
    self->visible = is;
    g_mutex_unlock (&self->mutex);
    if (was && !is)
        tell (self, PR_VIRTUAL_OFF);
    if (is && !was)
        tell (self, mode);
}

/* A ticket that was signed in normal or in recovery mode must serve for the whole chain of boot stages that follows. */
static gboolean
renews_nonces (PrVirtualPhone *self)
{
    return !self->has_nonces || self->mode == PR_VIRTUAL_NORMAL || self->mode == PR_VIRTUAL_DFU;
}

static void
renew_nonces (PrVirtualPhone *self)
{
    self->has_nonces = TRUE;
    RAND_bytes (self->ap_nonce, sizeof self->ap_nonce);
    RAND_bytes (self->sep_nonce, sizeof self->sep_nonce);
}

static void
copy_variables (GHashTable *from, GHashTable *to)
{
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_remove_all (to);
    g_hash_table_iter_init (&iter, from);
    while (g_hash_table_iter_next (&iter, &name, &value))
        g_hash_table_insert (to, g_strdup (name), g_strdup (value));
}

/* Whatever was asked for, a system that is not whole does not start. */
static PrVirtualMode
where_it_ends (PrVirtualPhone *self, PrVirtualMode mode)
{
    gboolean starts = self->whole && !g_hash_table_contains (self->faults, "back-to-recovery");
    return mode == PR_VIRTUAL_NORMAL && !starts ? PR_VIRTUAL_RECOVERY : mode;
}

static void
arrive (PrVirtualPhone *self, PrVirtualMode mode)
{
    g_mutex_lock (&self->mutex);
    self->mode = where_it_ends (self, mode);
    if (renews_nonces (self))
        renew_nonces (self);
    if (self->mode != PR_VIRTUAL_RESTORE)
        copy_variables (self->saved_nvram, self->nvram);
    const char *name = pr_virtual_mode_name (self->mode);
    g_mutex_unlock (&self->mutex);
    pr_virtual_phone_saw (self, "started", "mode", name, NULL);
    settle (self);
}

static gboolean
arrived_cb (gpointer data)
{
    PrVirtualPhone *self = data;
    self->step = 0;
    arrive (self, self->target);
    return G_SOURCE_REMOVE;
}

static gboolean
leave_cb (gpointer data)
{
    PrVirtualPhone *self = data;
    self->step = 0;
    g_mutex_lock (&self->mutex);
    self->mode = PR_VIRTUAL_OFF;
    gboolean stays = self->target == PR_VIRTUAL_OFF || self->ending;
    g_mutex_unlock (&self->mutex);
    settle (self);
    if (!stays)
        self->step = g_timeout_add ((guint) (self->pause * 1000), arrived_cb, self);
    return G_SOURCE_REMOVE;
}

typedef struct {
    PrVirtualPhone *phone;
    PrVirtualMode mode;
    double pause;
} Boot;

static gboolean
boot_cb (gpointer data)
{
    Boot *boot = data;
    PrVirtualPhone *self = boot->phone;
    g_clear_handle_id (&self->step, g_source_remove);
    g_mutex_lock (&self->mutex);
    self->target = boot->mode;
    self->pause = boot->pause;
    gboolean present = self->mode != PR_VIRTUAL_OFF;
    g_mutex_unlock (&self->mutex);
    self->step = g_timeout_add (present ? LEAVE_AFTER : 0, leave_cb, self);
    return G_SOURCE_REMOVE;
}

static gboolean
settle_cb (gpointer data)
{
    settle (data);
    return G_SOURCE_REMOVE;
}

/* At once on the main thread; from another one as soon as the loop turns. */
static void
run_on_main (PrVirtualPhone *self, GSourceFunc func, gpointer data, GDestroyNotify destroy)
{
    if (g_thread_self () != self->main_thread) {
        g_timeout_add_full (G_PRIORITY_HIGH, 0, func, data, destroy);
        return;
    }
    func (data);
    if (destroy != NULL)
        destroy (data);
}

void
pr_virtual_phone_boot (PrVirtualPhone *self, PrVirtualMode mode, double pause)
{
    pr_virtual_phone_saw (self, "boot", "to", pr_virtual_mode_name (mode), NULL);
    Boot *boot = g_new (Boot, 1);
    *boot = (Boot) {
        .phone = self,
        .mode = mode,
        .pause = MAX (pause * pr_virtual_phone_setting_number (self, "pace", "scale", 1), MIN_PAUSE),
    };
    run_on_main (self, boot_cb, boot, g_free);
}

void
pr_virtual_phone_set_plugged (PrVirtualPhone *self, gboolean plugged)
{
    g_mutex_lock (&self->mutex);
    gboolean same = self->plugged == plugged;
    self->plugged = plugged;
    g_mutex_unlock (&self->mutex);
    if (same)
        return;
    pr_virtual_phone_saw (self, plugged ? "plugged" : "unplugged", NULL);
    run_on_main (self, settle_cb, self, NULL);
}

void
pr_virtual_phone_watch_bus (PrVirtualPhone *self, PrVirtualBusFunc func, gpointer data)
{
    Watcher watcher = { func, data };
    g_array_append_val (self->watchers, watcher);
}

/* --- Its life --- */

static GHashTable *
new_table (void)
{
    return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static void
read_group (GKeyFile *scenario, const char *group, GHashTable *table)
{
    g_auto (GStrv) keys = g_key_file_get_keys (scenario, group, NULL, NULL);
    for (gsize i = 0; keys != NULL && keys[i] != NULL; i++)
        g_hash_table_insert (table, g_strdup (keys[i]), g_key_file_get_string (scenario, group, keys[i], NULL));
}

static gboolean
open_log (PrVirtualPhone *self, GError **error)
{
    g_autofree char *path = g_build_filename (self->folder, "log.jsonl", NULL);
    self->log = fopen (path, "we");
    if (self->log != NULL)
        return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot write %s", path);
    return FALSE;
}

static gboolean
read_scenario (PrVirtualPhone *self, GError **error)
{
    if (!pr_virtual_scenario_identify (self->scenario, &self->identity, error))
        return FALSE;
    g_autofree char *mode = g_key_file_get_string (self->scenario, "phone", "mode", NULL);
    int target = mode != NULL ? pr_virtual_mode_from_name (mode) : PR_VIRTUAL_NORMAL;
    if (target < 0) {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "there is no mode \"%s\"", mode);
        return FALSE;
    }
    self->target = target;
    g_autofree char *system = g_key_file_get_string (self->scenario, "phone", "system", NULL);
    self->whole = g_strcmp0 (system, "incomplete") != 0;
    g_autofree char *plugged = g_key_file_get_string (self->scenario, "phone", "plugged", NULL);
    self->plugged = g_strcmp0 (plugged, "false") != 0;
    read_group (self->scenario, "faults", self->faults);
    g_hash_table_insert (self->saved_nvram, g_strdup ("auto-boot"), g_strdup ("true"));
    read_group (self->scenario, "nvram", self->saved_nvram);
    return TRUE;
}

PrVirtualPhone *
pr_virtual_phone_new (GKeyFile *scenario, const char *folder, GError **error)
{
    PrVirtualPhone *self = g_new0 (PrVirtualPhone, 1);
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    self->folder = g_strdup (folder);
    self->main_thread = g_thread_self ();
    self->watchers = g_array_new (FALSE, FALSE, sizeof (Watcher));
    self->started = g_get_monotonic_time ();
    self->scenario = g_key_file_ref (scenario);
    self->files = pr_virtual_files_new (scenario);
    self->nvram = new_table ();
    self->saved_nvram = new_table ();
    self->faults = new_table ();
    self->counts = new_table ();
    self->data = TRUE;
    if (open_log (self, error) && read_scenario (self, error))
        return self;
    pr_virtual_phone_free (self);
    return NULL;
}

void
pr_virtual_phone_start (PrVirtualPhone *self)
{
    if (self->target != PR_VIRTUAL_OFF)
        arrive (self, self->target);
}

void
pr_virtual_phone_end (PrVirtualPhone *self)
{
    g_clear_handle_id (&self->step, g_source_remove);
    g_mutex_lock (&self->mutex);
    self->ending = TRUE;
    self->plugged = FALSE;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
    settle (self);
}

void
pr_virtual_phone_free (PrVirtualPhone *self)
{
    g_free (self->folder);
    g_array_unref (self->watchers);
    g_clear_pointer (&self->log, fclose);
    g_key_file_unref (self->scenario);
    pr_virtual_files_free (self->files);
    g_hash_table_unref (self->nvram);
    g_hash_table_unref (self->saved_nvram);
    g_hash_table_unref (self->faults);
    g_hash_table_unref (self->counts);
    g_cond_clear (&self->changed);
    g_mutex_clear (&self->mutex);
    g_free (self);
}

gboolean
pr_virtual_phone_ending (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    gboolean ending = self->ending;
    g_mutex_unlock (&self->mutex);
    return ending;
}

void
pr_virtual_phone_work (PrVirtualPhone *self, double seconds)
{
    double scaled = seconds * pr_virtual_phone_setting_number (self, "pace", "scale", 1);
    gint64 until = g_get_monotonic_time () + (gint64) (scaled * G_USEC_PER_SEC);
    g_mutex_lock (&self->mutex);
    while (!self->ending && g_cond_wait_until (&self->changed, &self->mutex, until))
        continue;
    g_mutex_unlock (&self->mutex);
}

/* --- What it is --- */

const PrVirtualIdentity *
pr_virtual_phone_identity (PrVirtualPhone *self)
{
    return &self->identity;
}

const char *
pr_virtual_phone_folder (PrVirtualPhone *self)
{
    return self->folder;
}

PrVirtualFiles *
pr_virtual_phone_files (PrVirtualPhone *self)
{
    return self->files;
}

PrVirtualMode
pr_virtual_phone_mode (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    PrVirtualMode mode = self->mode;
    g_mutex_unlock (&self->mutex);
    return mode;
}

void
pr_virtual_phone_set_name (PrVirtualPhone *self, const char *name)
{
    g_mutex_lock (&self->mutex);
    self->identity.name = (char *) g_intern_string (name);
    g_mutex_unlock (&self->mutex);
}

static void
set_version_locked (PrVirtualPhone *self, const char *version, const char *build)
{
    if (version != NULL)
        self->identity.version = (char *) g_intern_string (version);
    if (build != NULL)
        self->identity.build = (char *) g_intern_string (build);
}

void
pr_virtual_phone_set_version (PrVirtualPhone *self, const char *version, const char *build)
{
    g_mutex_lock (&self->mutex);
    set_version_locked (self, version, build);
    g_mutex_unlock (&self->mutex);
}

gboolean
pr_virtual_phone_has_data (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    gboolean data = self->data;
    g_mutex_unlock (&self->mutex);
    return data;
}

/* Nobody's phone from now on, that knows no computer. Activation Lock stays. */
void
pr_virtual_phone_erase_data (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    self->data = FALSE;
    self->erased = TRUE;
    self->erasures++;
    self->identity.name =
        (char *) g_intern_string (g_str_has_prefix (self->identity.product, "iPad") ? "iPad" : "iPhone");
    g_mutex_unlock (&self->mutex);
    pr_virtual_values_erase (self);
    pr_virtual_profiles_erase (self);
    pr_virtual_files_fill (self->files, 0, NULL);
    pr_virtual_phone_saw (self, "data-erased", NULL);
}

guint
pr_virtual_phone_erasures (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    guint erasures = self->erasures;
    g_mutex_unlock (&self->mutex);
    return erasures;
}

static void
count_locked (PrVirtualPhone *self, const char *what)
{
    const char *known = g_hash_table_lookup (self->counts, what);
    guint64 count = known != NULL ? g_ascii_strtoull (known, NULL, 10) : 0;
    g_hash_table_insert (self->counts, g_strdup (what), g_strdup_printf ("%" G_GUINT64_FORMAT, count + 1));
}

void
pr_virtual_phone_count (PrVirtualPhone *self, const char *what)
{
    g_mutex_lock (&self->mutex);
    count_locked (self, what);
    g_mutex_unlock (&self->mutex);
}

void
pr_virtual_phone_set_system (PrVirtualPhone *self, const char *version, const char *build, gboolean whole)
{
    g_mutex_lock (&self->mutex);
    set_version_locked (self, version, build);
    if (whole && !self->whole) {
        count_locked (self, self->erased ? "restored" : "updated");
        self->erased = FALSE;
    }
    self->whole = whole;
    g_mutex_unlock (&self->mutex);
    pr_virtual_phone_saw (self, "system", "state", whole ? "whole" : "incomplete", NULL);
}

GBytes *
pr_virtual_phone_ap_nonce (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    GBytes *nonce = g_bytes_new (self->ap_nonce, sizeof self->ap_nonce);
    g_mutex_unlock (&self->mutex);
    return nonce;
}

GBytes *
pr_virtual_phone_sep_nonce (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    GBytes *nonce = g_bytes_new (self->sep_nonce, sizeof self->sep_nonce);
    g_mutex_unlock (&self->mutex);
    return nonce;
}

/* --- NVRAM --- */

char *
pr_virtual_phone_getenv (PrVirtualPhone *self, const char *name)
{
    g_mutex_lock (&self->mutex);
    char *value = g_strdup (g_hash_table_lookup (self->nvram, name));
    g_mutex_unlock (&self->mutex);
    return value;
}

void
pr_virtual_phone_setenv (PrVirtualPhone *self, const char *name, const char *value)
{
    g_mutex_lock (&self->mutex);
    if (value != NULL && *value != '\0')
        g_hash_table_insert (self->nvram, g_strdup (name), g_strdup (value));
    else
        g_hash_table_remove (self->nvram, name);
    g_mutex_unlock (&self->mutex);
}

void
pr_virtual_phone_saveenv (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    copy_variables (self->nvram, self->saved_nvram);
    g_mutex_unlock (&self->mutex);
}

PrVirtualMode
pr_virtual_phone_boot_target (PrVirtualPhone *self)
{
    g_mutex_lock (&self->mutex);
    gboolean stops = g_strcmp0 (g_hash_table_lookup (self->saved_nvram, "auto-boot"), "false") == 0;
    PrVirtualMode mode = where_it_ends (self, stops ? PR_VIRTUAL_RECOVERY : PR_VIRTUAL_NORMAL);
    g_mutex_unlock (&self->mutex);
    return mode;
}

/* --- Faults --- */

char *
pr_virtual_phone_fault (PrVirtualPhone *self, const char *name)
{
    g_mutex_lock (&self->mutex);
    char *argument = g_strdup (g_hash_table_lookup (self->faults, name));
    g_mutex_unlock (&self->mutex);
    return argument;
}

double
pr_virtual_phone_fault_number (PrVirtualPhone *self, const char *name, double otherwise)
{
    g_autofree char *argument = pr_virtual_phone_fault (self, name);
    return argument != NULL && *argument != '\0' ? g_ascii_strtod (argument, NULL) : otherwise;
}

void
pr_virtual_phone_set_fault (PrVirtualPhone *self, const char *name, const char *argument)
{
    g_mutex_lock (&self->mutex);
    g_hash_table_insert (self->faults, g_strdup (name), g_strdup (argument != NULL ? argument : ""));
    g_mutex_unlock (&self->mutex);
    pr_virtual_phone_saw (self, "fault", "name", name, NULL);
}

void
pr_virtual_phone_mend_fault (PrVirtualPhone *self, const char *name)
{
    g_mutex_lock (&self->mutex);
    g_hash_table_remove (self->faults, name);
    g_mutex_unlock (&self->mutex);
    pr_virtual_phone_saw (self, "mended", "name", name, NULL);
}

/* --- Settings --- */

char *
pr_virtual_phone_setting (PrVirtualPhone *self, const char *group, const char *key, const char *otherwise)
{
    g_mutex_lock (&self->mutex);
    char *value = g_key_file_get_string (self->scenario, group, key, NULL);
    g_mutex_unlock (&self->mutex);
    return value != NULL ? value : g_strdup (otherwise);
}

double
pr_virtual_phone_setting_number (PrVirtualPhone *self, const char *group, const char *key, double otherwise)
{
    g_autofree char *text = pr_virtual_phone_setting (self, group, key, NULL);
    return text != NULL ? g_ascii_strtod (text, NULL) : otherwise;
}

gboolean
pr_virtual_phone_setting_flag (PrVirtualPhone *self, const char *group, const char *key, gboolean otherwise)
{
    g_autofree char *text = pr_virtual_phone_setting (self, group, key, NULL);
    return text != NULL ? g_str_equal (text, "true") : otherwise;
}

void
pr_virtual_phone_set_setting (PrVirtualPhone *self, const char *group, const char *key, const char *value)
{
    g_mutex_lock (&self->mutex);
    if (value != NULL && *value != '\0')
        g_key_file_set_string (self->scenario, group, key, value);
    else
        g_key_file_remove_key (self->scenario, group, key, NULL);
    g_mutex_unlock (&self->mutex);
}

GStrv
pr_virtual_phone_setting_keys (PrVirtualPhone *self, const char *group)
{
    g_mutex_lock (&self->mutex);
    GStrv keys = g_key_file_get_keys (self->scenario, group, NULL, NULL);
    g_mutex_unlock (&self->mutex);
    return keys != NULL ? keys : g_new0 (char *, 1);
}

/* --- State --- */

static void
describe_counts (PrVirtualPhone *self, JsonObject *state)
{
    static const char *const always[] = { "restored", "updated", "tickets-refused", "backups-made",
                                          "backups-restored" };
    for (guint i = 0; i < G_N_ELEMENTS (always); i++)
        json_object_set_int_member (state, always[i], 0);
    GHashTableIter iter;
    gpointer what, count;
    g_hash_table_iter_init (&iter, self->counts);
    while (g_hash_table_iter_next (&iter, &what, &count))
        json_object_set_int_member (state, what, g_ascii_strtoll (count, NULL, 10));
}

JsonObject *
pr_virtual_phone_get_state (PrVirtualPhone *self)
{
    JsonObject *state = json_object_new ();
    g_mutex_lock (&self->mutex);
    json_object_set_string_member (state, "mode", pr_virtual_mode_name (self->mode));
    json_object_set_boolean_member (state, "plugged", self->plugged);
    json_object_set_string_member (state, "name", self->identity.name);
    json_object_set_string_member (state, "udid", self->identity.udid);
    json_object_set_string_member (state, "version", self->identity.version);
    json_object_set_string_member (state, "build", self->identity.build);
    json_object_set_string_member (state, "data", self->data ? "kept" : "erased");
    json_object_set_string_member (state, "system", self->whole ? "whole" : "incomplete");
    const char *auto_boot = g_hash_table_lookup (self->saved_nvram, "auto-boot");
    json_object_set_boolean_member (state, "auto-boot", g_strcmp0 (auto_boot, "false") != 0);
    describe_counts (self, state);
    g_mutex_unlock (&self->mutex);
    pr_virtual_files_describe (self->files, state);
    return state;
}
