// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-plan.h"

#include "pr-operation-enums.h"
#include "pr-recovery-mode.h"
#include "pr-reinstall.h"
#include "pr-restart.h"
#include "pr-system-file.h"

struct _PrPlan {
    GObject parent_instance;

    /* owned */
    PrPhoneList *phones;
    char *signing_server;
    GStrv environment;
    char *firmware_folder;

    PrPhone *phone;
    PrConfirmation *confirmation;
    GListStore *checks;
    PrSystemFile *file; /* what is known of the chosen system file; NULL while it is looked for */
    GCancellable *looking;
    char *chosen; /* the path of a file that was chosen by hand */

    PrGoal goal;
    gboolean readiness_passed;
    PrQuestion question;
    gboolean ready;
};

typedef enum {
    PROP_PHONE = 1,
    PROP_GOAL,
    PROP_FILE,
    PROP_READY,
    PROP_QUESTION,
    N_PROPS,
} PrPlanProps;

static GParamSpec *properties[N_PROPS];

#define CHECK(kind) (1u << PR_CHECK_##kind)
#define ALWAYS (CHECK (FILE) | CHECK (TOOL) | CHECK (ACCESS) | CHECK (TRUST) | CHECK (BATTERY) | CHECK (LINK))

/* What each goal asks for before it starts, and from which modes it can be reached. */
static const struct {
    guint modes;
    guint checks;
    gboolean confirm;
    gboolean erases;
    const char *action;
} goals[] = {
    [PR_GOAL_RESTART] = { 1 << PR_PHONE_MODE_NORMAL, 0, FALSE, FALSE, "restart" },
    [PR_GOAL_SHUT_DOWN] = { 1 << PR_PHONE_MODE_NORMAL, 0, FALSE, FALSE, "shut-down" },
    [PR_GOAL_ENTER_RECOVERY] = { 1 << PR_PHONE_MODE_NORMAL, CHECK (ACCESS) | CHECK (TRUST), FALSE, FALSE,
                                 "enter-recovery" },
    [PR_GOAL_LEAVE_RECOVERY] = { 1 << PR_PHONE_MODE_RECOVERY, 0, FALSE, FALSE, "leave-recovery" },
    [PR_GOAL_UPDATE] = { 1 << PR_PHONE_MODE_NORMAL | 1 << PR_PHONE_MODE_RECOVERY | 1 << PR_PHONE_MODE_DFU,
                         ALWAYS | CHECK (BACKUP) | CHECK (SUPERVISION), TRUE, FALSE, "update" },
    [PR_GOAL_RESTORE] = { 1 << PR_PHONE_MODE_NORMAL | 1 << PR_PHONE_MODE_RECOVERY | 1 << PR_PHONE_MODE_DFU,
                          ALWAYS | CHECK (BACKUP) | CHECK (SUPERVISION) | CHECK (FIND_MY) | CHECK (UNSEEN), TRUE, TRUE,
                          "restore" },
};

G_DEFINE_FINAL_TYPE (PrPlan, pr_plan, G_TYPE_OBJECT)

static gboolean
is_present (PrPlan *self)
{
    return self->phone && pr_phone_get_mode (self->phone) != PR_PHONE_MODE_GONE;
}

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

static PrQuestion
find_question (PrPlan *self)
{
    if (!self->phone)
        return PR_QUESTION_PHONE;
    if (self->goal == PR_GOAL_NONE)
        return PR_QUESTION_GOAL;
    if (goals[self->goal].checks && !(self->readiness_passed && self->ready))
        return PR_QUESTION_READINESS;
    if (goals[self->goal].confirm && !self->confirmation)
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

/* Works out anew what follows from the choices, and says what changed. */
static void
derive (PrPlan *self)
{
    gboolean ready = is_present (self) && self->goal != PR_GOAL_NONE && all_settled (self);
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

static PrCheckState
judge_tool (PrPlan *self, GError **error)
{
    PrUsbWatch *usb = pr_phone_list_get_usb (self->phones);

    if (!self->file)
        return PR_CHECK_PENDING;
    if (pr_system_file_get_tool_error (self->file)) {
        g_propagate_error (error, g_error_copy (pr_system_file_get_tool_error (self->file)));
        return PR_CHECK_BLOCKING;
    }
    if (!usb || pr_usb_watch_get_state (usb) == PR_USB_WATCH_GONE ||
        pr_usb_watch_get_state (usb) == PR_USB_WATCH_REFUSED) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_HELPER_GONE, "phone-reset-usb does not run");
        return PR_CHECK_BLOCKING;
    }
    if (pr_phone_list_get_daemon (self->phones) == PR_ANSWER_NO) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_DAEMON, "usbmuxd does not answer");
        return PR_CHECK_BLOCKING;
    }
    if (pr_usb_watch_get_state (usb) != PR_USB_WATCH_RUNNING ||
        pr_phone_list_get_daemon (self->phones) == PR_ANSWER_UNKNOWN)
        return PR_CHECK_PENDING;
    return PR_CHECK_GOOD;
}

static PrCheckState
judge_file (PrPlan *self, GError **error)
{
    if (!self->file)
        return PR_CHECK_PENDING;
    if (!pr_system_file_get_error (self->file))
        return PR_CHECK_GOOD;
    g_propagate_error (error, g_error_copy (pr_system_file_get_error (self->file)));
    return PR_CHECK_BLOCKING;
}

static PrCheckState
judge (PrPlan *self, PrCheckKind kind, GError **error)
{
    if (kind == PR_CHECK_FILE)
        return judge_file (self, error);
    if (kind == PR_CHECK_TOOL)
        return judge_tool (self, error);
    return pr_check_judge_phone (kind, self->phone, goals[self->goal].erases, error);
}

/* While the phone is away what it would have to tell is not judged: what was known, and accepted, is still good when it
 * comes back as it was. */
static void
update_check (PrPlan *self, PrCheck *check)
{
    PrCheckKind kind = pr_check_get_kind (check);
    g_autoptr (GError) error = NULL;
    PrCheckState state;

    if (kind != PR_CHECK_FILE && kind != PR_CHECK_TOOL && !is_present (self))
        return;
    state = judge (self, kind, &error);
    pr_check_set (check, state, error);
}

static void
update_checks (PrPlan *self)
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
    guint wanted = self->phone ? goals[self->goal].checks : 0;

    g_list_store_remove_all (self->checks);
    for (PrCheckKind kind = 0; kind < PR_N_CHECKS; kind++) {
        g_autoptr (PrCheck) check = NULL;
        if (!(wanted & (1u << kind)))
            continue;
        check = pr_check_new (kind);
        g_signal_connect_object (check, "notify::accepted", G_CALLBACK (derive), self, G_CONNECT_SWAPPED);
        g_list_store_append (self->checks, check);
    }
}

static void
file_known_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr (PrPlan) self = data;
    g_autoptr (PrSystemFile) file = pr_system_file_look_finish (result);

    if (!file)
        return; /* another look has begun since */
    g_clear_object (&self->looking);
    g_set_object (&self->file, file);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
    update_checks (self);
}

/* Reads the chosen file, or without one looks in the firmware folder for the newest that fits. */
static void
look_for_file (PrPlan *self)
{
    PrSystemFileQuery query = { .path = self->chosen, .folder = self->firmware_folder };

    g_cancellable_cancel (self->looking);
    g_clear_object (&self->looking);
    g_clear_object (&self->file);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
    if (!self->phone || !(goals[self->goal].checks & CHECK (FILE)))
        return;
    query.product_type = pr_phone_get_product_type (self->phone);
    query.board = pr_phone_get_board (self->phone);
    query.version = pr_phone_get_version (self->phone);
    query.keep_data = !goals[self->goal].erases;
    self->looking = g_cancellable_new ();
    pr_system_file_look_async (&query, self->looking, file_known_cb, g_object_ref (self));
}

static void
phone_changed_cb (PrPlan *self, GParamSpec *pspec)
{
    if (g_strv_contains ((const char *const[]) { "product-type", "board", "version", NULL }, pspec->name))
        look_for_file (self);
    update_checks (self);
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

    g_cancellable_cancel (self->looking);
    g_clear_object (&self->looking);
    g_clear_object (&self->phones);
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

    g_free (self->signing_server);
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
    properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, read);
    properties[PROP_QUESTION] = g_param_spec_enum ("question", NULL, NULL, PR_TYPE_QUESTION, PR_QUESTION_PHONE, read);
    g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pr_plan_init (PrPlan *self)
{
    self->checks = g_list_store_new (PR_TYPE_CHECK);
    self->question = PR_QUESTION_PHONE;
}

PrPlan *
pr_plan_new (PrPhoneList *phones,
             const char *signing_server,
             const char *const *environment,
             const char *firmware_folder)
{
    PrPlan *self = g_object_new (PR_TYPE_PLAN, NULL);
    PrUsbWatch *usb = pr_phone_list_get_usb (phones);

    self->phones = g_object_ref (phones);
    self->signing_server = g_strdup (signing_server);
    self->environment = g_strdupv ((GStrv) environment);
    self->firmware_folder = g_strdup (firmware_folder);
    g_signal_connect_object (phones, "notify::daemon", G_CALLBACK (update_checks), self, G_CONNECT_SWAPPED);
    if (usb)
        g_signal_connect_object (usb, "notify::state", G_CALLBACK (update_checks), self, G_CONNECT_SWAPPED);
    return self;
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
    forget_answers (self);
    make_checks (self);
    look_for_file (self);
    update_checks (self);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GOAL]);
}

gboolean
pr_plan_goal_is_possible (PrPlan *self, PrGoal goal)
{
    return self->phone && (goals[goal].modes & (1u << pr_phone_get_mode (self->phone)));
}

gboolean
pr_plan_goal_erases (PrGoal goal)
{
    return goals[goal].erases;
}

const char *
pr_plan_goal_get_action (PrGoal goal)
{
    return goals[goal].action;
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
    look_for_file (self);
    update_checks (self);
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
    look_for_file (self);
    update_checks (self);
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
    g_clear_pointer (&self->confirmation, pr_confirmation_unref);
    derive (self);
}

/* Guard rail 1: is what was confirmed just what would be done now? */
static gboolean
is_confirmed (PrPlan *self, PrConfirmation *confirmation, GError **error)
{
    guint64 ecid = self->phone ? pr_phone_get_ecid (self->phone) : 0;
    const char *action = goals[self->goal].action;

    return pr_confirmation_check (confirmation, ecid, action ? action : "", pr_plan_get_file (self), error);
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
static PrOperation *
create_reinstall (PrPlan *self, GError **error)
{
    PrReinstallOptions options = {
        .file = pr_plan_get_file (self),
        .keep_data = self->goal == PR_GOAL_UPDATE,
        .signing_server = self->signing_server,
        .environment = (const char *const *) self->environment,
    };

    if (!is_confirmed (self, self->confirmation, error)) {
        g_clear_pointer (&self->confirmation, pr_confirmation_unref);
        derive (self);
        return NULL;
    }
    return pr_reinstall_new (self->phone, pr_phone_list_get_usb (self->phones), &options, self->confirmation);
}

PrOperation *
pr_plan_create_operation (PrPlan *self, GError **error)
{
    if (self->question != PR_QUESTION_NONE) {
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NOT_CONFIRMED, "a question is still open");
        return NULL;
    }
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
        return create_reinstall (self, error);
    case PR_GOAL_NONE:
    default:
        g_return_val_if_reached (NULL);
    }
}
