// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-back-up.h"
#include "pr-backup-secret.h"
#include "pr-change-password.h"
#include "pr-erase.h"
#include "pr-operation-enums.h"
#include "pr-phone-enums.h"
#include "pr-plan-private.h"
#include "pr-put-back.h"
#include "pr-recovery-mode.h"
#include "pr-reinstall.h"
#include "pr-restart.h"

typedef enum {
    PROP_PHONE = 1,
    PROP_GOAL,
    PROP_FILE,
    PROP_BACKUP,
    PROP_VERSIONS,
    PROP_HAND_OVER,
    PROP_READY,
    PROP_QUESTION,
    N_PROPS,
} PrPlanProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrPlan, pr_plan, G_TYPE_OBJECT)

static gboolean
all_settled (PrPlan *self)
{
    guint n_checks = g_list_model_get_n_items (G_LIST_MODEL (self->checks));

    for (guint i = 0; i < n_checks; i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);
        if (!pr_check_is_settled (check))
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_passwords (PrPlan *self)
{
    const PrPlanGoal *goal = pr_plan_goals_get (self->goal);

    return (!goal->wants_old || self->old_password) && (!goal->wants_new || self->new_password);
}

static PrQuestion
find_question (PrPlan *self)
{
    const PrPlanGoal *goal = pr_plan_goals_get (self->goal);

    if (!self->phone)
        return PR_QUESTION_PHONE;
    if (self->goal == PR_GOAL_NONE)
        return PR_QUESTION_GOAL;
    if (self->goal == PR_GOAL_PUT_BACK && !self->backup)
        return PR_QUESTION_BACKUP;
    if (!has_passwords (self))
        return PR_QUESTION_PASSWORD;
    if (goal->checks && !(self->readiness_passed && self->ready))
        return PR_QUESTION_READINESS;
    if (goal->confirm && !self->confirmation)
        return PR_QUESTION_CONFIRM;
    return PR_QUESTION_NONE;
}

/* Takes back what was answered for another phone, another goal, another file or another state of Readiness. */
static void
forget_answers (PrPlan *self)
{
    self->readiness_passed = FALSE;
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
}

static void
forget_password (PrPlan *self)
{
    g_clear_pointer (&self->password, pr_backup_secret_free);
    g_clear_error (&self->wrong);
}

static void
forget_passwords (PrPlan *self)
{
    forget_password (self);
    g_clear_pointer (&self->old_password, pr_backup_secret_free);
    g_clear_pointer (&self->new_password, pr_backup_secret_free);
}

/* Who is going to have the phone decides what is asked before it is erased. */
static gboolean
knows_owner (PrPlan *self)
{
    return self->goal != PR_GOAL_ERASE || self->hand_over != PR_ANSWER_UNKNOWN;
}

/* Works out anew what follows from the choices, and says what changed. */
static void
derive (PrPlan *self)
{
    gboolean ready =
        pr_plan_is_present (self) && self->goal != PR_GOAL_NONE && knows_owner (self) && all_settled (self);
    PrQuestion question;

    g_object_freeze_notify (G_OBJECT (self));
    if (!ready)
        forget_answers (self);
    if (self->ready != ready) {
        self->ready = ready;
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
    }
    question = find_question (self);
    if (self->question != question) {
        self->question = question;
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUESTION]);
    }
    g_object_thaw_notify (G_OBJECT (self));
}

/* While the phone is away what it would have to tell is not judged: what was known, and accepted, is still good when it
 * comes back as it was. */
static void
update_check (PrPlan *self, PrCheck *check)
{
    PrCheckKind kind = pr_check_get_kind (check);
    g_autoptr (GError) error = NULL;
    PrCheckState state;

    if (!pr_plan_judges_without_phone (kind) && !pr_plan_is_present (self))
        return;
    state = pr_plan_judge (self, kind, &error);
    pr_check_set_needs_showing (check, pr_plan_wants_showing (self, kind));
    pr_check_set (check, state, error,
                  kind == PR_CHECK_LINK ? pr_findings_get_of_way (pr_phone_get_findings (self->phone)) : NULL);
}

void
pr_plan_update (PrPlan *self)
{
    guint n_checks = g_list_model_get_n_items (G_LIST_MODEL (self->checks));

    for (guint i = 0; i < n_checks; i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);
        update_check (self, check);
    }
    derive (self);
}

static void
make_checks (PrPlan *self)
{
    g_list_store_remove_all (self->checks);
    for (PrCheckKind kind = 0; kind < PR_N_CHECKS; kind++) {
        g_autoptr (PrCheck) check = NULL;
        if (!pr_plan_asks_for (self, kind))
            continue;
        check = pr_check_new (kind);
        g_signal_connect_object (check, "notify::accepted", G_CALLBACK (derive), self, G_CONNECT_SWAPPED);
        g_list_store_append (self->checks, check);
    }
}

/* Another backup than before is another matter: what was said of it, or confirmed, does not count. */
static void
take_backup (PrPlan *self, PrBackup *backup)
{
    forget_answers (self);
    if (self->goal != PR_GOAL_BACK_UP) /* there it is the phone's, whichever backup can prove it */
        forget_password (self);
    g_clear_pointer (&self->proof, pr_backup_proof_free);
    g_set_object (&self->backup, backup);
    self->same_phone = backup && self->phone && pr_phone_get_udid (self->phone) &&
                       g_ascii_strcasecmp (pr_backup_get_udid (backup), pr_phone_get_udid (self->phone)) == 0;
    pr_plan_prove (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BACKUP]);
}

/* A list that was read anew has other objects of the same backups. */
static gboolean
is_unchanged (PrBackup *one, PrBackup *other)
{
    GDateTime *first = one ? pr_backup_get_date (one) : NULL, *second = other ? pr_backup_get_date (other) : NULL;

    if (!one || !other)
        return one == other;
    return g_strcmp0 (pr_backup_get_path (one), pr_backup_get_path (other)) == 0 && first && second &&
           g_date_time_equal (first, second);
}

void
pr_plan_find_backup (PrPlan *self)
{
    PrBackup *found = NULL;

    if (self->goal == PR_GOAL_PUT_BACK && self->backup)
        found = pr_backup_library_find_path (self->library, pr_backup_get_path (self->backup));
    else if (self->phone && pr_plan_goals_get (self->goal)->wants_list)
        found = pr_backup_library_find (self->library, pr_phone_get_udid (self->phone));
    if (is_unchanged (self->backup, found))
        g_set_object (&self->backup, found);
    else
        take_backup (self, found);
    pr_plan_update (self);
}

void
pr_plan_notify_file (PrPlan *self)
{
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
}

void
pr_plan_notify_versions (PrPlan *self)
{
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERSIONS]);
}

static void
phone_changed_cb (PrPlan *self, GParamSpec *pspec)
{
    if (g_strv_contains ((const char *const[]) { "product-type", "board", "version", NULL }, pspec->name))
        pr_plan_look_for_file (self);
    if (g_str_equal (pspec->name, "product-type") || g_str_equal (pspec->name, "version"))
        pr_plan_ask_for_versions (self);
    pr_plan_update (self);
}

static void
pr_plan_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrPlan *self = PR_PLAN (object);

    switch ((PrPlanProps) prop_id) {
    case PROP_PHONE:
        g_value_set_object (value, self->phone);
        break;
    case PROP_GOAL:
        g_value_set_enum (value, self->goal);
        break;
    case PROP_FILE:
        g_value_set_string (value, pr_plan_get_file (self));
        break;
    case PROP_BACKUP:
        g_value_set_object (value, self->backup);
        break;
    case PROP_VERSIONS:
        g_value_set_boxed (value, self->versions);
        break;
    case PROP_HAND_OVER:
        g_value_set_enum (value, self->hand_over);
        break;
    case PROP_READY:
        g_value_set_boolean (value, self->ready);
        break;
    case PROP_QUESTION:
        g_value_set_enum (value, self->question);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_plan_dispose (GObject *object)
{
    PrPlan *self = PR_PLAN (object);

    pr_plan_stop_looking (self);
    pr_plan_forget_versions (self);
    g_clear_object (&self->phones);
    g_clear_object (&self->library);
    g_clear_object (&self->backup);
    g_clear_object (&self->phone);
    g_clear_object (&self->file);
    g_clear_object (&self->checks);
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    G_OBJECT_CLASS (pr_plan_parent_class)->dispose (object);
}

static void
pr_plan_finalize (GObject *object)
{
    PrPlan *self = PR_PLAN (object);

    forget_passwords (self);
    g_clear_pointer (&self->proof, pr_backup_proof_free);
    g_clear_pointer (&self->place, pr_backup_place_free);
    g_clear_pointer (&self->servers, pr_servers_unref);
    g_free (self->chosen);
    g_strfreev (self->environment);
    g_free (self->firmware_folder);
    G_OBJECT_CLASS (pr_plan_parent_class)->finalize (object);
}

static void
pr_plan_class_init (PrPlanClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    const GParamFlags read = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

    object_class->get_property = pr_plan_get_property;
    object_class->dispose = pr_plan_dispose;
    object_class->finalize = pr_plan_finalize;

    properties[PROP_PHONE] = g_param_spec_object ("phone", NULL, NULL, PR_TYPE_PHONE, read);
    properties[PROP_GOAL] = g_param_spec_enum ("goal", NULL, NULL, PR_TYPE_GOAL, PR_GOAL_NONE, read);
    properties[PROP_FILE] = g_param_spec_string ("file", NULL, NULL, NULL, read);
    properties[PROP_BACKUP] = g_param_spec_object ("backup", NULL, NULL, PR_TYPE_BACKUP, read);
    properties[PROP_VERSIONS] = g_param_spec_boxed ("versions", NULL, NULL, G_TYPE_PTR_ARRAY, read);
    properties[PROP_HAND_OVER] = g_param_spec_enum ("hand-over", NULL, NULL, PR_TYPE_ANSWER, PR_ANSWER_UNKNOWN, read);
    properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, read);
    properties[PROP_QUESTION] = g_param_spec_enum ("question", NULL, NULL, PR_TYPE_QUESTION, PR_QUESTION_PHONE, read);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_plan_init (PrPlan *self)
{
    self->checks = g_list_store_new (PR_TYPE_CHECK);
    self->question = PR_QUESTION_PHONE;
    self->keep_versions = 1;
}

PrPlan *
pr_plan_new (PrPhoneList *phones,
             PrBackupLibrary *library,
             PrServers *servers,
             const char *const *environment,
             const char *firmware_folder)
{
    PrPlan *self = g_object_new (PR_TYPE_PLAN, NULL);
    PrUsbWatch *usb = pr_phone_list_get_usb (phones);

    self->phones = g_object_ref (phones);
    self->library = g_object_ref (library);
    g_signal_connect_object (library, "items-changed", G_CALLBACK (pr_plan_find_backup), self, G_CONNECT_SWAPPED);
    self->servers = servers ? pr_servers_ref (servers) : NULL;
    self->environment = g_strdupv ((GStrv) environment);
    self->firmware_folder = g_strdup (firmware_folder);
    g_signal_connect_object (phones, "notify::daemon", G_CALLBACK (pr_plan_update), self, G_CONNECT_SWAPPED);
    if (usb)
        g_signal_connect_object (usb, "notify::state", G_CALLBACK (pr_plan_update), self, G_CONNECT_SWAPPED);
    return self;
}

PrBackupLibrary *
pr_plan_get_library (PrPlan *self)
{
    return self->library;
}

PrPhoneList *
pr_plan_get_phones (PrPlan *self)
{
    return self->phones;
}

PrPhone *
pr_plan_get_phone (PrPlan *self)
{
    return self->phone;
}

void
pr_plan_set_phone (PrPlan *self, PrPhone *phone)
{
    PrPhone *old = self->phone;

    if (old == phone)
        return;
    if (old)
        g_signal_handlers_disconnect_by_data (old, self);
    g_set_object (&self->phone, phone);
    if (phone)
        g_signal_connect_object (phone, "notify", G_CALLBACK (phone_changed_cb), self, G_CONNECT_SWAPPED);
    g_clear_pointer (&self->chosen, g_free);
    pr_plan_set_goal (self, PR_GOAL_NONE);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PHONE]);
}

PrGoal
pr_plan_get_goal (PrPlan *self)
{
    return self->goal;
}

void
pr_plan_set_goal (PrPlan *self, PrGoal goal)
{
    self->goal = goal;
    self->hand_over = self->keep_esim = PR_ANSWER_UNKNOWN;
    forget_passwords (self);
    take_backup (self, NULL);
    make_checks (self);
    pr_plan_look_for_file (self);
    pr_plan_ask_for_versions (self);
    pr_plan_look_at_place (self);
    pr_plan_read_library (self);
    pr_plan_keep_reading (self);
    pr_plan_update (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GOAL]);
}

const char *
pr_plan_get_file (PrPlan *self)
{
    return self->file ? pr_system_file_get_path (self->file) : NULL;
}

const char *
pr_plan_get_file_version (PrPlan *self)
{
    return self->file ? pr_system_file_get_version (self->file) : NULL;
}

void
pr_plan_set_file (PrPlan *self, const char *path)
{
    g_set_str (&self->chosen, path);
    forget_answers (self);
    pr_plan_look_for_file (self);
    pr_plan_update (self);
}

PrBackup *
pr_plan_get_backup (PrPlan *self)
{
    return self->backup;
}

void
pr_plan_set_backup (PrPlan *self, PrBackup *backup)
{
    g_return_if_fail (self->goal == PR_GOAL_PUT_BACK);

    take_backup (self, backup);
    pr_plan_update (self);
}

gboolean
pr_plan_get_same_phone (PrPlan *self)
{
    return self->same_phone;
}

void
pr_plan_set_same_phone (PrPlan *self, gboolean same_phone)
{
    if (self->same_phone == same_phone)
        return;
    self->same_phone = same_phone;
    forget_answers (self);
    pr_plan_update (self);
}

void
pr_plan_try_password (PrPlan *self, const char *password)
{
    forget_password (self);
    if (password && *password)
        self->password = pr_backup_secret_copy (password);
    /* what another password opened says nothing of this one */
    if (self->proof && self->proof->report.encrypted && self->proof->report.proven)
        g_clear_pointer (&self->proof, pr_backup_proof_free);
    pr_plan_prove (self);
    pr_plan_update (self);
}

static void
set_password (char **place, const char *password)
{
    g_clear_pointer (place, pr_backup_secret_free);
    *place = password && *password ? pr_backup_secret_copy (password) : NULL;
}

void
pr_plan_set_passwords (PrPlan *self, const char *old_password, const char *new_password)
{
    set_password (&self->old_password, old_password);
    set_password (&self->new_password, new_password);
    derive (self);
}

PrAnswer
pr_plan_get_hand_over (PrPlan *self)
{
    return self->hand_over;
}

/* What was agreed to for the one purpose is not for the other. */
void
pr_plan_set_hand_over (PrPlan *self, PrAnswer hand_over)
{
    g_return_if_fail (self->goal == PR_GOAL_ERASE);

    if (self->hand_over == hand_over)
        return;
    self->hand_over = hand_over;
    forget_answers (self);
    make_checks (self);
    pr_plan_keep_reading (self);
    pr_plan_update (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAND_OVER]);
}

PrAnswer
pr_plan_get_keep_esim (PrPlan *self)
{
    return self->keep_esim;
}

void
pr_plan_set_keep_esim (PrPlan *self, PrAnswer keep_esim)
{
    g_return_if_fail (self->goal == PR_GOAL_ERASE);

    if (self->keep_esim == keep_esim)
        return;
    self->keep_esim = keep_esim;
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    derive (self);
}

void
pr_plan_set_keep_versions (PrPlan *self, guint versions)
{
    self->keep_versions = versions;
}

const char *
pr_plan_get_confirmed_file (PrPlan *self)
{
    if (self->goal == PR_GOAL_PUT_BACK)
        return self->backup ? pr_backup_get_path (self->backup) : NULL;
    return pr_plan_get_file (self);
}

GListModel *
pr_plan_get_checks (PrPlan *self)
{
    return G_LIST_MODEL (self->checks);
}

void
pr_plan_check_again (PrPlan *self)
{
    if (self->phone)
        pr_phone_list_refresh (self->phones, self->phone);
    pr_plan_look_for_file (self);
    pr_plan_ask_for_versions (self);
    pr_plan_look_at_place (self);
    pr_plan_read_library (self);
    g_clear_pointer (&self->proof, pr_backup_proof_free);
    pr_plan_prove (self);
    pr_plan_update (self);
}

gboolean
pr_plan_is_ready (PrPlan *self)
{
    return self->ready;
}

void
pr_plan_set_readiness_passed (PrPlan *self, gboolean passed)
{
    self->readiness_passed = passed && self->ready;
    self->keep_esim = PR_ANSWER_UNKNOWN;
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    derive (self);
}

/* Guard rail 1: is what was confirmed just what would be done now? */
static gboolean
is_confirmed (PrPlan *self, PrConfirmation *confirmation, GError **error)
{
    guint64 ecid = self->phone ? pr_phone_get_ecid (self->phone) : 0;
    const char *action = pr_plan_goals_get (self->goal)->action;

    if (self->goal == PR_GOAL_ERASE && self->keep_esim == PR_ANSWER_UNKNOWN) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "nobody said what becomes of the eSIM");
        return FALSE;
    }
    return pr_confirmation_check (confirmation, ecid, action ? action : "", pr_plan_get_confirmed_file (self), error);
}

void
pr_plan_take_confirmation (PrPlan *self, PrConfirmation *confirmation)
{
    g_autoptr (PrConfirmation) taken = confirmation;
    g_autoptr (GError) error = NULL;

    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    if (self->question == PR_QUESTION_CONFIRM || self->question == PR_QUESTION_NONE) {
        if (is_confirmed (self, taken, &error))
            self->confirmation = g_steal_pointer (&taken);
        else
            g_info ("a confirmation was not taken: %s", error->message);
    }
    derive (self);
}

PrQuestion
pr_plan_get_next_question (PrPlan *self)
{
    return self->question;
}

/* One that has grown too old meanwhile is asked for anew. */
static gboolean
is_still_confirmed (PrPlan *self, GError **error)
{
    if (!pr_plan_goals_get (self->goal)->confirm || is_confirmed (self, self->confirmation, error))
        return TRUE;
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    derive (self);
    return FALSE;
}

static PrOperation *
create_reinstall (PrPlan *self)
{
    PrReinstallOptions options = {
        .file = pr_plan_get_file (self),
        .folder = self->firmware_folder,
        .keep_data = self->goal == PR_GOAL_UPDATE,
        .servers = self->servers,
        .environment = (const char *const *) self->environment,
    };

    return pr_reinstall_new (self->phone, pr_phone_list_get_usb (self->phones), &options, self->confirmation);
}

/* A second request has to be confirmed anew (guard rail 3). */
static PrOperation *
create_erase (PrPlan *self)
{
    g_autoptr (PrConfirmation) used = g_steal_pointer (&self->confirmation);
    PrOperation *operation =
        pr_erase_new (self->phone, self->hand_over == PR_ANSWER_YES, self->keep_esim == PR_ANSWER_YES, used);

    derive (self);
    return operation;
}

static PrOperation *
create_for_goal (PrPlan *self)
{
    switch (self->goal) {
    case PR_GOAL_RESTART:
        return pr_restart_new (self->phone);
    case PR_GOAL_SHUT_DOWN:
        return pr_shut_down_new (self->phone);
    case PR_GOAL_ENTER_RECOVERY:
        return pr_enter_recovery_new (self->phone);
    case PR_GOAL_LEAVE_RECOVERY:
        return pr_leave_recovery_new (self->phone, pr_phone_list_get_usb (self->phones));
    case PR_GOAL_UPDATE:
    case PR_GOAL_RESTORE:
        return create_reinstall (self);
    case PR_GOAL_ERASE:
        return create_erase (self);
    case PR_GOAL_BACK_UP:
        return pr_back_up_new (self->phone, self->library, self->password, self->keep_versions,
                               pr_plan_needs_journal (self));
    case PR_GOAL_PUT_BACK:
        return pr_put_back_new (self->phone, self->backup, self->password, self->same_phone, self->confirmation);
    case PR_GOAL_ENCRYPT:
        return pr_change_password_new (self->phone, NULL, self->new_password);
    case PR_GOAL_CHANGE_PASSWORD:
        return pr_change_password_new (self->phone, self->old_password, self->new_password);
    case PR_GOAL_DECRYPT:
        return pr_change_password_new (self->phone, self->old_password, NULL);
    case PR_GOAL_DOWNLOAD:
    case PR_GOAL_NONE:
    default:
        g_return_val_if_reached (NULL);
    }
}

PrOperation *
pr_plan_create_operation (PrPlan *self, GError **error)
{
    pr_plan_update (self); /* what was read may be too old by now */
    if (self->question != PR_QUESTION_NONE) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "a question is still open");
        return NULL;
    }
    return is_still_confirmed (self, error) ? create_for_goal (self) : NULL;
}
