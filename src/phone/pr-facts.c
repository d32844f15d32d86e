// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-facts.h"

#include <string.h>

#include "pr-error.h"
#include "pr-lockdown.h"
#include "pr-management.h"
#include "pr-model.h"

#define DISK "com.apple.disk_usage"
#define BATTERY "com.apple.mobile.battery"
#define FIND_MY "com.apple.fmip"
#define BACKUP "com.apple.mobile.backup"
#define SETUP "com.apple.purplebuddy"
#define ACTIVATION "ActivationState"
#define NVRAM "NonVolatileRAM"
#define CONFIGURATION "CloudConfiguration"

/* Bytes; far above any phone, far below what sums could overflow. */
#define MAX_STORAGE (G_GUINT64_CONSTANT (1) << 50)

/* Of the root domain. Phones that do not trust us tell some of them, and only one by one. */
static const char *const identity_keys[] = {
    "DeviceName", "ProductType", "ProductVersion", "BuildVersion", "SerialNumber", "UniqueChipID", "HardwareModel",
};

void
pr_facts_free (PrFacts *self)
{
    g_clear_pointer (&self->identity, plist_free);
    g_clear_pointer (&self->domains, plist_free);
    g_free (self);
}

static void
tell (PrFacts *facts, PrFactsPart part, PrFactsFunc func, gpointer data)
{
    PrFacts *copy = g_new0 (PrFacts, 1);

    copy->part = part;
    copy->restored = facts->restored;
    copy->trust = facts->trust;
    copy->identity = plist_copy (facts->identity);
    copy->domains = plist_copy (facts->domains);
    func (copy, data);
}

/* Puts DOMAIN/KEY into @into under @name, if the phone tells it. */
static gboolean
collect (PrLockdown *lockdown,
         const char *domain,
         const char *key,
         plist_t into,
         const char *name,
         GCancellable *cancellable,
         GError **error)
{
    plist_t value = NULL;

    if (!pr_lockdown_read (lockdown, domain, key, &value, cancellable, error))
        return FALSE;
    if (value != NULL)
        plist_dict_set_item (into, name, value);
    return TRUE;
}

static gboolean
collect_identity (PrLockdown *lockdown, PrFacts *facts, GCancellable *cancellable, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS (identity_keys); i++) {
        const char *key = identity_keys[i];

        if (!collect (lockdown, NULL, key, facts->identity, key, cancellable, error))
            return FALSE;
    }
    return TRUE;
}

/* Whole domains rather than keys: one round trip each. */
static gboolean
collect_domains (PrLockdown *lockdown, PrFacts *facts, GCancellable *cancellable, GError **error)
{
    static const char *const domains[] = { DISK, BATTERY, FIND_MY, BACKUP, SETUP };

    for (gsize i = 0; i < G_N_ELEMENTS (domains); i++)
        if (!collect (lockdown, domains[i], NULL, facts->domains, domains[i], cancellable, error))
            return FALSE;
    return collect (lockdown, NULL, ACTIVATION, facts->domains, ACTIVATION, cancellable, error) &&
           collect (lockdown, NULL, NVRAM, facts->domains, NVRAM, cancellable, error);
}

/* Who manages it. Old systems have no such service: that is unknown, and no reason to stop. */
static void
collect_configuration (PrLockdown *lockdown, PrFacts *facts, GCancellable *cancellable)
{
    plist_t configuration = pr_management_read_configuration (lockdown, cancellable);

    if (configuration != NULL)
        plist_dict_set_item (facts->domains, CONFIGURATION, configuration);
}

PrTrust
pr_facts_judge_trust (const GError *error)
{
    if (g_error_matches (error, PR_ERROR, PR_ERROR_TRUST_PENDING))
        return PR_TRUST_WAITING;
    if (g_error_matches (error, PR_ERROR, PR_ERROR_NOT_TRUSTED))
        return PR_TRUST_REFUSED;
    if (g_error_matches (error, PR_ERROR, PR_ERROR_LOCKED))
        return PR_TRUST_LOCKED;
    if (g_error_matches (error, PR_ERROR, PR_ERROR_STALE_PAIRING))
        return PR_TRUST_STALE;
    return PR_TRUST_UNKNOWN;
}

/* Refusal is only ever the answer to the question for trust, which is not put here: without a record, never paired. */
static gboolean
start_session (PrLockdown *lockdown, PrFacts *facts, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) reason = NULL;

    if (pr_lockdown_start_session (lockdown, cancellable, &reason)) {
        facts->trust = PR_TRUST_TRUSTED;
        return TRUE;
    }
    facts->trust = pr_facts_judge_trust (reason);
    if (facts->trust == PR_TRUST_REFUSED)
        facts->trust = PR_TRUST_NEVER;
    if (facts->trust == PR_TRUST_UNKNOWN)
        g_propagate_error (error, g_steal_pointer (&reason));
    return facts->trust != PR_TRUST_UNKNOWN;
}

gboolean
pr_facts_read (const char *udid, PrFactsFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
    g_autoptr (PrFacts) facts = g_new0 (PrFacts, 1);
    g_autoptr (PrLockdown) lockdown = pr_lockdown_open (udid, cancellable, error);

    if (lockdown == NULL)
        return FALSE;
    facts->identity = plist_new_dict ();
    facts->domains = plist_new_dict ();
    facts->restored = pr_lockdown_is_restored (lockdown);
    tell (facts, PR_FACTS_KIND, func, data);
    if (facts->restored)
        return TRUE;

    if (!collect_identity (lockdown, facts, cancellable, error) || !start_session (lockdown, facts, cancellable, error))
        return FALSE;
    tell (facts, PR_FACTS_IDENTITY, func, data);
    if (facts->trust != PR_TRUST_TRUSTED)
        return TRUE;

    if (!collect_identity (lockdown, facts, cancellable, error) ||
        !collect_domains (lockdown, facts, cancellable, error))
        return FALSE;
    collect_configuration (lockdown, facts, cancellable);
    tell (facts, PR_FACTS_ALL, func, data);
    return TRUE;
}

guint64
pr_facts_get_ecid (PrFacts *self)
{
    guint64 ecid = 0;

    pr_plist_get_number (self->identity, "UniqueChipID", &ecid);
    return ecid;
}

static void
set_if_known (PrPhone *phone, const char *property, char *value)
{
    g_autofree char *owned = value;

    if (value != NULL)
        g_object_set (phone, property, value, NULL);
}

static void
apply_identity (PrFacts *self, PrPhone *phone)
{
    g_autofree char *product = pr_plist_dup_word (self->identity, "ProductType");
    g_autofree char *board = pr_plist_dup_word (self->identity, "HardwareModel");

    set_if_known (phone, "name", pr_plist_dup_text (self->identity, "DeviceName"));
    set_if_known (phone, "version", pr_plist_dup_word (self->identity, "ProductVersion"));
    set_if_known (phone, "build", pr_plist_dup_word (self->identity, "BuildVersion"));
    set_if_known (phone, "serial", pr_plist_dup_word (self->identity, "SerialNumber"));
    /* "D27AP" here, "d27ap" everywhere else */
    set_if_known (phone, "board", board != NULL ? g_ascii_strdown (board, -1) : NULL);
    if (product != NULL)
        g_object_set (phone, "product-type", product, "model-name", pr_model_get_name (product), "family",
                      pr_model_get_family (product), NULL);
}

static plist_t
get_domain (PrFacts *self, const char *domain)
{
    return pr_plist_get_item (self->domains, domain, PLIST_DICT);
}

static guint64
get_storage (PrFacts *self, const char *key)
{
    guint64 bytes = 0;

    return pr_plist_get_number (get_domain (self, DISK), key, &bytes) && bytes <= MAX_STORAGE ? bytes : 0;
}

static int
get_battery (PrFacts *self)
{
    guint64 charge;

    if (!pr_plist_get_number (get_domain (self, BATTERY), "BatteryCurrentCapacity", &charge) || charge > 100)
        return -1;
    return (int) charge;
}

/* The boot loader's variable: the letters YES or NO as data, in some systems as text. */
PrAnswer
pr_facts_judge_lock (plist_t nvram)
{
    plist_t item = pr_plist_get_item (nvram, "fm-activation-locked", PLIST_DATA);
    g_autofree char *word = NULL;
    guint64 length = 0;
    const char *data;

    if (item == NULL)
        word = pr_plist_dup_word (nvram, "fm-activation-locked");
    else if ((data = plist_get_data_ptr (item, &length)) != NULL)
        word = g_strndup (data, MIN (length, 4));
    if (g_strcmp0 (word, "YES") == 0)
        return PR_ANSWER_YES;
    return g_strcmp0 (word, "NO") == 0 ? PR_ANSWER_NO : PR_ANSWER_UNKNOWN;
}

/* "Unactivated", and several words for phones that are. */
PrAnswer
pr_facts_judge_activated (plist_t values)
{
    g_autofree char *state = pr_plist_dup_word (values, ACTIVATION);

    if (state == NULL)
        return PR_ANSWER_UNKNOWN;
    return g_str_equal (state, "Unactivated") ? PR_ANSWER_NO : PR_ANSWER_YES;
}

/* Also one that is not supervised, but whose management nobody can remove or refuse, is an organisation's. */
static PrAnswer
get_supervised (PrFacts *self)
{
    plist_t configuration = get_domain (self, CONFIGURATION);

    if (pr_plist_get_answer (configuration, "IsMDMUnremovable") == PR_ANSWER_YES ||
        pr_plist_get_answer (configuration, "IsMandatory") == PR_ANSWER_YES)
        return PR_ANSWER_YES;
    return pr_plist_get_answer (configuration, "IsSupervised");
}

static void
apply_backup (PrFacts *self, PrPhone *phone)
{
    plist_t backup = get_domain (self, BACKUP);

    g_object_set (phone, "encrypts", pr_plist_get_answer (backup, "WillEncrypt"), "must-encrypt",
                  pr_plist_get_answer (backup, "RequiresEncryption"), "cloud-backup",
                  pr_plist_get_answer (backup, "CloudBackupEnabled"), NULL);
}

static void
apply_dates (PrFacts *self, PrPhone *phone)
{
    plist_t backup = get_domain (self, BACKUP);
    g_autoptr (GDateTime) cloud = pr_plist_get_date (backup, "LastCloudBackupDate");
    g_autoptr (GDateTime) computer = pr_plist_get_date (backup, "LastiTunesBackupDate");

    g_object_set (phone, "last-cloud-backup", cloud, "last-computer-backup", computer, NULL);
}

static void
apply_domains (PrFacts *self, PrPhone *phone)
{
    PrAnswer find_my = pr_plist_get_answer (get_domain (self, FIND_MY), "IsAssociated");
    g_autofree char *organization = pr_plist_dup_text (get_domain (self, CONFIGURATION), "OrganizationName");
    guint64 total = get_storage (self, "TotalDataCapacity");

    g_object_set (phone, "storage-total", total, "storage-free", MIN (get_storage (self, "TotalDataAvailable"), total),
                  "battery", get_battery (self), "charging",
                  pr_plist_get_answer (get_domain (self, BATTERY), "BatteryIsCharging"), "find-my", find_my,
                  "find-my-time", find_my != PR_ANSWER_UNKNOWN ? g_get_monotonic_time () : (gint64) 0,
                  "activation-lock", pr_facts_judge_lock (get_domain (self, NVRAM)), "supervised",
                  get_supervised (self), "organization", organization, "activated",
                  pr_facts_judge_activated (self->domains), "set-up",
                  pr_plist_get_answer (get_domain (self, SETUP), "SetupDone"), NULL);
    apply_backup (self, phone);
    apply_dates (self, phone);
}

void
pr_facts_apply (PrFacts *self, PrPhone *phone)
{
    if (self->part == PR_FACTS_KIND)
        return;
    if (self->part != PR_FACTS_TRUST)
        apply_identity (self, phone);
    if (self->part == PR_FACTS_ALL || (self->part == PR_FACTS_IDENTITY && self->trust != PR_TRUST_TRUSTED))
        apply_domains (self, phone);
    g_object_set (phone, "trust", self->trust, NULL);
}
