// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-diagnosis.h"

#include "config.h"
#include "pr-phone-enums.h"
#include "pr-report.h"
#include "pr-restore-tool.h"

#include <json-glib/json-glib.h>
#include <sys/utsname.h>

/* One entry of a section: names and values by turns. */
typedef struct {
    const char *section;
    GPtrArray *words;
} Entry;

struct _PrDiagnosis {
    GPtrArray *entries; /* of Entry */
    gboolean healthy;
};

static void
entry_free (Entry *entry)
{
    g_ptr_array_unref (entry->words);
    g_free (entry);
}

static Entry *
begin (PrDiagnosis *self, const char *section)
{
    Entry *entry = g_new0 (Entry, 1);

    entry->section = section;
    entry->words = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (self->entries, entry);
    return entry;
}

static G_GNUC_PRINTF (3, 4) void put (Entry *entry, const char *name, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    g_ptr_array_add (entry->words, g_strdup (name));
    g_ptr_array_add (entry->words, g_strdup_vprintf (format, arguments));
    va_end (arguments);
}

/* --- What is looked at first --- */

PrTools *
pr_tools_probe (GCancellable *cancellable)
{
    PrTools *self = g_new0 (PrTools, 1);
    g_autoptr (GError) error = NULL;
    gboolean knows_logfile = FALSE;

    self->daemon = pr_daemon_check (&self->daemon_detail, cancellable);
    self->has_installer = pr_restore_tool_probe (&knows_logfile, &error);
    self->installer = g_strdup (!self->has_installer ? error->message
                                : knows_logfile      ? "2025 or newer"
                                                     : "2024 or older");
    return self;
}

void
pr_tools_free (PrTools *self)
{
    g_free (self->daemon_detail);
    g_free (self->installer);
    g_free (self);
}

/* --- What is taken down --- */

static void
describe_computer (PrDiagnosis *self)
{
    Entry *entry = begin (self, "computer");
    g_autofree char *name = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
    struct utsname kernel;

    put (entry, "phone-reset", "%s", PR_VERSION);
    put (entry, "system", "%s", name ? name : "not known");
    if (uname (&kernel) == 0)
        put (entry, "kernel", "%s %s", kernel.release, kernel.machine);
    put (entry, "sandbox", "%s", g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ? "flatpak" : "none");
}

static void
describe_tools (PrDiagnosis *self, PrUsbWatch *usb, const PrTools *tools)
{
    Entry *entry = begin (self, "tools");
    PrUsbWatchState helper = usb ? pr_usb_watch_get_state (usb) : PR_USB_WATCH_GONE;

    put (entry, "usbmuxd", "%s (%s)", pr_report_nick (PR_TYPE_DAEMON_STATE, (int) tools->daemon), tools->daemon_detail);
    put (entry, "phone-reset-usb", "%s", pr_report_nick (PR_TYPE_USB_WATCH_STATE, (int) helper));
    put (entry, "idevicerestore", "%s", tools->installer);
    self->healthy =
        self->healthy && tools->daemon == PR_DAEMON_ANSWERS && helper == PR_USB_WATCH_RUNNING && tools->has_installer;
}

static void
describe_phone (PrDiagnosis *self, PrPhone *phone)
{
    Entry *entry = begin (self, "phone");
    const char *product = pr_phone_get_product_type (phone);
    const char *version = pr_phone_get_version (phone);

    put (entry, "model", "%s", product ? product : "not known");
    put (entry, "system", "%s", version ? version : "not known");
    put (entry, "mode", "%s", pr_report_nick (PR_TYPE_PHONE_MODE, (int) pr_phone_get_mode (phone)));
    put (entry, "trust", "%s", pr_report_nick (PR_TYPE_TRUST, (int) pr_phone_get_trust (phone)));
    put (entry, "port", "%s", pr_phone_get_port (phone) ? pr_phone_get_port (phone) : "not known");
    put (entry, "speed", "%d Mbit/s", pr_phone_get_speed (phone));
    put (entry, "hubs", "%d", pr_phone_get_hub_depth (phone));
    put (entry, "recovery-access", "%s", pr_report_nick (PR_TYPE_ACCESS, (int) pr_phone_get_recovery_access (phone)));
}

static void
describe_phones (PrDiagnosis *self, GListModel *phones)
{
    for (guint i = 0; i < g_list_model_get_n_items (phones); i++) {
        g_autoptr (PrPhone) phone = g_list_model_get_item (phones, i);
        describe_phone (self, phone);
    }
}

static void
describe_findings (PrDiagnosis *self, GArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        const PrFinding *finding = &g_array_index (findings, PrFinding, i);
        Entry *entry = begin (self, "finding");

        put (entry, "kind", "%s", pr_report_nick (PR_TYPE_FINDING_KIND, (int) finding->kind));
        put (entry, "sureness", "%s", pr_report_nick (PR_TYPE_SURENESS, (int) finding->sureness));
        put (entry, "count", "%u", finding->count);
        if (*finding->port)
            put (entry, "port", "%s", finding->port);
        if (finding->sureness != PR_SURENESS_INFORMATION)
            self->healthy = FALSE;
    }
}

static void
describe_arrival (Entry *entry, const PrLinkEvent *event)
{
    put (entry, "mode", "%s", pr_report_nick (PR_TYPE_PHONE_MODE, (int) event->mode));
    if (event->suspended)
        put (entry, "suspended", "yes");
    if (event->count > 0)
        put (entry, "retries", "%u", event->count);
}

/* Seconds before now, so that nobody learns when this person did what. */
static void
describe_history (PrDiagnosis *self, PrLinkHistory *history)
{
    gint64 now = g_get_monotonic_time ();

    for (guint i = 0; i < pr_link_history_get_length (history); i++) {
        const PrLinkEvent *event = pr_link_history_get (history, i);
        Entry *entry = begin (self, "event");

        put (entry, "before", "%.1f s", (double) (now - event->time) / G_USEC_PER_SEC);
        put (entry, "kind", "%s", pr_report_nick (PR_TYPE_LINK_EVENT_KIND, (int) event->kind));
        if (*event->port)
            put (entry, "port", "%s", event->port);
        if (event->kind == PR_LINK_ATTACHED)
            describe_arrival (entry, event);
        if (event->kind == PR_LINK_ANSWERED)
            put (entry, "trust", "%s", pr_report_nick (PR_TYPE_TRUST, (int) event->trust));
    }
}

PrDiagnosis *
pr_diagnosis_new (PrPhoneList *phones, const PrTools *tools)
{
    PrLinkWatch *watch = pr_phone_list_get_link (phones);
    PrDiagnosis *self = g_new0 (PrDiagnosis, 1);
    g_autoptr (GArray) findings = pr_link_watch_find (watch);

    self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
    self->healthy = TRUE;
    describe_computer (self);
    describe_tools (self, pr_phone_list_get_usb (phones), tools);
    describe_phones (self, G_LIST_MODEL (phones));
    describe_findings (self, findings);
    describe_history (self, pr_link_watch_get_history (watch));
    return self;
}

void
pr_diagnosis_free (PrDiagnosis *self)
{
    g_ptr_array_unref (self->entries);
    g_free (self);
}

gboolean
pr_diagnosis_is_healthy (PrDiagnosis *self)
{
    return self->healthy;
}

/* --- How it is written --- */

/* Nothing above names a phone; this is for what the messages of others may contain. */
static char *
mask (const char *text)
{
    return pr_report_mask (text, (const char *const[]) { g_get_home_dir (), g_get_user_name (), NULL });
}

char *
pr_diagnosis_to_text (PrDiagnosis *self)
{
    g_autoptr (GString) text = g_string_new (self->healthy ? "healthy\n" : "not healthy\n");

    for (guint i = 0; i < self->entries->len; i++) {
        const Entry *entry = self->entries->pdata[i];

        g_string_append_printf (text, "%s:", entry->section);
        for (guint word = 0; word < entry->words->len; word += 2)
            g_string_append_printf (text, "%s %s=%s", word > 0 ? "," : "", (char *) entry->words->pdata[word],
                                    (char *) entry->words->pdata[word + 1]);
        g_string_append_c (text, '\n');
    }
    return mask (text->str);
}

static void
add_entry (JsonBuilder *builder, const Entry *entry)
{
    json_builder_begin_object (builder);
    for (guint word = 0; word < entry->words->len; word += 2) {
        json_builder_set_member_name (builder, entry->words->pdata[word]);
        json_builder_add_string_value (builder, entry->words->pdata[word + 1]);
    }
    json_builder_end_object (builder);
}

/* Entries of one section stand together. */
static void
add_sections (JsonBuilder *builder, GPtrArray *entries)
{
    for (guint i = 0; i < entries->len;) {
        const char *section = ((Entry *) entries->pdata[i])->section;

        json_builder_set_member_name (builder, section);
        json_builder_begin_array (builder);
        for (; i < entries->len && g_str_equal (((Entry *) entries->pdata[i])->section, section); i++)
            add_entry (builder, entries->pdata[i]);
        json_builder_end_array (builder);
    }
}

char *
pr_diagnosis_to_json (PrDiagnosis *self)
{
    g_autoptr (JsonBuilder) builder = json_builder_new ();
    g_autoptr (JsonNode) root = NULL;
    g_autofree char *text = NULL;

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "healthy");
    json_builder_add_boolean_value (builder, self->healthy);
    add_sections (builder, self->entries);
    json_builder_end_object (builder);
    root = json_builder_get_root (builder);
    text = json_to_string (root, TRUE);
    return mask (text);
}
