// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-check.h"

#include "pr-error.h"
#include "pr-operation-enums.h"

#define FRESH_BACKUP (12 * G_TIME_SPAN_HOUR)
#define CLOCK_ERROR (5 * G_TIME_SPAN_MINUTE) /* between the phone's and the computer's */
#define ENOUGH_BATTERY 30                    /* per cent; less will do while it charges */
#define EMPTY_BATTERY 10

struct _PrCheck {
    GObject parent_instance;
    PrCheckKind kind;
    PrCheckState state;
    gboolean accepted;
    gboolean needs_showing, shown;
    GError *error; /* owned */
    PrFinding finding;
    gboolean found; /* there is one */
};

typedef enum {
    PROP_KIND = 1,
    PROP_STATE,
    PROP_ACCEPTED,
    PROP_ACCEPTABLE,
    N_PROPS,
} PrCheckProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrCheck, pr_check, G_TYPE_OBJECT)

/* A phone that is not in normal mode answers none of these: then they are not known. */
static gboolean
is_talking (PrPhone *phone)
{
    return pr_phone_get_mode (phone) == PR_PHONE_MODE_NORMAL && pr_phone_get_trust (phone) == PR_TRUST_TRUSTED;
}

static PrCheckState
judge_access (PrPhone *phone, GError **error)
{
    switch (pr_phone_get_recovery_access (phone)) {
    case PR_ACCESS_GOOD:
        return PR_CHECK_GOOD;
    case PR_ACCESS_REFUSED:
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_USB_PERMISSION, "recovery devices may not be opened here");
        return PR_CHECK_BLOCKING;
    case PR_ACCESS_UNKNOWN:
    default:
        return PR_CHECK_NOT_KNOWN;
    }
}

static PrCheckState
judge_trust (PrPhone *phone, GError **error)
{
    static const PrError code_of_trust[] = {
        [PR_TRUST_NEVER] = PR_ERROR_TRUST_PENDING, [PR_TRUST_WAITING] = PR_ERROR_TRUST_PENDING,
        [PR_TRUST_REFUSED] = PR_ERROR_NOT_TRUSTED, [PR_TRUST_LOCKED] = PR_ERROR_LOCKED,
        [PR_TRUST_STALE] = PR_ERROR_STALE_PAIRING,
    };
    PrTrust trust = pr_phone_get_trust (phone);

    if (pr_phone_get_mode (phone) == PR_PHONE_MODE_RECOVERY || pr_phone_get_mode (phone) == PR_PHONE_MODE_DFU)
        return PR_CHECK_GOOD; /* there, nothing is asked of it */
    if (pr_phone_get_mode (phone) != PR_PHONE_MODE_NORMAL || trust == PR_TRUST_UNKNOWN)
        return PR_CHECK_PENDING;
    if (trust == PR_TRUST_TRUSTED)
        return PR_CHECK_GOOD;
    g_set_error (error, PR_ERROR, code_of_trust[trust], "trust is %d", trust);
    return PR_CHECK_BLOCKING;
}

/* One of the future was made by a clock that is wrong, so nobody knows how old it is. */
gboolean
pr_check_is_fresh (GDateTime *backup)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
    GTimeSpan age = backup ? g_date_time_difference (now, backup) : G_MAXINT64;

    return age > -CLOCK_ERROR && age < FRESH_BACKUP;
}

static PrCheckState
judge_backup (PrPhone *phone)
{
    GDateTime *in_cloud = pr_phone_get_last_cloud_backup (phone);
    GDateTime *on_computer = pr_phone_get_last_computer_backup (phone);

    if (pr_check_is_fresh (in_cloud))
        return PR_CHECK_GOOD;
    if (pr_check_is_fresh (on_computer))
        return PR_CHECK_NOT_KNOWN;
    return in_cloud || on_computer ? PR_CHECK_WARNING : PR_CHECK_NOT_KNOWN;
}

static PrCheckState
judge_answer (PrPhone *phone, PrAnswer answer)
{
    if (!is_talking (phone) || answer == PR_ANSWER_UNKNOWN)
        return PR_CHECK_NOT_KNOWN;
    return answer == PR_ANSWER_NO ? PR_CHECK_GOOD : PR_CHECK_WARNING;
}

static PrCheckState
judge_setup (PrPhone *phone, GError **error)
{
    if (!is_talking (phone))
        return PR_CHECK_NOT_KNOWN;
    if (pr_phone_get_activated (phone) == PR_ANSWER_NO) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_ACTIVATED, "ActivationState is Unactivated");
        return PR_CHECK_BLOCKING;
    }
    if (pr_phone_get_set_up (phone) == PR_ANSWER_YES)
        return PR_CHECK_GOOD;
    /* a phone that greets has no such value: only the person sees on which page of its assistant it is */
    g_set_error_literal (error, PR_ERROR, PR_ERROR_SETUP_UNFINISHED, "SetupDone is not true");
    return pr_phone_get_set_up (phone) == PR_ANSWER_NO ? PR_CHECK_BLOCKING : PR_CHECK_NOT_KNOWN;
}

static PrCheckState
judge_battery (PrPhone *phone)
{
    int battery = pr_phone_get_battery (phone);

    if (!is_talking (phone) || battery < 0)
        return PR_CHECK_NOT_KNOWN;
    if (battery >= ENOUGH_BATTERY)
        return PR_CHECK_GOOD;
    return battery > EMPTY_BATTERY && pr_phone_get_charging (phone) == PR_ANSWER_YES ? PR_CHECK_GOOD : PR_CHECK_WARNING;
}

static PrCheckState
judge_link (PrPhone *phone)
{
    if (pr_findings_get_of_way (pr_phone_get_findings (phone)))
        return PR_CHECK_WARNING;
    return pr_phone_get_hub_depth (phone) < 0 ? PR_CHECK_NOT_KNOWN : PR_CHECK_GOOD;
}

PrCheckState
pr_check_judge_phone (PrCheckKind kind, PrPhone *phone, gboolean erases, GError **error)
{
    switch (kind) {
    case PR_CHECK_ACCESS:
        return judge_access (phone, error);
    case PR_CHECK_TRUST:
        return judge_trust (phone, error);
    case PR_CHECK_SETUP:
        return judge_setup (phone, error);
    case PR_CHECK_ENCRYPTION:
        return is_talking (phone) && pr_phone_get_encrypts (phone) != PR_ANSWER_UNKNOWN ? PR_CHECK_GOOD
                                                                                        : PR_CHECK_NOT_KNOWN;
    case PR_CHECK_BACKUP:
        return judge_backup (phone);
    case PR_CHECK_FIND_MY:
        return judge_answer (phone, pr_phone_get_find_my (phone));
    case PR_CHECK_SUPERVISION:
        return judge_answer (phone, pr_phone_get_supervised (phone));
    case PR_CHECK_BATTERY:
        return judge_battery (phone);
    case PR_CHECK_LINK:
        return judge_link (phone);
    case PR_CHECK_UNSEEN:
        return erases ? PR_CHECK_WARNING : PR_CHECK_GOOD;
    case PR_CHECK_FILE:
    case PR_CHECK_TOOL:
    case PR_CHECK_PLACE:
    case PR_CHECK_FITS:
    case PR_CHECK_INTACT:
    case PR_CHECK_PASSWORD:
    case PR_CHECK_ROOM:
    case PR_N_CHECKS:
    default:
        g_return_val_if_reached (PR_CHECK_BLOCKING);
    }
}

static void
pr_check_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrCheck *self = PR_CHECK (object);

    switch ((PrCheckProps) prop_id) {
    case PROP_KIND:
        g_value_set_enum (value, self->kind);
        break;
    case PROP_STATE:
        g_value_set_enum (value, self->state);
        break;
    case PROP_ACCEPTED:
        g_value_set_boolean (value, self->accepted);
        break;
    case PROP_ACCEPTABLE:
        g_value_set_boolean (value, pr_check_get_acceptable (self));
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_check_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    PrCheck *self = PR_CHECK (object);

    if (prop_id == PROP_KIND)
        self->kind = g_value_get_enum (value);
    else if (prop_id == PROP_ACCEPTED)
        pr_check_set_accepted (self, g_value_get_boolean (value));
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_check_finalize (GObject *object)
{
    g_clear_error (&PR_CHECK (object)->error);
    G_OBJECT_CLASS (pr_check_parent_class)->finalize (object);
}

static void
pr_check_class_init (PrCheckClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);

    object_class->get_property = pr_check_get_property;
    object_class->set_property = pr_check_set_property;
    object_class->finalize = pr_check_finalize;

    properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, PR_TYPE_CHECK_KIND, PR_CHECK_FILE,
                                               G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PR_TYPE_CHECK_STATE, PR_CHECK_PENDING,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
    properties[PROP_ACCEPTED] =
        g_param_spec_boolean ("accepted", NULL, NULL, FALSE,
                              G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
    properties[PROP_ACCEPTABLE] =
        g_param_spec_boolean ("acceptable", NULL, NULL, TRUE,
                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_check_init (PrCheck *self)
{
}

PrCheck *
pr_check_new (PrCheckKind kind)
{
    return g_object_new (PR_TYPE_CHECK, "kind", kind, NULL);
}

PrCheckKind
pr_check_get_kind (PrCheck *self)
{
    return self->kind;
}

PrCheckState
pr_check_get_state (PrCheck *self)
{
    return self->state;
}

const GError *
pr_check_get_error (PrCheck *self)
{
    return self->error;
}

const PrFinding *
pr_check_get_finding (PrCheck *self)
{
    return self->found ? &self->finding : NULL;
}

gboolean
pr_check_get_accepted (PrCheck *self)
{
    return self->accepted;
}

void
pr_check_set_accepted (PrCheck *self, gboolean accepted)
{
    if (accepted && !pr_check_get_acceptable (self))
        accepted = FALSE;
    if (self->accepted == accepted)
        return;
    self->accepted = accepted;
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCEPTED]);
}

gboolean
pr_check_get_acceptable (PrCheck *self)
{
    return !self->needs_showing || self->shown;
}

static void
acceptable_changed (PrCheck *self)
{
    if (!pr_check_get_acceptable (self))
        pr_check_set_accepted (self, FALSE);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCEPTABLE]);
}

void
pr_check_set_needs_showing (PrCheck *self, gboolean needs_showing)
{
    if (self->needs_showing == needs_showing)
        return;
    self->needs_showing = needs_showing;
    acceptable_changed (self);
}

void
pr_check_note_shown (PrCheck *self)
{
    if (self->shown)
        return;
    self->shown = TRUE;
    acceptable_changed (self);
}

gboolean
pr_check_is_settled (PrCheck *self)
{
    if (self->state == PR_CHECK_GOOD)
        return TRUE;
    return self->accepted && (self->state == PR_CHECK_WARNING || self->state == PR_CHECK_NOT_KNOWN);
}

static gboolean
is_same_error (const GError *a, const GError *b)
{
    if (!a || !b)
        return a == b;
    return a->domain == b->domain && a->code == b->code;
}

/* Three hubs are another thing than two, and a contact lost again than the one that was lost before. */
static gboolean
is_same_finding (const PrFinding *a, const PrFinding *b)
{
    if (!a || !b)
        return a == b;
    return a->kind == b->kind && a->count == b->count && g_str_equal (a->port, b->port);
}

void
pr_check_set (PrCheck *self, PrCheckState state, const GError *error, const PrFinding *finding)
{
    if (self->state == state && is_same_error (self->error, error) &&
        is_same_finding (pr_check_get_finding (self), finding))
        return;
    g_clear_error (&self->error);
    self->found = finding != NULL;
    self->finding = finding ? *finding : (PrFinding) { 0 };
    self->error = error ? g_error_copy (error) : NULL;
    self->state = state;
    pr_check_set_accepted (self, FALSE);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}
