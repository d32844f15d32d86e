// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-handover.h"

#include "config.h"
#include "pr-backup-enums.h"
#include "pr-operation-enums.h"
#include "pr-phone-enums.h"
#include "pr-report.h"

#include <json-glib/json-glib.h>

#define READABLE 4
#define MASK "•"

PrHandover *
pr_handover_new (PrPhone *phone)
{
    PrHandover *self = g_new0 (PrHandover, 1);

    self->model = g_strdup (pr_phone_get_model_name (phone));
    self->product_type = g_strdup (pr_phone_get_product_type (phone));
    self->serial = g_strdup (pr_phone_get_serial (phone));
    self->imei = g_strdup (pr_phone_get_imei (phone));
    self->capacity = pr_phone_get_capacity (phone);
    return self;
}

static GDateTime *
ref_date (GDateTime *date)
{
    return date ? g_date_time_ref (date) : NULL;
}

PrHandover *
pr_handover_copy (const PrHandover *self)
{
    PrHandover *copy = g_memdup2 (self, sizeof *self);

    copy->model = g_strdup (self->model);
    copy->product_type = g_strdup (self->product_type);
    copy->serial = g_strdup (self->serial);
    copy->imei = g_strdup (self->imei);
    copy->version = g_strdup (self->version);
    copy->build = g_strdup (self->build);
    copy->erased = ref_date (self->erased);
    copy->backup = ref_date (self->backup);
    return copy;
}

void
pr_handover_free (PrHandover *self)
{
    g_free (self->model);
    g_free (self->product_type);
    g_free (self->serial);
    g_free (self->imei);
    g_free (self->version);
    g_free (self->build);
    g_clear_pointer (&self->erased, g_date_time_unref);
    g_clear_pointer (&self->backup, g_date_time_unref);
    g_free (self);
}

void
pr_handover_note_erased (PrHandover *self, PrPhone *phone, gboolean keeps_plan, const PrVerdict *verdict)
{
    g_set_str (&self->version, pr_phone_get_version (phone));
    g_set_str (&self->build, pr_phone_get_build (phone));
    g_clear_pointer (&self->erased, g_date_time_unref);
    self->erased = g_date_time_new_now_local ();
    self->keeps_plan = keeps_plan;
    self->verdict = *verdict;
}

void
pr_handover_note_backup (PrHandover *self, PrBackup *backup)
{
    g_clear_pointer (&self->backup, g_date_time_unref);
    if (!backup || !pr_backup_get_date (backup))
        return;
    self->backup = ref_date (pr_backup_get_date (backup));
    self->backup_health = pr_backup_get_health (backup);
}

char *
pr_handover_mask (const char *number)
{
    g_autoptr (GString) masked = g_string_new (NULL);
    glong length = number ? g_utf8_strlen (number, -1) : 0;

    if (!number)
        return NULL;
    for (glong i = 0; i < length - READABLE; i++)
        g_string_append (masked, MASK);
    if (length > READABLE)
        g_string_append (masked, g_utf8_offset_to_pointer (number, length - READABLE));
    else
        g_string_append (masked, MASK);
    return g_string_free_and_steal (g_steal_pointer (&masked));
}

/* --- As data --- */

static void
add_text (JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name (builder, name);
    if (text)
        json_builder_add_string_value (builder, text);
    else
        json_builder_add_null_value (builder);
}

static void
add_date (JsonBuilder *builder, const char *name, GDateTime *date)
{
    g_autofree char *text = date ? g_date_time_format_iso8601 (date) : NULL;

    add_text (builder, name, text);
}

static void
add_number (JsonBuilder *builder, const char *name, const char *number, gboolean masked)
{
    g_autofree char *hidden = masked ? pr_handover_mask (number) : NULL;

    add_text (builder, name, masked ? hidden : number);
}

static void
begin (JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name (builder, name);
    json_builder_begin_object (builder);
}

static void
add_phone (JsonBuilder *builder, const PrHandover *self, gboolean masked)
{
    begin (builder, "phone");
    add_text (builder, "model", self->model);
    add_text (builder, "product-type", self->product_type);
    json_builder_set_member_name (builder, "capacity-bytes");
    if (self->capacity > 0)
        json_builder_add_int_value (builder, (gint64) self->capacity);
    else
        json_builder_add_null_value (builder);
    add_number (builder, "serial-number", self->serial, masked);
    add_number (builder, "imei", self->imei, masked);
    add_text (builder, "system-version", self->version);
    add_text (builder, "system-build", self->build);
    json_builder_end_object (builder);
}

static void
add_deeds (JsonBuilder *builder, const PrHandover *self)
{
    begin (builder, "erased");
    add_date (builder, "time", self->erased);
    add_text (builder, "esim", self->keeps_plan ? "asked-to-stay" : "asked-to-erase");
    json_builder_end_object (builder);
    begin (builder, "backup");
    add_date (builder, "time", self->backup);
    add_text (builder, "verified",
              self->backup ? pr_report_nick (PR_TYPE_BACKUP_HEALTH, (int) self->backup_health) : NULL);
    json_builder_end_object (builder);
}

static void
add_answer (JsonBuilder *builder, const char *name, PrAnswer answer)
{
    add_text (builder, name, pr_report_nick (PR_TYPE_ANSWER, (int) answer));
}

static void
add_verdict (JsonBuilder *builder, const PrVerdict *verdict)
{
    json_builder_set_member_name (builder, "checks");
    json_builder_begin_array (builder);
    for (PrVerdictSign sign = 0; sign < PR_N_VERDICT_SIGNS; sign++) {
        json_builder_begin_object (builder);
        add_text (builder, "check", pr_report_nick (PR_TYPE_VERDICT_SIGN, (int) sign));
        add_answer (builder, "good", verdict->good[sign]);
        add_text (builder, "evidence", pr_verdict_get_evidence (sign));
        json_builder_end_object (builder);
    }
    json_builder_end_array (builder);
    add_answer (builder, "ready", verdict->ready);
}

static JsonNode *
build (const PrHandover *self, gboolean masked)
{
    g_autoptr (JsonBuilder) builder = json_builder_new ();

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "format");
    json_builder_add_int_value (builder, 1);
    add_text (builder, "program", "Phone Reset " PR_VERSION);
    json_builder_set_member_name (builder, "masked");
    json_builder_add_boolean_value (builder, masked);
    add_phone (builder, self, masked);
    add_deeds (builder, self);
    add_verdict (builder, &self->verdict);
    json_builder_end_object (builder);
    return json_builder_get_root (builder);
}

char *
pr_handover_to_json (const PrHandover *self, gboolean masked)
{
    g_autoptr (JsonNode) root = build (self, masked);
    g_autofree char *text = json_to_string (root, TRUE);

    return g_strconcat (text, "\n", NULL);
}

char *
pr_handover_digest (const char *json)
{
    g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, json, -1);

    return g_strconcat ("sha256:", digest, NULL);
}
