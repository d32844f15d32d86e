// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide.h"

#include "config.h"
#include "pr-guide-enums.h"
#include "pr-guide-resources.h"

#include <gtk/gtk.h>

#define FOLDER "/org/example/PhoneReset/guides/"
#define SUFFIX ".ui"

enum {
    PROP_ID = 1,
    PROP_TITLE,
    PROP_SUMMARY,
    PROP_HEADING,
    PROP_KEYWORDS,
    PROP_NUMBERS,
    PROP_RANGES,
    PROP_DRAWING,
    N_WORDS,
    PROP_TOPIC = N_WORDS,
    PROP_UNORDERED,
    PROP_LIVE,
    PROP_STEPS,
};

struct _PrGuide {
    GObject parent_instance;
    /* owned */
    char *words[N_WORDS]; /* the properties that are strings */
    GListModel *steps;

    PrGuideTopic topic;
    gboolean unordered;
    gboolean live;
};

static const char *const names[N_WORDS] = {
    [PROP_ID] = "id",           [PROP_TITLE] = "title",       [PROP_SUMMARY] = "summary",
    [PROP_HEADING] = "heading", [PROP_KEYWORDS] = "keywords", [PROP_NUMBERS] = "numbers",
    [PROP_RANGES] = "ranges",   [PROP_DRAWING] = "drawing",
};

G_DEFINE_FINAL_TYPE (PrGuide, pr_guide, G_TYPE_OBJECT)

static void
pr_guide_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    PrGuide *self = PR_GUIDE (object);

    if (id < N_WORDS)
        g_value_set_string (value, self->words[id]);
    else if (id == PROP_TOPIC)
        g_value_set_enum (value, self->topic);
    else if (id == PROP_UNORDERED)
        g_value_set_boolean (value, self->unordered);
    else if (id == PROP_LIVE)
        g_value_set_boolean (value, self->live);
    else
        g_value_set_object (value, self->steps);
}

static void
pr_guide_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    PrGuide *self = PR_GUIDE (object);

    if (id < N_WORDS)
        g_set_str (&self->words[id], g_value_get_string (value));
    else if (id == PROP_TOPIC)
        self->topic = g_value_get_enum (value);
    else if (id == PROP_UNORDERED)
        self->unordered = g_value_get_boolean (value);
    else if (id == PROP_LIVE)
        self->live = g_value_get_boolean (value);
    else
        g_set_object (&self->steps, g_value_get_object (value));
}

static void
pr_guide_finalize (GObject *object)
{
    PrGuide *self = PR_GUIDE (object);

    for (guint i = 1; i < N_WORDS; i++)
        g_free (self->words[i]);
    g_clear_object (&self->steps);
    G_OBJECT_CLASS (pr_guide_parent_class)->finalize (object);
}

static void
pr_guide_class_init (PrGuideClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

    object_class->get_property = pr_guide_get_property;
    object_class->set_property = pr_guide_set_property;
    object_class->finalize = pr_guide_finalize;
    for (guint i = 1; i < N_WORDS; i++)
        g_object_class_install_property (object_class, i, g_param_spec_string (names[i], NULL, NULL, NULL, flags));
    g_object_class_install_property (object_class, PROP_TOPIC,
                                     g_param_spec_enum ("topic", NULL, NULL, PR_TYPE_GUIDE_TOPIC, PR_GUIDE_TOPIC_HOW_TO,
                                                        flags));
    g_object_class_install_property (object_class, PROP_UNORDERED,
                                     g_param_spec_boolean ("unordered", NULL, NULL, FALSE, flags));
    g_object_class_install_property (object_class, PROP_LIVE, g_param_spec_boolean ("live", NULL, NULL, FALSE, flags));
    g_object_class_install_property (object_class, PROP_STEPS,
                                     g_param_spec_object ("steps", NULL, NULL, G_TYPE_LIST_MODEL, flags));
}

static void
pr_guide_init (PrGuide *self)
{
}

static PrGuide *
build (GBytes *source)
{
    g_autoptr (GtkBuilder) builder = gtk_builder_new ();
    g_autoptr (GError) error = NULL;

    g_type_ensure (PR_TYPE_GUIDE);
    g_type_ensure (PR_TYPE_GUIDE_STEP);
    gtk_builder_set_translation_domain (builder, GETTEXT_PACKAGE);
    gtk_builder_add_from_string (builder, g_bytes_get_data (source, NULL), g_bytes_get_size (source), &error);
    g_assert_no_error (error);
    return g_object_ref (PR_GUIDE (gtk_builder_get_object (builder, "guide")));
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
    PrGuide *one = PR_GUIDE ((gpointer) a);
    PrGuide *other = PR_GUIDE ((gpointer) b);

    if (one->topic != other->topic)
        return one->topic < other->topic ? -1 : 1;
    return g_utf8_collate (pr_guide_get_title (one), pr_guide_get_title (other));
}

PrGuide *
pr_guide_load (const char *id)
{
    g_return_val_if_fail (id != NULL, NULL);
    g_autofree char *path = g_strconcat (FOLDER, id, SUFFIX, NULL);
    g_autoptr (GBytes) source = g_resource_lookup_data (pr_guide_get_resource (), path, 0, NULL);

    if (!source)
        return NULL;
    PrGuide *self = build (source);
    g_set_str (&self->words[PROP_ID], id);
    return self;
}

GListModel *
pr_guide_list_all (void)
{
    g_auto (GStrv) files = g_resource_enumerate_children (pr_guide_get_resource (), FOLDER, 0, NULL);
    GListStore *guides = g_list_store_new (PR_TYPE_GUIDE);

    for (guint i = 0; files && files[i]; i++) {
        g_autofree char *id = g_strndup (files[i], strlen (files[i]) - strlen (SUFFIX));
        g_autoptr (PrGuide) guide = pr_guide_load (id);

        g_list_store_insert_sorted (guides, guide, compare, NULL);
    }
    return G_LIST_MODEL (guides);
}

const char *
pr_guide_get_id (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_ID];
}

const char *
pr_guide_get_title (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_TITLE];
}

const char *
pr_guide_get_summary (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_SUMMARY];
}

const char *
pr_guide_get_heading (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_HEADING];
}

const char *
pr_guide_get_keywords (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_KEYWORDS];
}

const char *
pr_guide_get_numbers (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_NUMBERS];
}

const char *
pr_guide_get_ranges (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_RANGES];
}

const char *
pr_guide_get_drawing (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->words[PROP_DRAWING];
}

PrGuideTopic
pr_guide_get_topic (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), PR_GUIDE_TOPIC_HOW_TO);
    return self->topic;
}

gboolean
pr_guide_get_unordered (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), FALSE);
    return self->unordered;
}

gboolean
pr_guide_get_live (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), FALSE);
    return self->live;
}

GListModel *
pr_guide_get_steps (PrGuide *self)
{
    g_return_val_if_fail (PR_IS_GUIDE (self), NULL);
    return self->steps;
}
