// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-connect-page.h"

#include "pr-link-words.h"
#include "pr-main-menu.h"
#include "pr-state-row.h"
#include "pr-words.h"

#include <glib/gi18n.h>

/* A second phone that is plugged in with the first is listed within this time: then the person chooses. */
#define CHOOSE_MS 150

struct _PrConnectPage {
    PrPage parent_instance;

    /* owned */
    PrPhoneList *phones;
    guint choose_source;

    /* template */
    GtkListBox *phones_box;
    GtkWidget *reasons;
    AdwPreferencesRow *windows_phone;
    PrStateRow *reason;
    GtkActionable *reason_help;
    GtkWidget *virtual_phone;
};

typedef enum {
    PROP_PHONES = 1,
    PROP_N_PHONES,
    N_PROPS,
} PrConnectPageProps;

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PrConnectPage, pr_connect_page, PR_TYPE_PAGE)

static guint
count (PrConnectPage *self)
{
    return self->phones ? g_list_model_get_n_items (G_LIST_MODEL (self->phones)) : 0;
}

/* A phone that is about to be chosen by itself is not offered first. */
static guint
count_offered (PrConnectPage *self)
{
    return self->choose_source ? 0 : count (self);
}

static void
show_offered (PrConnectPage *self)
{
    gtk_widget_set_visible (GTK_WIDGET (self->phones_box), count_offered (self) > 0);
    gtk_widget_set_visible (self->reasons, count_offered (self) == 0);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_PHONES]);
}

static char *
headline (PrConnectPage *self, guint n_phones)
{
    return g_strdup (n_phones > 0 ? _ ("Choose a Phone") : _ ("Plug In Your Phone"));
}

static char *
text (PrConnectPage *self, guint n_phones)
{
    return g_strdup (n_phones > 0 ? _ ("Everything that follows is done to this one phone.")
                                  : _ ("Connect an iPhone or iPad to this computer with its cable, and unlock it."));
}

/* What was found about the link, but only what is sure enough to stand here before anything was plugged in. */
static const PrFinding *
get_reason (const GArray *findings)
{
    const PrFinding *finding = pr_findings_get_shown (findings);

    return finding && finding->kind != PR_FINDING_IN_MACHINE && finding->sureness != PR_SURENESS_INFORMATION ? finding
                                                                                                             : NULL;
}

/* Why no phone may be seen: the strongest reason, with the guide that mends it. */
static void
update_reason (PrConnectPage *self)
{
    PrUsbWatch *usb = pr_phone_list_get_usb (self->phones);
    PrUsbWatchState bus = usb ? pr_usb_watch_get_state (usb) : PR_USB_WATCH_RUNNING;
    g_autoptr (GArray) findings = pr_link_watch_find (pr_phone_list_get_link (self->phones));
    const PrFinding *finding = get_reason (findings);
    g_autofree char *found = NULL;
    const char *title = _ ("Waiting for a Phone…");
    const char *value = NULL;
    const char *guide = "not-seen";
    PrCheckState state = PR_CHECK_PENDING;

    if (bus == PR_USB_WATCH_GONE || bus == PR_USB_WATCH_REFUSED) {
        state = PR_CHECK_BLOCKING;
        title = _ ("The Watch on USB Does Not Run");
        value = _ ("Phones in recovery mode cannot be seen.");
        guide = pr_error_get_nick (PR_ERROR_HELPER_GONE);
    } else if (pr_phone_list_get_daemon (self->phones) == PR_ANSWER_NO) {
        state = PR_CHECK_WARNING;
        title = _ ("A Program Is Missing on This Computer");
        value = _ ("usbmuxd does not answer. Without it a phone can only charge.");
        guide = pr_error_get_nick (PR_ERROR_NO_DAEMON);
    } else if (finding) {
        state = PR_CHECK_WARNING;
        title = found = pr_link_words_title (finding);
        value = pr_link_words_text (finding);
        guide = pr_link_words_guide (finding->kind) ? pr_link_words_guide (finding->kind) : guide;
    }
    pr_state_row_set_state (self->reason, state);
    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->reason), title);
    pr_state_row_set_value (self->reason, value);
    gtk_actionable_set_action_target (self->reason_help, "s", guide);
}

/* One that is plugged in is no phone for this computer, but its owner should not wait for nothing. */
static void
update_windows_phone (PrConnectPage *self)
{
    const char *name = pr_usb_watch_get_windows_phone (pr_phone_list_get_usb (self->phones));
    g_autofree char *title = NULL;

    gtk_widget_set_visible (GTK_WIDGET (self->windows_phone), name != NULL);
    if (!name)
        return;
    /* Translators: the name of a Windows Phone, such as "Lumia 920" */
    title = g_strdup_printf (_ ("%s Is Plugged In"), name);
    if (g_str_equal (title, adw_preferences_row_get_title (self->windows_phone)))
        return;
    adw_preferences_row_set_title (self->windows_phone, title);
    pr_page_announce (PR_PAGE (self), title);
}

static void
choose (PrConnectPage *self, PrPhone *phone)
{
    pr_plan_set_phone (pr_page_get_plan (PR_PAGE (self)), phone);
    pr_page_answered (PR_PAGE (self));
}

static gboolean
choose_cb (gpointer data)
{
    PrConnectPage *self = data;
    g_autoptr (PrPhone) only = NULL;

    self->choose_source = 0;
    show_offered (self);
    if (count (self) != 1 || pr_plan_get_phone (pr_page_get_plan (PR_PAGE (self))))
        return G_SOURCE_REMOVE;
    only = g_list_model_get_item (G_LIST_MODEL (self->phones), 0);
    choose (self, only);
    return G_SOURCE_REMOVE;
}

/* The only phone is the one that is meant; but who came back to this page wants to choose. */
static void
phones_changed_cb (PrConnectPage *self, guint position, guint removed, guint added)
{
    if (added > 0 && count (self) == 1 && self->choose_source == 0)
        self->choose_source = g_timeout_add (CHOOSE_MS, choose_cb, self);
    show_offered (self);
}

static char *
describe_phone (PrPhone *phone)
{
    g_autofree char *model = pr_words_model (phone);
    g_autofree char *mode = pr_words_mode (phone);
    g_autofree char *serial = pr_words_end_of_serial (phone);

    return g_strjoin (", ", model, mode ? mode : serial, mode ? serial : NULL, NULL);
}

static void
update_phone_row (AdwActionRow *row, GParamSpec *pspec, PrPhone *phone)
{
    g_autofree char *subtitle = describe_phone (phone);

    adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), pr_phone_get_title (phone));
    adw_action_row_set_subtitle (row, subtitle);
}

static void
row_activated_cb (PrConnectPage *self, AdwActionRow *row)
{
    choose (self, g_object_get_data (G_OBJECT (row), "phone"));
}

/* Beside words that say the same. */
static GtkWidget *
create_picture (const char *icon, int size)
{
    return g_object_new (GTK_TYPE_IMAGE, "icon-name", icon, "pixel-size", size, "accessible-role",
                         GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

static GtkWidget *
create_phone_row (gpointer item, gpointer data)
{
    PrPhone *phone = item;
    GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "activatable", TRUE, "use-markup", FALSE, NULL);
    g_autofree char *portrait = pr_words_drawing ("pr-phone-%s-symbolic", phone);

    adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_picture (portrait, 48));
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_picture ("go-next-symbolic", -1));
    g_object_set_data_full (G_OBJECT (row), "phone", g_object_ref (phone), g_object_unref);
    g_signal_connect_object (phone, "notify", G_CALLBACK (update_phone_row), row, G_CONNECT_SWAPPED);
    g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), data, G_CONNECT_SWAPPED);
    update_phone_row (ADW_ACTION_ROW (row), NULL, phone);
    return row;
}

static void
follow_phones (PrConnectPage *self)
{
    PrUsbWatch *usb = pr_phone_list_get_usb (self->phones);

    gtk_list_box_bind_model (self->phones_box, G_LIST_MODEL (self->phones), create_phone_row, self, NULL);
    g_signal_connect_object (self->phones, "items-changed", G_CALLBACK (phones_changed_cb), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (self->phones, "notify::daemon", G_CALLBACK (update_reason), self, G_CONNECT_SWAPPED);
    g_signal_connect_object (pr_phone_list_get_link (self->phones), "changed", G_CALLBACK (update_reason), self,
                             G_CONNECT_SWAPPED);
    if (usb) {
        g_signal_connect_object (usb, "notify::state", G_CALLBACK (update_reason), self, G_CONNECT_SWAPPED);
        g_signal_connect_object (usb, "notify::windows-phone", G_CALLBACK (update_windows_phone), self,
                                 G_CONNECT_SWAPPED);
        update_windows_phone (self);
    }
    phones_changed_cb (self, 0, 0, count (self));
    update_reason (self);
}

static const char *
pr_connect_page_get_guide (PrPage *page)
{
    return count (PR_CONNECT_PAGE (page)) > 0 ? NULL : "not-seen";
}

static void
pr_connect_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrConnectPage *self = PR_CONNECT_PAGE (object);

    switch ((PrConnectPageProps) prop_id) {
    case PROP_PHONES:
        g_value_set_object (value, self->phones);
        break;
    case PROP_N_PHONES:
        g_value_set_uint (value, count_offered (self));
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_connect_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    if (prop_id == PROP_PHONES)
        PR_CONNECT_PAGE (object)->phones = g_value_dup_object (value);
    else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
pr_connect_page_constructed (GObject *object)
{
    G_OBJECT_CLASS (pr_connect_page_parent_class)->constructed (object);
    gtk_widget_set_visible (PR_CONNECT_PAGE (object)->virtual_phone,
                            g_action_group_has_action (G_ACTION_GROUP (g_application_get_default ()), "try"));
    follow_phones (PR_CONNECT_PAGE (object));
}

static void
pr_connect_page_dispose (GObject *object)
{
    PrConnectPage *self = PR_CONNECT_PAGE (object);

    g_clear_handle_id (&self->choose_source, g_source_remove);
    gtk_widget_dispose_template (GTK_WIDGET (object), PR_TYPE_CONNECT_PAGE);
    g_clear_object (&self->phones);
    G_OBJECT_CLASS (pr_connect_page_parent_class)->dispose (object);
}

static void
pr_connect_page_class_init (PrConnectPageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

    object_class->get_property = pr_connect_page_get_property;
    object_class->set_property = pr_connect_page_set_property;
    object_class->constructed = pr_connect_page_constructed;
    object_class->dispose = pr_connect_page_dispose;
    PR_PAGE_CLASS (klass)->get_guide = pr_connect_page_get_guide;

    properties[PROP_PHONES] = g_param_spec_object ("phones", NULL, NULL, PR_TYPE_PHONE_LIST,
                                                   G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    properties[PROP_N_PHONES] =
        g_param_spec_uint ("n-phones", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);

    g_type_ensure (PR_TYPE_MAIN_MENU);
    g_type_ensure (PR_TYPE_STATE_ROW);
    gtk_widget_class_set_template_from_resource (widget_class, "/org/example/PhoneReset/ui/pr-connect-page.ui");
    gtk_widget_class_bind_template_child_full (widget_class, "phones", FALSE,
                                               G_STRUCT_OFFSET (PrConnectPage, phones_box));
    gtk_widget_class_bind_template_child (widget_class, PrConnectPage, reasons);
    gtk_widget_class_bind_template_child (widget_class, PrConnectPage, windows_phone);
    gtk_widget_class_bind_template_child (widget_class, PrConnectPage, reason);
    gtk_widget_class_bind_template_child (widget_class, PrConnectPage, reason_help);
    gtk_widget_class_bind_template_child (widget_class, PrConnectPage, virtual_phone);
    gtk_widget_class_bind_template_callback (widget_class, headline);
    gtk_widget_class_bind_template_callback (widget_class, text);
}

static void
pr_connect_page_init (PrConnectPage *self)
{
    gtk_widget_init_template (GTK_WIDGET (self));
}

PrPage *
pr_connect_page_new (PrPlan *plan, PrPhoneList *phones)
{
    return g_object_new (PR_TYPE_CONNECT_PAGE, "plan", plan, "phones", phones, NULL);
}
