// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-guide-step.h"

enum { PROP_TITLE = 1, PROP_TEXT, PROP_COMMAND, PROP_SYSTEMS, PROP_GUIDE, PROP_DRAWING, N_PROPS };

struct _PrGuideStep {
    GObject parent_instance;
    char *words[N_PROPS]; /* owned; every property is a string */
};

static const char *const names[N_PROPS] = {
    [PROP_TITLE] = "title",     [PROP_TEXT] = "text",   [PROP_COMMAND] = "command",
    [PROP_SYSTEMS] = "systems", [PROP_GUIDE] = "guide", [PROP_DRAWING] = "drawing",
};

G_DEFINE_FINAL_TYPE (PrGuideStep, pr_guide_step, G_TYPE_OBJECT)

static void
pr_guide_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    g_value_set_string (value, PR_GUIDE_STEP (object)->words[id]);
}

static void
pr_guide_step_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    if (g_set_str (&PR_GUIDE_STEP (object)->words[id], g_value_get_string (value)))
        g_object_notify_by_pspec (object, spec);
}

static void
pr_guide_step_finalize (GObject *object)
{
    for (guint i = 1; i < N_PROPS; i++)
        g_free (PR_GUIDE_STEP (object)->words[i]);
    G_OBJECT_CLASS (pr_guide_step_parent_class)->finalize (object);
}

static void
pr_guide_step_class_init (PrGuideStepClass *klass)
{
    GObjectClass *object_class = G_OBJECT_CLASS (klass);
    GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

    object_class->get_property = pr_guide_step_get_property;
    object_class->set_property = pr_guide_step_set_property;
    object_class->finalize = pr_guide_step_finalize;
    for (guint i = 1; i < N_PROPS; i++)
        g_object_class_install_property (object_class, i, g_param_spec_string (names[i], NULL, NULL, NULL, flags));
}

static void
pr_guide_step_init (PrGuideStep *self)
{
}

const char *
pr_guide_step_get_title (PrGuideStep *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (self), NULL);
    return self->words[PROP_TITLE];
}

const char *
pr_guide_step_get_text (PrGuideStep *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (self), NULL);
    return self->words[PROP_TEXT];
}

const char *
pr_guide_step_get_command (PrGuideStep *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (self), NULL);
    return self->words[PROP_COMMAND];
}

const char *
pr_guide_step_get_systems (PrGuideStep *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (self), NULL);
    return self->words[PROP_SYSTEMS];
}

void
pr_guide_step_foreach_command (PrGuideStep *self, PrGuideCommandFunc func, gpointer data)
{
    g_return_if_fail (PR_IS_GUIDE_STEP (self));
    const char *commands = self->words[PROP_COMMAND], *systems = self->words[PROP_SYSTEMS];
    g_auto (GStrv) lines = g_strsplit (commands ? commands : "", "\n", -1);
    g_auto (GStrv) whom = g_strsplit (systems ? systems : "", "\n", -1);
    guint n_whom = g_strv_length (whom);

    for (guint i = 0; lines[i]; i++)
        func (lines[i], i < n_whom ? whom[i] : NULL, data);
}

const char *
pr_guide_step_get_guide (PrGuideStep *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (self), NULL);
    return self->words[PROP_GUIDE];
}

const char *
pr_guide_step_get_drawing (PrGuideStep *self)
{
    g_return_val_if_fail (PR_IS_GUIDE_STEP (self), NULL);
    return self->words[PROP_DRAWING];
}
