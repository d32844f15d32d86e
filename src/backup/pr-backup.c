// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pr-backup-enums.h"
#include "pr-backup-lock.h"
#include "pr-backup-manifest.h"
#include "pr-backup-path.h"
#include "pr-backup-state.h"
#include "pr-mux.h"
#include "pr-plist.h"

struct _PrBackup {
    GObject parent_instance;
    char *path, *udid, *name, *product_type, *version;
    GDateTime *date;
    gint64 size;
    gboolean encrypted, earlier, ours;
    PrBackupHealth health;
};

typedef enum {
    PROP_PATH = 1,
    PROP_UDID,
    PROP_NAME,
    PROP_PRODUCT_TYPE,
    PROP_VERSION,
    PROP_DATE,
    PROP_SIZE,
    PROP_ENCRYPTED,
    PROP_EARLIER,
    PROP_OURS,
    PROP_HEALTH,
} PrBackupProperty;

static GParamSpec *properties[PROP_HEALTH + 1];

G_DEFINE_FINAL_TYPE (PrBackup, pr_backup, G_TYPE_OBJECT)

static void
pr_backup_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PrBackup *self = PR_BACKUP (object);

    switch ((PrBackupProperty) id) {
    case PROP_PATH:
        g_value_set_string (value, self->path);
        break;
    case PROP_UDID:
        g_value_set_string (value, self->udid);
        break;
    case PROP_NAME:
        g_value_set_string (value, self->name);
        break;
    case PROP_PRODUCT_TYPE:
        g_value_set_string (value, self->product_type);
        break;
    case PROP_VERSION:
        g_value_set_string (value, self->version);
        break;
    case PROP_DATE:
        g_value_set_boxed (value, self->date);
        break;
    case PROP_SIZE:
        g_value_set_int64 (value, self->size);
        break;
    case PROP_ENCRYPTED:
        g_value_set_boolean (value, self->encrypted);
        break;
    case PROP_EARLIER:
        g_value_set_boolean (value, self->earlier);
        break;
    case PROP_OURS:
        g_value_set_boolean (value, self->ours);
        break;
    case PROP_HEALTH:
        g_value_set_enum (value, (int) self->health);
        break;
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pr_backup_finalize (GObject *object)
{
    PrBackup *self = PR_BACKUP (object);

    g_free (self->path);
    g_free (self->udid);
    g_free (self->name);
    g_free (self->product_type);
    g_free (self->version);
    g_clear_pointer (&self->date, g_date_time_unref);
    G_OBJECT_CLASS (pr_backup_parent_class)->finalize (object);
}

static void
pr_backup_class_init (PrBackupClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);
    GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pr_backup_get_property;
    object_class->finalize = pr_backup_finalize;
    properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
    properties[PROP_UDID] = g_param_spec_string ("udid", NULL, NULL, NULL, flags);
    properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
    properties[PROP_PRODUCT_TYPE] = g_param_spec_string ("product-type", NULL, NULL, NULL, flags);
    properties[PROP_VERSION] = g_param_spec_string ("version", NULL, NULL, NULL, flags);
    properties[PROP_DATE] = g_param_spec_boxed ("date", NULL, NULL, G_TYPE_DATE_TIME, flags);
    properties[PROP_SIZE] = g_param_spec_int64 ("size", NULL, NULL, -1, G_MAXINT64, -1, flags);
    properties[PROP_ENCRYPTED] = g_param_spec_boolean ("encrypted", NULL, NULL, FALSE, flags);
    properties[PROP_EARLIER] = g_param_spec_boolean ("earlier", NULL, NULL, FALSE, flags);
    properties[PROP_OURS] = g_param_spec_boolean ("ours", NULL, NULL, FALSE, flags);
    properties[PROP_HEALTH] =
        g_param_spec_enum ("health", NULL, NULL, PR_TYPE_BACKUP_HEALTH, PR_BACKUP_HEALTH_INCOMPLETE, flags);
    g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
}

static void
pr_backup_init (PrBackup *self)
{
    self->size = -1;
}

/* --- Reading --- */

static void
read_info (PrBackup *self, int root)
{
    g_auto (plist_t) info = pr_backup_read_plist (root, "Info.plist");

    self->name = pr_plist_dup_text (info, "Device Name");
    self->product_type = pr_plist_dup_word (info, "Product Type");
    self->version = pr_plist_dup_word (info, "Product Version");
    self->date = pr_plist_get_date (info, "Last Backup Date");
}

static gboolean
is_finished (int root)
{
    g_auto (plist_t) status = pr_backup_read_plist (root, "Status.plist");
    g_autofree char *state = pr_plist_dup_word (status, "SnapshotState");

    return g_strcmp0 (state, "finished") == 0;
}

static gboolean
has_database (int root)
{
    struct stat status;

    return fstatat (root, "Manifest.db", &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (status.st_mode) &&
           status.st_size > 0;
}

static PrBackupHealth
judge (PrBackup *self, int root, const PrBackupState *state)
{
    if (!is_finished (root) || !has_database (root))
        return PR_BACKUP_HEALTH_INCOMPLETE;
    if (!pr_backup_state_is_current (root, state))
        return state->ours && !state->complete ? PR_BACKUP_HEALTH_INCOMPLETE : PR_BACKUP_HEALTH_UNCHECKED;
    return self->encrypted ? PR_BACKUP_HEALTH_UNPROVEN : PR_BACKUP_HEALTH_GOOD;
}

PrBackup *
pr_backup_read (const char *folder, gboolean ours, gboolean earlier)
{
    g_autofd int root = open (folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    g_auto (plist_t) manifest = root >= 0 ? pr_backup_read_plist (root, "Manifest.plist") : NULL;
    PrBackupState state;
    PrBackup *self;

    if (root < 0 || (manifest == NULL && faccessat (root, "Info.plist", F_OK, AT_SYMLINK_NOFOLLOW) < 0))
        return NULL;
    self = g_object_new (PR_TYPE_BACKUP, NULL);
    self->path = g_strdup (folder);
    self->udid = pr_backup_lock_get_udid (folder);
    self->ours = ours;
    self->earlier = earlier;
    read_info (self, root);
    self->encrypted = pr_plist_get_answer (manifest, "IsEncrypted") == PR_ANSWER_YES;
    pr_backup_state_read (root, &state);
    if (state.complete && state.bytes > 0)
        self->size = (gint64) state.bytes;
    self->health = judge (self, root, &state);
    return self;
}

const char *
pr_backup_get_path (PrBackup *self)
{
    return self->path;
}

const char *
pr_backup_get_udid (PrBackup *self)
{
    return self->udid;
}

/* As usbmuxd's pr_mux_get_ecid(): newer UDIDs are 8 digits of the chip's kind, "-", and the ECID. */
guint64
pr_backup_get_ecid (PrBackup *self)
{
    return pr_mux_get_ecid (self->udid);
}

const char *
pr_backup_get_name (PrBackup *self)
{
    return self->name;
}

const char *
pr_backup_get_product_type (PrBackup *self)
{
    return self->product_type;
}

const char *
pr_backup_get_version (PrBackup *self)
{
    return self->version;
}

GDateTime *
pr_backup_get_date (PrBackup *self)
{
    return self->date;
}

gint64
pr_backup_get_size (PrBackup *self)
{
    return self->size;
}

gboolean
pr_backup_get_encrypted (PrBackup *self)
{
    return self->encrypted;
}

gboolean
pr_backup_get_earlier (PrBackup *self)
{
    return self->earlier;
}

gboolean
pr_backup_get_ours (PrBackup *self)
{
    return self->ours;
}

PrBackupHealth
pr_backup_get_health (PrBackup *self)
{
    return self->health;
}

void
pr_backup_set_health (PrBackup *self, PrBackupHealth health)
{
    if (self->health == health)
        return;
    self->health = health;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEALTH]);
}

void
pr_backup_set_size (PrBackup *self, gint64 size)
{
    if (self->size == size)
        return;
    self->size = size;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIZE]);
}
