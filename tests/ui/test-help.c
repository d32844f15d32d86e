/* The Help dialog and the view of a guide, on a display of their own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "pr-guide-view.h"
#include "pr-help-dialog.h"
#include "pr-test.h"

#define SECONDS 10

typedef struct {
    AdwApplicationWindow *window;
    GtkWidget *dialog;
    AdwNavigationView *navigation;
    GtkWidget *search;
} Stage;

typedef struct {
    GtkWidget *widget;
    const char *text;
} Expected;

/* (nullable): the first widget of @type below @widget that is mapped, in reading order. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
    if (g_type_is_a (G_OBJECT_TYPE (widget), type) && gtk_widget_get_mapped (widget))
        return widget;
    for (GtkWidget *child = gtk_widget_get_first_child (widget); child; child = gtk_widget_get_next_sibling (child)) {
        GtkWidget *found = find (child, type);

        if (found)
            return found;
    }
    return NULL;
}

static gboolean
is_found (gpointer data)
{
    Expected *expected = data;

    return find (expected->widget, g_type_from_name (expected->text)) != NULL;
}

static gboolean
has_page (gpointer data)
{
    Expected *expected = data;
    AdwNavigationPage *page = adw_navigation_view_get_visible_page (ADW_NAVIGATION_VIEW (expected->widget));

    return g_strcmp0 (adw_navigation_page_get_title (page), expected->text) == 0;
}

static void
wait_page (Stage *stage, const char *title)
{
    Expected expected = { GTK_WIDGET (stage->navigation), title };

    g_test_message ("waiting for %s", title);
    g_assert_true (pr_test_run_until (has_page, &expected, SECONDS));
}

static void
set_up (Stage *stage, const char *guide)
{
    Expected expected;

    *stage = (Stage) { .window = g_object_new (ADW_TYPE_APPLICATION_WINDOW, NULL) };
    adw_application_window_set_content (stage->window, adw_bin_new ());
    gtk_window_present (GTK_WINDOW (stage->window));
    pr_help_dialog_present (GTK_WIDGET (stage->window), guide);
    stage->dialog = GTK_WIDGET (adw_application_window_get_visible_dialog (stage->window));
    expected = (Expected) { stage->dialog, "AdwNavigationView" };
    g_assert_true (pr_test_run_until (is_found, &expected, SECONDS));
    stage->navigation = ADW_NAVIGATION_VIEW (find (stage->dialog, ADW_TYPE_NAVIGATION_VIEW));
    stage->search = find (stage->dialog, GTK_TYPE_SEARCH_ENTRY);
}

static void
tear_down (Stage *stage)
{
    gtk_window_destroy (GTK_WINDOW (stage->window));
}

static void
type (Stage *stage, const char *text)
{
    gtk_editable_set_text (GTK_EDITABLE (stage->search), text);
}

/* Which part is shown: all guides, the found ones, or the word that there are none? */
static gboolean
shows (gpointer data)
{
    Expected *expected = data;
    GtkStack *stack = GTK_STACK (find (expected->widget, GTK_TYPE_STACK));

    return stack && g_strcmp0 (gtk_stack_get_visible_child_name (stack), expected->text) == 0;
}

static void
wait_shows (Stage *stage, const char *part)
{
    AdwNavigationPage *page = adw_navigation_view_get_visible_page (stage->navigation);
    Expected expected = { GTK_WIDGET (page), part };

    g_assert_true (pr_test_run_until (shows, &expected, SECONDS));
}

static void
test_list (void)
{
    Stage stage;

    set_up (&stage, NULL);
    wait_page (&stage, "Help");
    g_assert_nonnull (stage.search);
    type (&stage, "frozn");
    wait_shows (&stage, "found");
    type (&stage, "xyzzy");
    wait_shows (&stage, "none");
    type (&stage, " ");
    wait_shows (&stage, "all");
    tear_down (&stage);
}

/* Enter opens the best of the found guides. */
static void
test_enter (void)
{
    Stage stage;

    set_up (&stage, NULL);
    type (&stage, "usbmuxd");
    g_signal_emit_by_name (stage.search, "activate");
    wait_page (&stage, "The Phone Service Is Not Running");
    adw_navigation_view_pop (stage.navigation);
    wait_page (&stage, "Help");
    type (&stage, "4013");
    g_signal_emit_by_name (stage.search, "activate");
    wait_page (&stage, "The Cable Came Out While Writing");
    adw_navigation_view_pop (stage.navigation);
    wait_page (&stage, "Help");
    type (&stage, "xyzzy");
    g_signal_emit_by_name (stage.search, "activate");
    wait_page (&stage, "Help");
    tear_down (&stage);
}

/* Escape empties the search, and the next one closes. */
static void
test_escape (void)
{
    Stage stage;

    set_up (&stage, NULL);
    type (&stage, "cable");
    g_signal_emit_by_name (stage.search, "stop-search");
    g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (stage.search)), ==, "");
    g_assert_nonnull (adw_application_window_get_visible_dialog (stage.window));
    g_signal_emit_by_name (stage.search, "stop-search");
    g_assert_null (adw_application_window_get_visible_dialog (stage.window));
    tear_down (&stage);
}

static void
activate_row (Stage *stage, int index)
{
    GtkWidget *page = GTK_WIDGET (adw_navigation_view_get_visible_page (stage->navigation));
    GtkListBox *list = GTK_LIST_BOX (find (page, GTK_TYPE_LIST_BOX));
    GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (list, index));

    g_assert_true (gtk_widget_is_sensitive (row));
    g_assert_true (gtk_widget_activate (row));
}

/* It opens at a guide, a step leads on to another, and back goes to the list. */
static void
test_guide (void)
{
    Stage stage;

    set_up (&stage, "unplugged-in-work");
    wait_page (&stage, "The Cable Came Out While Writing");
    activate_row (&stage, 1);
    wait_page (&stage, "Check Cable and Port");
    g_assert_true (gtk_widget_activate_action (GTK_WIDGET (stage.navigation), "help.open", "s", "no-such-guide"));
    wait_page (&stage, "Check Cable and Port");
    adw_navigation_view_pop (stage.navigation);
    wait_page (&stage, "The Cable Came Out While Writing");
    adw_navigation_view_pop (stage.navigation);
    wait_page (&stage, "Help");
    tear_down (&stage);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
    *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static gboolean
has_text (gpointer data)
{
    return *(char **) data != NULL;
}

/* What has numbers and commands in it can be copied, all of it, in the order in which it is read. */
static void
test_copy (void)
{
    static const char *const wanted[] = { "The Phone Service Is Not Running\n\n", "\n\n1. ", "    sudo ", "\n\n2. " };
    g_autofree char *text = NULL;
    const char *at;
    Stage stage;

    set_up (&stage, "no-daemon");
    wait_page (&stage, "The Phone Service Is Not Running");
    g_assert_true (gtk_widget_activate_action (GTK_WIDGET (adw_navigation_view_get_visible_page (stage.navigation)),
                                               "help.copy", NULL));
    gdk_clipboard_read_text_async (gtk_widget_get_clipboard (stage.dialog), NULL, read_cb, &text);
    g_assert_true (pr_test_run_until (has_text, &text, SECONDS));
    at = text;
    for (gsize i = 0; i < G_N_ELEMENTS (wanted); i++) {
        at = strstr (at, wanted[i]);
        g_test_message ("%s", wanted[i]);
        g_assert_nonnull (at);
    }
    tear_down (&stage);
}

static void
test_unknown_guide (void)
{
    Stage stage;

    set_up (&stage, "no-such-guide");
    wait_page (&stage, "Help");
    tear_down (&stage);
}

static guint
count_rows (GtkWidget *view)
{
    GtkListBox *list = GTK_LIST_BOX (find (view, GTK_TYPE_LIST_BOX));
    guint n = 0;

    while (gtk_list_box_get_row_at_index (list, n))
        n++;
    return n;
}

/* Every guide can be shown, one after the other in one view, with a row a step and no warning, at 360 px. */
static void
test_view (void)
{
    g_autoptr (GListModel) guides = pr_guide_list_all ();
    GtkWidget *view = g_object_new (PR_TYPE_GUIDE_VIEW, "show-title", FALSE, NULL);
    GtkWidget *window = gtk_window_new ();
    int width;

    gtk_window_set_child (GTK_WINDOW (window), view);
    gtk_window_present (GTK_WINDOW (window));
    g_assert_false (pr_guide_view_get_show_title (PR_GUIDE_VIEW (view)));
    for (guint i = 0; i < g_list_model_get_n_items (guides); i++) {
        g_autoptr (PrGuide) guide = g_list_model_get_item (guides, i);

        g_test_message ("%s", pr_guide_get_id (guide));
        g_object_set (view, "guide", guide, "show-title", i % 2 == 0, NULL);
        g_assert_true (pr_guide_view_get_guide (PR_GUIDE_VIEW (view)) == guide);
        g_assert_cmpuint (count_rows (view), ==, g_list_model_get_n_items (pr_guide_get_steps (guide)));
        gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
        g_assert_cmpint (width, <=, 360 - 2 * 12);
    }
    pr_guide_view_set_guide (PR_GUIDE_VIEW (view), NULL);
    g_assert_cmpuint (count_rows (view), ==, 0);
    gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
    g_test_init (&argc, &argv, NULL);
    adw_init ();
    g_test_add_func ("/help/list", test_list);
    g_test_add_func ("/help/enter", test_enter);
    g_test_add_func ("/help/escape", test_escape);
    g_test_add_func ("/help/guide", test_guide);
    g_test_add_func ("/help/copy", test_copy);
    g_test_add_func ("/help/unknown-guide", test_unknown_guide);
    g_test_add_func ("/help/view", test_view);
    return g_test_run ();
}
