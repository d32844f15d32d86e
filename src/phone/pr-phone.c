// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-phone.h"

#include "pr-error.h"
#include "pr-phone-enums.h"

/* All values live in one table of GValues, one a property: what a phone tells is only ever stored, compared and
 * notified, and the table does that once for all of them. */
enum {
    PROP_ECID = 1,
    PROP_UDID,
    PROP_MODE,
    PROP_TRUST,
    PROP_NAME,
    PROP_MODEL_NAME,
    PROP_PRODUCT_TYPE,
    PROP_BOARD,
    PROP_FAMILY,
    PROP_VERSION,
    PROP_BUILD,
    PROP_SERIAL,
    PROP_IMEI,
    PROP_CAPACITY,
    PROP_STORAGE_TOTAL,
    PROP_STORAGE_FREE,
    PROP_BATTERY,
    PROP_CHARGING,
    PROP_FIND_MY,
    PROP_FIND_MY_TIME,
    PROP_ACTIVATION_LOCK,
    PROP_SUPERVISED,
    PROP_ORGANIZATION,
    PROP_ENCRYPTS,
    PROP_MUST_ENCRYPT,
    PROP_ACTIVATED,
    PROP_SET_UP,
    PROP_CLOUD_BACKUP,
    PROP_LAST_CLOUD_BACKUP,
    PROP_LAST_COMPUTER_BACKUP,
    PROP_PORT,
    PROP_SPEED,
    PROP_HUB_DEPTH,
    PROP_RECOVERY_ACCESS,
    PROP_STEADY_SINCE,
    PROP_FINDINGS,
    PROP_TITLE, /* from here on: not stored in the table */
    PROP_BUSY,
    N_PROPS
};

static GParamSpec *props[N_PROPS];

struct _PrPhone {
    GObject parent_instance;

    GValue values[PROP_TITLE];
    gboolean busy;

    /* shared with workers */
    GMutex mutex;
    GCond changed;
    PrPhoneMode mode;
    guint changes;
};

G_DEFINE_FINAL_TYPE (PrPhone, pr_phone, G_TYPE_OBJECT)

static void
publish_mode (PrPhone *self)
{
    g_mutex_lock (&self->mutex);
    self->mode = g_value_get_enum (&self->values[PROP_MODE]);
    self->changes++;
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

/* GParamSpecBoxed compares addresses, which would notify at every reading of the same date. */
static gboolean
is_same (GParamSpec *pspec, const GValue *a, const GValue *b)
{
    if (G_VALUE_HOLDS (a, G_TYPE_DATE_TIME)) {
        gpointer one = g_value_get_boxed (a);
        gpointer other = g_value_get_boxed (b);

        return one == other || (one != NULL && other != NULL && g_date_time_equal (one, other));
    }
    return g_param_values_cmp (pspec, a, b) == 0;
}

static gboolean
is_part_of_title (guint id)
{
    return id == PROP_NAME || id == PROP_MODEL_NAME || id == PROP_PRODUCT_TYPE;
}

static void
pr_phone_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
    PrPhone *self = PR_PHONE (object);

    if (is_same (pspec, &self->values[id], value))
        return;
    g_value_copy (value, &self->values[id]);
    if (id == PROP_MODE)
        publish_mode (self);
    g_object_notify_by_pspec (object, pspec);
    if (is_part_of_title (id))
        g_object_notify_by_pspec (object, props[PROP_TITLE]);
}

static void
pr_phone_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
    PrPhone *self = PR_PHONE (object);

    if (id == PROP_TITLE)
        g_value_set_string (value, pr_phone_get_title (self));
    else if (id == PROP_BUSY)
        g_value_set_boolean (value, self->busy);
    else
        g_value_copy (&self->values[id], value);
}

static void
pr_phone_finalize (GObject *object)
{
    PrPhone *self = PR_PHONE (object);

    for (guint id = PROP_ECID; id < PROP_TITLE; id++)
        g_value_unset (&self->values[id]);
    g_cond_clear (&self->changed);
    g_mutex_clear (&self->mutex);
    G_OBJECT_CLASS (pr_phone_parent_class)->finalize (object);
}

#define STORED (G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)
#define DERIVED (G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS)

static GParamSpec *
text (const char *name)
{
    return g_param_spec_string (name, NULL, NULL, NULL, STORED);
}

static GParamSpec *
number (const char *name)
{
    return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0, STORED);
}

static GParamSpec *
moment (const char *name)
{
    return g_param_spec_int64 (name, NULL, NULL, 0, G_MAXINT64, 0, STORED);
}

static GParamSpec *
date (const char *name)
{
    return g_param_spec_boxed (name, NULL, NULL, G_TYPE_DATE_TIME, STORED);
}

static GParamSpec *
choice (const char *name, GType type)
{
    return g_param_spec_enum (name, NULL, NULL, type, 0, STORED);
}

static void
pr_phone_class_init (PrPhoneClass *class)
{
    GObjectClass *object_class = G_OBJECT_CLASS (class);

    object_class->set_property = pr_phone_set_property;
    object_class->get_property = pr_phone_get_property;
    object_class->finalize = pr_phone_finalize;

    props[PROP_ECID] = number ("ecid");
    props[PROP_UDID] = text ("udid");
    props[PROP_MODE] = choice ("mode", PR_TYPE_PHONE_MODE);
    props[PROP_TRUST] = choice ("trust", PR_TYPE_TRUST);
    props[PROP_NAME] = text ("name");
    props[PROP_MODEL_NAME] = text ("model-name");
    props[PROP_PRODUCT_TYPE] = text ("product-type");
    props[PROP_BOARD] = text ("board");
    props[PROP_FAMILY] = text ("family");
    props[PROP_VERSION] = text ("version");
    props[PROP_BUILD] = text ("build");
    props[PROP_SERIAL] = text ("serial");
    props[PROP_IMEI] = text ("imei");
    props[PROP_CAPACITY] = number ("capacity");
    props[PROP_STORAGE_TOTAL] = number ("storage-total");
    props[PROP_STORAGE_FREE] = number ("storage-free");
    props[PROP_BATTERY] = g_param_spec_int ("battery", NULL, NULL, -1, 100, -1, STORED);
    props[PROP_CHARGING] = choice ("charging", PR_TYPE_ANSWER);
    props[PROP_FIND_MY] = choice ("find-my", PR_TYPE_ANSWER);
    props[PROP_FIND_MY_TIME] = moment ("find-my-time");
    props[PROP_ACTIVATION_LOCK] = choice ("activation-lock", PR_TYPE_ANSWER);
    props[PROP_SUPERVISED] = choice ("supervised", PR_TYPE_ANSWER);
    props[PROP_ORGANIZATION] = text ("organization");
    props[PROP_ENCRYPTS] = choice ("encrypts", PR_TYPE_ANSWER);
    props[PROP_MUST_ENCRYPT] = choice ("must-encrypt", PR_TYPE_ANSWER);
    props[PROP_ACTIVATED] = choice ("activated", PR_TYPE_ANSWER);
    props[PROP_SET_UP] = choice ("set-up", PR_TYPE_ANSWER);
    props[PROP_CLOUD_BACKUP] = choice ("cloud-backup", PR_TYPE_ANSWER);
    props[PROP_LAST_CLOUD_BACKUP] = date ("last-cloud-backup");
    props[PROP_LAST_COMPUTER_BACKUP] = date ("last-computer-backup");
    props[PROP_PORT] = text ("port");
    props[PROP_SPEED] = g_param_spec_int ("speed", NULL, NULL, 0, G_MAXINT, 0, STORED);
    props[PROP_HUB_DEPTH] = g_param_spec_int ("hub-depth", NULL, NULL, -1, G_MAXINT, -1, STORED);
    props[PROP_RECOVERY_ACCESS] = choice ("recovery-access", PR_TYPE_ACCESS);
    props[PROP_STEADY_SINCE] = moment ("steady-since");
    props[PROP_FINDINGS] = g_param_spec_boxed ("findings", NULL, NULL, G_TYPE_ARRAY, STORED);
    props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, DERIVED);
    props[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, DERIVED);
    g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
pr_phone_init (PrPhone *self)
{
    g_mutex_init (&self->mutex);
    g_cond_init (&self->changed);
    for (guint id = PROP_ECID; id < PROP_TITLE; id++) {
        g_value_init (&self->values[id], props[id]->value_type);
        g_param_value_set_default (props[id], &self->values[id]);
    }
}

guint64
pr_phone_get_ecid (PrPhone *self)
{
    g_return_val_if_fail (PR_IS_PHONE (self), 0);
    return g_value_get_uint64 (&self->values[PROP_ECID]);
}

PrPhoneMode
pr_phone_get_mode (PrPhone *self)
{
    g_return_val_if_fail (PR_IS_PHONE (self), PR_PHONE_MODE_GONE);
    return g_value_get_enum (&self->values[PROP_MODE]);
}

PrTrust
pr_phone_get_trust (PrPhone *self)
{
    g_return_val_if_fail (PR_IS_PHONE (self), PR_TRUST_UNKNOWN);
    return g_value_get_enum (&self->values[PROP_TRUST]);
}

const char *
pr_phone_get_title (PrPhone *self)
{
    const char *product = pr_phone_get_product_type (self);

    if (pr_phone_get_name (self) != NULL)
        return pr_phone_get_name (self);
    if (pr_phone_get_model_name (self) != NULL)
        return pr_phone_get_model_name (self);
    if (product != NULL && g_str_has_prefix (product, "iPad"))
        return "iPad";
    return product != NULL && g_str_has_prefix (product, "iPod") ? "iPod touch" : "iPhone";
}

/* The plain getters differ in nothing but the names. */
#define TEXT_GETTER(name, PROP)                                                                                        \
    const char *pr_phone_get_##name (PrPhone *self)                                                                    \
    {                                                                                                                  \
        g_return_val_if_fail (PR_IS_PHONE (self), NULL);                                                               \
        return g_value_get_string (&self->values[PROP]);                                                               \
    }
#define GETTER(type, name, PROP, kind, otherwise)                                                                      \
    type pr_phone_get_##name (PrPhone *self)                                                                           \
    {                                                                                                                  \
        g_return_val_if_fail (PR_IS_PHONE (self), otherwise);                                                          \
        return g_value_get_##kind (&self->values[PROP]);                                                               \
    }

TEXT_GETTER (udid, PROP_UDID)
TEXT_GETTER (name, PROP_NAME)
TEXT_GETTER (model_name, PROP_MODEL_NAME)
TEXT_GETTER (product_type, PROP_PRODUCT_TYPE)
TEXT_GETTER (board, PROP_BOARD)
TEXT_GETTER (family, PROP_FAMILY)
TEXT_GETTER (version, PROP_VERSION)
TEXT_GETTER (build, PROP_BUILD)
TEXT_GETTER (serial, PROP_SERIAL)
TEXT_GETTER (imei, PROP_IMEI)
TEXT_GETTER (organization, PROP_ORGANIZATION)
TEXT_GETTER (port, PROP_PORT)
GETTER (guint64, capacity, PROP_CAPACITY, uint64, 0)
GETTER (guint64, storage_total, PROP_STORAGE_TOTAL, uint64, 0)
GETTER (guint64, storage_free, PROP_STORAGE_FREE, uint64, 0)
GETTER (int, battery, PROP_BATTERY, int, -1)
GETTER (PrAnswer, charging, PROP_CHARGING, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, find_my, PROP_FIND_MY, enum, PR_ANSWER_UNKNOWN)
GETTER (gint64, find_my_time, PROP_FIND_MY_TIME, int64, 0)
GETTER (PrAnswer, activation_lock, PROP_ACTIVATION_LOCK, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, supervised, PROP_SUPERVISED, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, encrypts, PROP_ENCRYPTS, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, must_encrypt, PROP_MUST_ENCRYPT, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, activated, PROP_ACTIVATED, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, set_up, PROP_SET_UP, enum, PR_ANSWER_UNKNOWN)
GETTER (PrAnswer, cloud_backup, PROP_CLOUD_BACKUP, enum, PR_ANSWER_UNKNOWN)
GETTER (GDateTime *, last_cloud_backup, PROP_LAST_CLOUD_BACKUP, boxed, NULL)
GETTER (GDateTime *, last_computer_backup, PROP_LAST_COMPUTER_BACKUP, boxed, NULL)
GETTER (int, speed, PROP_SPEED, int, 0)
GETTER (int, hub_depth, PROP_HUB_DEPTH, int, -1)
GETTER (PrAccess, recovery_access, PROP_RECOVERY_ACCESS, enum, PR_ACCESS_UNKNOWN)
GETTER (gint64, steady_since, PROP_STEADY_SINCE, int64, 0)
GETTER (GArray *, findings, PROP_FINDINGS, boxed, NULL)

gboolean
pr_phone_get_busy (PrPhone *self)
{
    g_return_val_if_fail (PR_IS_PHONE (self), FALSE);
    return self->busy;
}

gboolean
pr_phone_claim (PrPhone *self, GError **error)
{
    g_return_val_if_fail (PR_IS_PHONE (self), FALSE);

    if (self->busy) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_BUSY, "another operation runs on this phone");
        return FALSE;
    }
    self->busy = TRUE;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
    return TRUE;
}

void
pr_phone_release (PrPhone *self)
{
    g_return_if_fail (PR_IS_PHONE (self));
    g_return_if_fail (self->busy);

    self->busy = FALSE;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_BUSY]);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
    PrPhone *self = user_data;

    g_mutex_lock (&self->mutex);
    g_cond_broadcast (&self->changed);
    g_mutex_unlock (&self->mutex);
}

static gboolean
wait_until (PrPhone *self, guint modes, gint64 deadline, GCancellable *cancellable)
{
    gboolean arrived;

    g_mutex_lock (&self->mutex);
    while (!(arrived = (modes & (1u << self->mode)) != 0) && !g_cancellable_is_cancelled (cancellable)) {
        if (!g_cond_wait_until (&self->changed, &self->mutex, deadline)) {
            arrived = (modes & (1u << self->mode)) != 0;
            break;
        }
    }
    g_mutex_unlock (&self->mutex);
    return arrived;
}

gboolean
pr_phone_wait (PrPhone *self, guint modes, double seconds, GCancellable *cancellable, GError **error)
{
    gint64 deadline = g_get_monotonic_time () + (gint64) (CLAMP (seconds, 0, G_MAXINT) * G_USEC_PER_SEC);
    gboolean arrived;
    gulong handler = 0;

    g_return_val_if_fail (PR_IS_PHONE (self), FALSE);

    if (cancellable != NULL)
        handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
    arrived = wait_until (self, modes, deadline, cancellable);
    if (cancellable != NULL)
        g_cancellable_disconnect (cancellable, handler);
    if (!arrived)
        g_cancellable_set_error_if_cancelled (cancellable, error);
    return arrived;
}

PrPhoneMode
pr_phone_peek_mode (PrPhone *self)
{
    PrPhoneMode mode;

    g_return_val_if_fail (PR_IS_PHONE (self), PR_PHONE_MODE_GONE);
    g_mutex_lock (&self->mutex);
    mode = self->mode;
    g_mutex_unlock (&self->mutex);
    return mode;
}

guint
pr_phone_peek_changes (PrPhone *self)
{
    guint changes;

    g_return_val_if_fail (PR_IS_PHONE (self), 0);
    g_mutex_lock (&self->mutex);
    changes = self->changes;
    g_mutex_unlock (&self->mutex);
    return changes;
}
