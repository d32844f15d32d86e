// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-page.h"

typedef struct {
    PrPlan *plan;        /* owned */
    GtkWidget *start;    /* borrowed: a child of the page */
    GPtrArray *followed; /* of GSignalGroup, whose target is the plan's phone; NULL */
} PrPagePrivate;

typedef enum {
    PROP_PLAN = 1,
    PROP_START,
    N_PROPS,
} PrPageProps;

enum { ANSWERED, N_SIGNALS };

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PrPage, pr_page, ADW_TYPE_NAVIGATION_PAGE)

static PrPagePrivate *
get_private (PrPage *self)
{
    return pr_page_get_instance_private (self);
}

/* The person reads from the top, also where the first thing to press is further down than the window is high. */
static void
focus_unscrolled (GtkWidget *start)
{
    GtkWidget *viewport = gtk_widget_get_ancestor (start, GTK_TYPE_VIEWPORT);

    if (viewport)
        gtk_viewport_set_scroll_to_focus (GTK_VIEWPORT (viewport), FALSE);
    gtk_widget_grab_focus (start);
    if (viewport)
        gtk_viewport_set_scroll_to_focus (GTK_VIEWPORT (viewport), TRUE);
}

static void
pr_page_shown (AdwNavigationPage *page)
{
    GtkWidget *start = get_private (PR_PAGE (page))->start;

    ADW_NAVIGATION_PAGE_CLASS (pr_page_parent_class)->shown (page);
    if (start && gtk_widget_is_sensitive (start))
        focus_unscrolled (start);
}

static void
pr_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
    PrPagePrivate *priv = get_private (PR_PAGE (object));

    switch ((PrPageProps) prop_id) {
    case PROP_PLAN:
        g_value_set_object (value, priv->plan);
        break;
    case PROP_START:
        g_value_set_object (value, priv->start);
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
    PrPagePrivate *priv = get_private (PR_PAGE (object));

    switch ((PrPageProps) prop_id) {
    case PROP_PLAN:
        priv->plan = g_value_dup_object (value);
        break;
    case PROP_START:
        g_set_weak_pointer (&priv->start, g_value_get_object (value));
        break;
    case N_PROPS:
    default:
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
pr_page_dispose (GObject *object)
{
    PrPagePrivate *priv = get_private (PR_PAGE (object));

    g_clear_pointer (&priv->followed, g_ptr_array_unref);
    g_clear_weak_pointer (&priv->start);
    g_clear_object (&priv->plan);
    G_OBJECT_CLASS (pr_page_parent_class)->dispose (object);
}

static void
pr_page_class_init (PrPageClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);

    object_class->get_property = pr_page_get_property;
    object_class->set_property = pr_page_set_property;
    object_class->dispose = pr_page_dispose;
    ADW_NAVIGATION_PAGE_CLASS (klass)->shown = pr_page_shown;

    properties[PROP_PLAN] = g_param_spec_object ("plan", NULL, NULL, PR_TYPE_PLAN,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
    properties[PROP_START] =
        g_param_spec_object ("start", NULL, NULL, GTK_TYPE_WIDGET, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
    g_object_class_install_properties (object_class, N_PROPS, properties);
    signals[ANSWERED] = g_signal_new ("answered", PR_TYPE_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
pr_page_init (PrPage *self)
{
}

PrPlan *
pr_page_get_plan (PrPage *self)
{
    return get_private (self)->plan;
}

void
pr_page_follow_phone (PrPage *self, const char *signal, GCallback callback)
{
    PrPagePrivate *priv = get_private (self);
    GSignalGroup *group = g_signal_group_new (PR_TYPE_PHONE);

    if (!priv->followed)
        priv->followed = g_ptr_array_new_with_free_func (g_object_unref);
    g_ptr_array_add (priv->followed, group);
    g_signal_group_connect_object (group, signal, callback, self, G_CONNECT_SWAPPED);
    g_object_bind_property (priv->plan, "phone", group, "target", G_BINDING_SYNC_CREATE);
    g_signal_connect_object (priv->plan, "notify::phone", callback, self, G_CONNECT_SWAPPED);
}

const char *
pr_page_get_guide (PrPage *self)
{
    PrPageClass *klass = PR_PAGE_GET_CLASS (self);

    return klass->get_guide ? klass->get_guide (self) : NULL;
}

gboolean
pr_page_is_aside (AdwNavigationPage *page)
{
    return PR_IS_PAGE (page) && PR_PAGE_GET_CLASS (page)->is_aside;
}

void
pr_page_answered (PrPage *self)
{
    g_signal_emit (self, signals[ANSWERED], 0);
}

void
pr_page_announce (PrPage *self, const char *text)
{
    gtk_accessible_announce (GTK_ACCESSIBLE (self), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}
