/* PrPhone alone: values, notifications, claiming, and waiting from another thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-error.h"
#include "pr-phone.h"

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
    (*(guint *) user_data)++;
}

static void
test_unknown (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);

    g_assert_cmpuint (pr_phone_get_ecid (phone), ==, 0);
    g_assert_null (pr_phone_get_udid (phone));
    g_assert_null (pr_phone_get_name (phone));
    g_assert_null (pr_phone_get_last_cloud_backup (phone));
    g_assert_null (pr_phone_get_last_computer_backup (phone));
    g_assert_cmpint (pr_phone_get_mode (phone), ==, PR_PHONE_MODE_GONE);
    g_assert_cmpint (pr_phone_get_trust (phone), ==, PR_TRUST_UNKNOWN);
    g_assert_cmpint (pr_phone_get_battery (phone), ==, -1);
    g_assert_cmpint (pr_phone_get_hub_depth (phone), ==, -1);
    g_assert_cmpint (pr_phone_get_charging (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_phone_get_find_my (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_phone_get_activation_lock (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_phone_get_supervised (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_phone_get_cloud_backup (phone), ==, PR_ANSWER_UNKNOWN);
    g_assert_cmpint (pr_phone_get_recovery_access (phone), ==, PR_ACCESS_UNKNOWN);
    g_assert_cmpstr (pr_phone_get_title (phone), ==, "iPhone");
}

/* Every property can be set, is read back by its own name, and is notified once for one change. */
static void
test_notify (void)
{
    g_autofree GParamSpec **specs = NULL;
    g_autoptr (GTypeClass) class = g_type_class_ref (PR_TYPE_PHONE);
    guint n_specs, n_stored = 0;

    specs = g_object_class_list_properties (G_OBJECT_CLASS (class), &n_specs);
    for (guint i = 0; i < n_specs; i++) {
        g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
        g_auto (GValue) value = G_VALUE_INIT;
        g_auto (GValue) got = G_VALUE_INIT;
        g_autofree char *signal = g_strdup_printf ("notify::%s", specs[i]->name);
        guint count = 0;

        if ((specs[i]->flags & G_PARAM_WRITABLE) == 0)
            continue;
        n_stored++;
        g_value_init (&value, specs[i]->value_type);
        if (G_VALUE_HOLDS_STRING (&value))
            g_value_set_string (&value, "text");
        else if (G_VALUE_HOLDS_ENUM (&value))
            g_value_set_enum (&value, 1);
        else if (G_VALUE_HOLDS_UINT64 (&value))
            g_value_set_uint64 (&value, 7);
        else if (G_VALUE_HOLDS_INT64 (&value))
            g_value_set_int64 (&value, 7);
        else if (G_VALUE_HOLDS_INT (&value))
            g_value_set_int (&value, 7);
        else
            g_value_take_boxed (&value, G_VALUE_HOLDS (&value, G_TYPE_ARRAY)
                                            ? (gpointer) g_array_new (FALSE, FALSE, 1)
                                            : (gpointer) g_date_time_new_from_unix_utc (1700000000));

        g_signal_connect (phone, signal, G_CALLBACK (count_cb), &count);
        g_object_set_property (G_OBJECT (phone), specs[i]->name, &value);
        g_object_set_property (G_OBJECT (phone), specs[i]->name, &value);
        g_assert_cmpuint (count, ==, 1);
        g_object_get_property (G_OBJECT (phone), specs[i]->name, &got);
        g_assert_cmpint (g_param_values_cmp (specs[i], &got, &value), ==, 0);
    }
    g_assert_cmpuint (n_stored, ==, 36);
}

/* Two readings of one date are no change. */
static void
test_same_date (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    g_autoptr (GDateTime) one = g_date_time_new_from_unix_utc (1700000000);
    g_autoptr (GDateTime) same = g_date_time_new_from_unix_utc (1700000000);
    g_autoptr (GDateTime) other = g_date_time_new_from_unix_utc (1700000001);
    guint count = 0;

    g_signal_connect (phone, "notify::last-cloud-backup", G_CALLBACK (count_cb), &count);
    g_object_set (phone, "last-cloud-backup", one, NULL);
    g_object_set (phone, "last-cloud-backup", same, NULL);
    g_assert_cmpuint (count, ==, 1);
    g_object_set (phone, "last-cloud-backup", other, NULL);
    g_object_set (phone, "last-cloud-backup", NULL, NULL);
    g_assert_cmpuint (count, ==, 3);
}

static void
test_title (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    guint count = 0;

    g_signal_connect (phone, "notify::title", G_CALLBACK (count_cb), &count);
    g_object_set (phone, "product-type", "iPad13,4", NULL);
    g_assert_cmpstr (pr_phone_get_title (phone), ==, "iPad");
    g_object_set (phone, "model-name", "iPad Pro 11-inch (3rd gen)", NULL);
    g_assert_cmpstr (pr_phone_get_title (phone), ==, "iPad Pro 11-inch (3rd gen)");
    g_object_set (phone, "name", "Anna’s iPad", NULL);
    g_assert_cmpstr (pr_phone_get_title (phone), ==, "Anna’s iPad");
    g_assert_cmpuint (count, ==, 3);
}

static void
test_claim (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    g_autoptr (GError) error = NULL;
    guint count = 0;

    g_signal_connect (phone, "notify::busy", G_CALLBACK (count_cb), &count);
    g_assert_true (pr_phone_claim (phone, &error));
    g_assert_no_error (error);
    g_assert_true (pr_phone_get_busy (phone));
    g_assert_false (pr_phone_claim (phone, &error));
    g_assert_error (error, PR_ERROR, PR_ERROR_BUSY);
    pr_phone_release (phone);
    g_assert_false (pr_phone_get_busy (phone));
    g_assert_true (pr_phone_claim (phone, NULL));
    g_assert_cmpuint (count, ==, 3);
}

typedef struct {
    PrPhone *phone;
    guint modes;
    double seconds;
    GCancellable *cancellable;
    GError *error;
    gboolean arrived;
    gint64 took;
} Wait;

static gpointer
wait_in_thread (gpointer data)
{
    Wait *wait = data;
    gint64 start = g_get_monotonic_time ();

    wait->arrived = pr_phone_wait (wait->phone, wait->modes, wait->seconds, wait->cancellable, &wait->error);
    wait->took = g_get_monotonic_time () - start;
    return NULL;
}

static void
test_wait (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    Wait wait = { phone, 1 << PR_PHONE_MODE_RECOVERY | 1 << PR_PHONE_MODE_DFU, 30, NULL };
    /* from before the thread, which may be slow to begin */
    gint64 start = g_get_monotonic_time (), took;
    GThread *thread = g_thread_new ("wait", wait_in_thread, &wait);

    g_usleep (20000);
    g_object_set (phone, "mode", PR_PHONE_MODE_NORMAL, NULL);
    g_usleep (20000);
    g_object_set (phone, "mode", PR_PHONE_MODE_DFU, NULL);
    g_thread_join (thread);
    took = g_get_monotonic_time () - start;
    g_assert_true (wait.arrived);
    g_assert_no_error (wait.error);
    g_assert_cmpint (took, >=, 40000);
    g_assert_cmpint (took, <, 10 * G_USEC_PER_SEC);
    g_assert_cmpint (pr_phone_peek_mode (phone), ==, PR_PHONE_MODE_DFU);
    g_assert_cmpuint (pr_phone_peek_changes (phone), ==, 2);
}

static void
test_wait_limit (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    Wait wait = { phone, 1 << PR_PHONE_MODE_NORMAL, 0.1, NULL };

    g_thread_join (g_thread_new ("wait", wait_in_thread, &wait));
    g_assert_false (wait.arrived);
    g_assert_no_error (wait.error);
    g_assert_cmpint (wait.took, >=, 100000);
}

static void
test_wait_cancelled (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    Wait wait = { phone, 1 << PR_PHONE_MODE_NORMAL, 30, cancellable };
    GThread *thread = g_thread_new ("wait", wait_in_thread, &wait);

    g_usleep (20000);
    g_cancellable_cancel (cancellable);
    g_thread_join (thread);
    g_assert_false (wait.arrived);
    g_assert_error (wait.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_assert_cmpint (wait.took, <, 10 * G_USEC_PER_SEC);
    g_clear_error (&wait.error);

    /* cancelled beforehand */
    g_thread_join (g_thread_new ("wait", wait_in_thread, &wait));
    g_assert_error (wait.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    g_clear_error (&wait.error);
}

/* A worker that looks at the count sees every change, however fast the phone comes and goes. */
static void
test_many_changes (void)
{
    g_autoptr (PrPhone) phone = g_object_new (PR_TYPE_PHONE, NULL);
    Wait wait = { phone, 1 << PR_PHONE_MODE_RESTORE, 60, NULL };
    GThread *thread = g_thread_new ("wait", wait_in_thread, &wait);
    guint count = 0;

    g_signal_connect (phone, "notify::mode", G_CALLBACK (count_cb), &count);
    for (guint i = 0; i < 10000; i++)
        g_object_set (phone, "mode", i % 2 == 0 ? PR_PHONE_MODE_NORMAL : PR_PHONE_MODE_GONE, NULL);
    g_assert_cmpuint (pr_phone_peek_changes (phone), ==, 10000);
    g_assert_cmpuint (count, ==, 10000);
    g_object_set (phone, "mode", PR_PHONE_MODE_RESTORE, NULL);
    g_thread_join (thread);
    g_assert_true (wait.arrived);
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    g_test_add_func ("/phone/unknown", test_unknown);
    g_test_add_func ("/phone/notify", test_notify);
    g_test_add_func ("/phone/same-date", test_same_date);
    g_test_add_func ("/phone/title", test_title);
    g_test_add_func ("/phone/claim", test_claim);
    g_test_add_func ("/phone/wait", test_wait);
    g_test_add_func ("/phone/wait-limit", test_wait_limit);
    g_test_add_func ("/phone/wait-cancelled", test_wait_cancelled);
    g_test_add_func ("/phone/many-changes", test_many_changes);
    return g_test_run ();
}
