// SPDX-License-Identifier: GPL-3.0-or-later
#include "job.h"

static gboolean
is_over (gpointer data)
{
    return pr_operation_is_over (data);
}

int
job_wait (PrOperation *operation, double seconds)
{
    const GError *error;

    if (!pr_test_run_until (is_over, operation, seconds))
        g_error ("%s is not over after %.0f s, in step %u:\n%s", G_OBJECT_TYPE_NAME (operation), seconds,
                 pr_operation_get_step (operation), pr_operation_get_detail (operation));
    error = pr_operation_get_error (operation);
    g_test_message ("%s: %s", G_OBJECT_TYPE_NAME (operation), error != NULL ? error->message : "done");
    if (pr_operation_get_state (operation) == PR_OPERATION_SUCCEEDED)
        return JOB_DONE;
    if (pr_operation_get_state (operation) == PR_OPERATION_CANCELLED)
        return JOB_CANCELLED;
    g_assert_true (error->domain == PR_ERROR);
    return error->code;
}

static gboolean
is_gone (gpointer plan)
{
    return *(PrPlan **) plan == NULL;
}

void
job_end_plan (PrPlan *plan)
{
    g_object_add_weak_pointer (G_OBJECT (plan), (gpointer *) &plan);
    g_object_unref (plan);
    g_assert_true (pr_test_run_until (is_gone, &plan, 20));
}

PrCheck *
job_find_check (PrPlan *plan, PrCheckKind kind)
{
    GListModel *checks = pr_plan_get_checks (plan);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        if (pr_check_get_kind (check) == kind)
            return check; /* the list keeps it */
    }
    return NULL;
}

void
job_run (PrOperation *operation, int expected, double seconds)
{
    g_autoptr (PrOperation) owned = operation;

    pr_operation_start (operation);
    g_assert_cmpint (job_wait (operation, seconds), ==, expected);
    if (pr_operation_get_phone (operation) != NULL && expected != PR_ERROR_BUSY)
        g_assert_false (pr_phone_get_busy (pr_operation_get_phone (operation)));
}

typedef struct {
    PrOperation *operation;
    guint step;
} Step;

static gboolean
is_in_step (gpointer data)
{
    Step *wanted = data;

    return pr_operation_get_step (wanted->operation) >= wanted->step || pr_operation_is_over (wanted->operation);
}

void
job_wait_step (PrOperation *operation, guint step, double seconds)
{
    Step wanted = { operation, step };

    g_assert_true (pr_test_run_until (is_in_step, &wanted, seconds));
    g_assert_cmpint (pr_operation_get_state (operation), ==, PR_OPERATION_RUNNING);
    g_assert_cmpuint (pr_operation_get_step (operation), ==, step);
}

typedef struct {
    PrUsbWatch *usb;
    const char *command;
    int code;
    gint over;
} Call;

static gpointer
call (gpointer data)
{
    Call *self = data;
    g_autoptr (GError) error = NULL;

    self->code = pr_usb_watch_call (self->usb, self->command, DESK_ECID, 10, NULL, &error) ? -1 : error->code;
    g_atomic_int_set (&self->over, TRUE);
    return NULL;
}

static gboolean
is_answered (gpointer data)
{
    return g_atomic_int_get (&((Call *) data)->over);
}

int
job_call_usb (PrUsbWatch *usb, const char *command)
{
    Call self = { usb, command, 0, FALSE };
    GThread *thread = g_thread_new ("call", call, &self);

    g_assert_true (pr_test_run_until (is_answered, &self, 15));
    g_thread_join (thread);
    return self.code;
}

PrServers *
job_make_servers (PrTestPhone *virtual)
{
    return pr_servers_new (&(PrServers) {
        .signing = pr_test_phone_environment (virtual, "SECURE_SIGNING_SERVER"),
        .version_list = pr_test_phone_environment (virtual, "VERSION_LIST"),
        .ipsw_list = pr_test_phone_environment (virtual, "IPSW_LIST"),
        .probe = pr_test_phone_environment (virtual, "SIGN_IN_PROBE"),
        .authority = pr_test_phone_environment (virtual, "WEB_AUTHORITY"),
    });
}

void
job_accept_all (PrPlan *plan)
{
    GListModel *checks = pr_plan_get_checks (plan);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        pr_check_set_accepted (check, TRUE);
    }
    pr_plan_set_readiness_passed (plan, TRUE);
}

gboolean
job_is_settled (PrPlan *plan)
{
    GListModel *checks = pr_plan_get_checks (plan);

    for (guint i = 0; i < g_list_model_get_n_items (checks); i++) {
        g_autoptr (PrCheck) check = g_list_model_get_item (checks, i);

        if (!pr_check_is_settled (check))
            return FALSE;
    }
    return TRUE;
}

static gboolean
has_told (gpointer phone)
{
    return pr_phone_get_version (phone) != NULL;
}

PrPhone *
job_expect_phone (Desk *desk)
{
    PrPhone *phone = desk_expect (desk, DESK_ECID, PR_PHONE_MODE_NORMAL);

    g_assert_true (pr_test_run_until (has_told, phone, 20));
    return phone;
}

PrPhone *
job_make_phone_to_erase (guint64 ecid)
{
    g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

    return g_object_new (PR_TYPE_PHONE, "ecid", ecid, "udid", DESK_UDID, "mode", PR_PHONE_MODE_NORMAL, "trust",
                         PR_TRUST_TRUSTED, "name", "Anna’s iPhone", "product-type", "iPhone14,7", "version", "17.5.1",
                         "battery", 82, "hub-depth", 0, "find-my", PR_ANSWER_NO, "find-my-time",
                         g_get_monotonic_time (), "supervised", PR_ANSWER_NO, "last-cloud-backup", now, NULL);
}

guint
job_choose (const int *often, gsize stride, guint n)
{
    int left = g_test_rand_int_range (0, 1000);

    for (guint i = 0; i < n; i++) {
        left -= *(const int *) (const void *) ((const char *) often + i * stride);
        if (left < 0)
            return i;
    }
    g_assert_not_reached ();
}
