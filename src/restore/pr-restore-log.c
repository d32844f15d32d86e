// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-restore-log.h"

#include <string.h>

/* Evidence is shown to a person and put into a report: enough to tell, never a flood. */
#define MAX_EVIDENCE 8192
/* "HH:MM:SS.mmm <Level> " before each line of standard error since 2025: always that many bytes. */
#define STAMP_LENGTH 23

typedef struct {
    PrRestoreState public; /* first: this is what callers see */
    int rank;              /* of the cause so far */
} State;

typedef enum {
    MATCH_PREFIX,
    MATCH_CONTAINS,
} Match;

/* How well a line explains a failure: a later line replaces the cause only with a higher rank. */
enum {
    RANK_HINT = 1, /* something went wrong around here */
    RANK_CAUSE,    /* what the tool gives as its reason */
    RANK_REASON,   /* the reason behind that */
    RANK_SIGNING,  /* what the signing relay knows of it */
    RANK_PHONE,    /* the phone said so itself */
};

typedef struct {
    Match match;
    const char *text;
    PrError cause;
    int rank;
} Cause;

/* Error texts of both contracts, without the "ERROR: " that only the older one puts before them. */
static const Cause causes[] = {
    /* the file */
    { MATCH_PREFIX, "zip_open:", PR_ERROR_FILE_DAMAGED, RANK_CAUSE },
    { MATCH_PREFIX, "ipsw_open ", PR_ERROR_FILE_DAMAGED, RANK_CAUSE },
    { MATCH_PREFIX, "Firmware file ", PR_ERROR_FILE_DAMAGED, RANK_HINT },
    { MATCH_PREFIX, "Invalid archive", PR_ERROR_FILE_DAMAGED, RANK_HINT },
    { MATCH_PREFIX, "Invalid IPSW archive", PR_ERROR_FILE_DAMAGED, RANK_HINT },
    { MATCH_PREFIX, "zip_fread:", PR_ERROR_FILE_DAMAGED, RANK_CAUSE },
    { MATCH_PREFIX, "zip_name_locate:", PR_ERROR_FILE_DAMAGED, RANK_HINT },
    { MATCH_PREFIX, "Unable to extract BuildManifest", PR_ERROR_FILE_DAMAGED, RANK_CAUSE },
    { MATCH_PREFIX, "Could not find all required components", PR_ERROR_FILE_DAMAGED, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to extract filesystem", PR_ERROR_FILE_DAMAGED, RANK_HINT },
    { MATCH_PREFIX, "Unable to extract component", PR_ERROR_FILE_DAMAGED, RANK_HINT },
    { MATCH_PREFIX, "Unable to find a matching build identity", PR_ERROR_WRONG_MODEL, RANK_CAUSE },
    { MATCH_PREFIX, "Could not make sure this firmware is suitable", PR_ERROR_WRONG_MODEL, RANK_CAUSE },
    { MATCH_CONTAINS, "No space left on device", PR_ERROR_NO_SPACE, RANK_REASON },
    /* reaching the phone */
    { MATCH_PREFIX, "Unable to discover device mode", PR_ERROR_UNPLUGGED, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to discover device type", PR_ERROR_NO_USB_PERMISSION, RANK_CAUSE },
    { MATCH_PREFIX, "Could not open device in", PR_ERROR_NO_USB_PERMISSION, RANK_CAUSE },
    { MATCH_CONTAINS, "LIBUSB_ERROR_ACCESS", PR_ERROR_NO_USB_PERMISSION, RANK_REASON },
    { MATCH_CONTAINS, "LIBUSB_ERROR_BUSY", PR_ERROR_BUSY, RANK_REASON },
    { MATCH_PREFIX, "Unable to connect to recovery device", PR_ERROR_NO_ANSWER, RANK_HINT },
    { MATCH_PREFIX, "Unable to connect to device", PR_ERROR_NO_ANSWER, RANK_HINT },
    { MATCH_PREFIX, "Unable to connect to restored", PR_ERROR_NO_ANSWER, RANK_HINT },
    { MATCH_PREFIX, "Unable to open device in restore mode", PR_ERROR_NO_ANSWER, RANK_HINT },
    /* signing; libtatsu gives the reason only with -d */
    { MATCH_PREFIX, "TSS request failed (status=", PR_ERROR_SIGNING_REFUSED, RANK_REASON },
    { MATCH_PREFIX, "TSS request failed: ", PR_ERROR_NO_SIGNING, RANK_CAUSE },
    { MATCH_PREFIX, "tss_send_request: Unhandled status code", PR_ERROR_NO_SIGNING, RANK_CAUSE },
    { MATCH_PREFIX, "Incorrectly formatted TSS response", PR_ERROR_NO_SIGNING, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to send TSS request", PR_ERROR_NO_SIGNING, RANK_HINT },
    { MATCH_PREFIX, "Unable to get SHSH blobs", PR_ERROR_NO_SIGNING, RANK_HINT },
    { MATCH_PREFIX, "Unable to fetch ", PR_ERROR_NO_SIGNING, RANK_HINT },
    /* changes of mode */
    { MATCH_PREFIX, "Unable to place device into recovery mode from normal", PR_ERROR_RECOVERY_REFUSED, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to place device in recovery mode", PR_ERROR_RECOVERY_REFUSED, RANK_CAUSE },
    { MATCH_PREFIX, "Failed to place device in recovery mode", PR_ERROR_RECOVERY_REFUSED, RANK_CAUSE },
    { MATCH_PREFIX, "Failed to enter recovery mode", PR_ERROR_RECOVERY_REFUSED, RANK_CAUSE },
    { MATCH_PREFIX, "Could not create stashbag (timeout)", PR_ERROR_LOCKED, RANK_CAUSE },
    { MATCH_PREFIX, "Timeout while waiting for user to enter passcode", PR_ERROR_LOCKED, RANK_REASON },
    { MATCH_PREFIX, "Unable to send iBEC", PR_ERROR_LOST_IN_START, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to send iBSS", PR_ERROR_LOST_IN_START, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to execute iBEC", PR_ERROR_LOST_IN_START, RANK_CAUSE },
    { MATCH_PREFIX, "Device did not disconnect. Possibly invalid", PR_ERROR_NO_RECOVERY_RETURN, RANK_CAUSE },
    { MATCH_PREFIX, "Device did not reconnect in", PR_ERROR_NO_RECOVERY_RETURN, RANK_CAUSE },
    { MATCH_CONTAINS, "most likely image personalization failed", PR_ERROR_BACK_IN_RECOVERY, RANK_REASON },
    { MATCH_PREFIX, "Device failed to enter restore mode", PR_ERROR_NO_RESTORE_MODE, RANK_CAUSE },
    { MATCH_PREFIX, "Unable to place device into restore mode", PR_ERROR_LOST_IN_START, RANK_HINT },
    /* in restore mode */
    { MATCH_PREFIX, "Could not read data (", PR_ERROR_UNPLUGGED_IN_WORK, RANK_HINT },
    { MATCH_PREFIX, "Unable to send data to ASR", PR_ERROR_UNPLUGGED_IN_WORK, RANK_HINT },
    { MATCH_PREFIX, "Unable to receive data from ASR", PR_ERROR_UNPLUGGED_IN_WORK, RANK_HINT },
    { MATCH_PREFIX, "Unable to connect to ASR", PR_ERROR_UNPLUGGED_IN_WORK, RANK_HINT },
    { MATCH_PREFIX, "Unable to send payload to ASR", PR_ERROR_UNPLUGGED_IN_WORK, RANK_HINT },
    { MATCH_PREFIX, "ASR was unable to validate the filesystem", PR_ERROR_FILE_DAMAGED, RANK_CAUSE },
    { MATCH_PREFIX, "Checkpoint FAILURE id:", PR_ERROR_PHONE_GAVE_UP, RANK_HINT },
};

/* The phone's last word (StatusMsg), which the tool puts into these texts. */
static const struct {
    const char *text;
    int status;
} statuses[] = {
    { "Status: Verification Error", -1 },
    { "Status: Disk Failure", 6 },
    { "Status: Fail", 14 }, /* the whole line: others begin with it */
    { "Status: Failed to mount filesystems.", 27 },
    { "Status: Failed to load SEP Firmware.", 50 },
    { "Status: Failed to recover FDR data.", 53 },
    { "Status: X-Gold Baseband Update Failed. Defective Unit?", 1015 },
};

typedef struct {
    const char *text; /* how the line begins */
    PrRestorePhase phase;
    double fraction;
} Place;

/* Where a text line stands in the whole. Operation names carry their number after them, which differs between phones;
 * the name does not. */
static const Place places[] = {
    { "Found device in", PR_RESTORE_PHASE_FIND, .1 },
    { "Identified device as", PR_RESTORE_PHASE_FIND, .3 },
    { "Extracting BuildManifest", PR_RESTORE_PHASE_FIND, .6 },
    { "IPSW Product Version:", PR_RESTORE_PHASE_FIND, .9 },
    { "Checking IPSW for required components", PR_RESTORE_PHASE_SIGN, 0 },
    { "All required components found", PR_RESTORE_PHASE_SIGN, .1 },
    { "Extracting filesystem from IPSW", PR_RESTORE_PHASE_SIGN, .1 },
    { "Trying to fetch new SHSH", PR_RESTORE_PHASE_SIGN, .8 },
    { "Received SHSH blobs", PR_RESTORE_PHASE_SIGN, 1 },
    { "Entering recovery mode", PR_RESTORE_PHASE_START, 0 },
    { "Sending iBSS", PR_RESTORE_PHASE_START, .1 },
    { "Sending iBEC", PR_RESTORE_PHASE_START, .15 },
    { "Recovery Mode Environment", PR_RESTORE_PHASE_START, .35 },
    { "Sending RestoreLogo", PR_RESTORE_PHASE_START, .4 },
    { "Sending RestoreRamDisk", PR_RESTORE_PHASE_START, .5 },
    { "Sending RestoreDeviceTree", PR_RESTORE_PHASE_START, .6 },
    { "Sending RestoreSEP", PR_RESTORE_PHASE_START, .65 },
    { "Sending RestoreKernelCache", PR_RESTORE_PHASE_START, .7 },
    { "Waiting for device to enter restore mode", PR_RESTORE_PHASE_START, .75 },
    { "About to restore device", PR_RESTORE_PHASE_START, .95 },
    { "Starting Reverse Proxy", PR_RESTORE_PHASE_PREPARE, 0 },
    { "Checking for uncollected logs", PR_RESTORE_PHASE_PREPARE, .05 },
    { "Checking battery voltage", PR_RESTORE_PHASE_PREPARE, .1 },
    { "About to send RootTicket", PR_RESTORE_PHASE_PREPARE, .15 },
    { "Waiting for NAND", PR_RESTORE_PHASE_PREPARE, .3 },
    { "Updating NAND Firmware", PR_RESTORE_PHASE_PREPARE, .5 },
    { "Creating partition map", PR_RESTORE_PHASE_PREPARE, .7 },
    { "Creating filesystem", PR_RESTORE_PHASE_PREPARE, .8 },
    { "Migrating data", PR_RESTORE_PHASE_PREPARE, .9 },
    { "About to send filesystem", PR_RESTORE_PHASE_SEND, 0 },
    { "Validating the filesystem", PR_RESTORE_PHASE_SEND, 0 },
    { "Sending filesystem now", PR_RESTORE_PHASE_SEND, 0 },
    { "Done sending filesystem", PR_RESTORE_PHASE_SEND, 1 },
    { "Verifying restore", PR_RESTORE_PHASE_CHECK, 0 },
    { "Checking filesystems", PR_RESTORE_PHASE_CHECK, .6 },
    { "About to send SystemImageRootHash", PR_RESTORE_PHASE_CHECK, .7 },
    { "About to send SystemImageCanonicalMetadata", PR_RESTORE_PHASE_CHECK, .75 },
    { "Sealing System Volume", PR_RESTORE_PHASE_CHECK, .8 },
    { "Mounting filesystems", PR_RESTORE_PHASE_CHECK, .95 },
    { "About to send KernelCache", PR_RESTORE_PHASE_FINISH, 0 },
    { "Installing kernelcache", PR_RESTORE_PHASE_FINISH, .05 },
    { "Installing DeviceTree", PR_RESTORE_PHASE_FINISH, .1 },
    { "About to send NORData", PR_RESTORE_PHASE_FINISH, .15 },
    { "Flashing firmware", PR_RESTORE_PHASE_FINISH, .2 },
    { "About to send FDR Trust data", PR_RESTORE_PHASE_FINISH, .45 },
    { "Updating baseband", PR_RESTORE_PHASE_FINISH, .5 },
    { "Fixing up /var", PR_RESTORE_PHASE_FINISH, .85 },
    { "Creating system key bag", PR_RESTORE_PHASE_FINISH, .9 },
    { "Unmounting filesystems", PR_RESTORE_PHASE_FINISH, .95 },
};

/* "progress: STEP FRACTION": the steps are the tool's, and their order is the phone's. Each is a span of a phase. */
static const struct {
    PrRestorePhase phase;
    double from, to;
} spans[] = {
    [0] = { PR_RESTORE_PHASE_FIND, 0, 1 },      /* detect */
    [2] = { PR_RESTORE_PHASE_SEND, 0, 1 },      /* the system image */
    [3] = { PR_RESTORE_PHASE_CHECK, 0, .6 },    /* verify */
    [4] = { PR_RESTORE_PHASE_FINISH, .2, .45 }, /* firmware */
    [5] = { PR_RESTORE_PHASE_FINISH, .5, .85 }, /* modem */
    [6] = { PR_RESTORE_PHASE_PREPARE, .3, .5 }, /* parts' own firmware */
};

/* Step 1 runs through three phases; its values are fixed points in the tool. */
static const struct {
    double value;
    PrRestorePhase phase;
    double fraction;
} preparations[] = {
    { .0, PR_RESTORE_PHASE_SIGN, 0 },   { .2, PR_RESTORE_PHASE_SIGN, .6 },   { .25, PR_RESTORE_PHASE_SIGN, 1 },
    { .3, PR_RESTORE_PHASE_START, 0 },  { .5, PR_RESTORE_PHASE_START, .2 },  { .7, PR_RESTORE_PHASE_START, .35 },
    { .9, PR_RESTORE_PHASE_START, .7 }, { 1., PR_RESTORE_PHASE_PREPARE, 0 },
};

PrRestoreState *
pr_restore_state_new (void)
{
    State *state = g_new0 (State, 1);

    state->public.evidence = g_string_new (NULL);
    return &state->public;
}

void
pr_restore_state_free (PrRestoreState *self)
{
    g_string_free (self->evidence, TRUE);
    g_free ((State *) self);
}

static gboolean
move (PrRestoreState *self, PrRestorePhase phase, double fraction)
{
    /* Some parts are updated before the system on one phone and after it on another: before, it is preparation. */
    if (phase > PR_RESTORE_PHASE_SEND && phase < PR_RESTORE_PHASE_DONE && self->phase < PR_RESTORE_PHASE_SEND) {
        phase = PR_RESTORE_PHASE_PREPARE;
        fraction = 0;
    }
    if (phase < self->phase || (phase == self->phase && fraction <= self->fraction))
        return FALSE;
    self->phase = phase;
    self->fraction = CLAMP (fraction, 0, 1);
    return TRUE;
}

static void
note (PrRestoreState *self, const char *line)
{
    g_autofree char *text = g_utf8_make_valid (line, -1);

    if (strstr (self->evidence->str, text) != NULL)
        return; /* since 2025 everything is said on both streams */
    if (self->evidence->len + strlen (text) + 1 <= MAX_EVIDENCE)
        g_string_append_printf (self->evidence, "%s\n", text);
}

static gboolean
blame (PrRestoreState *self, PrError cause, int rank, const char *line)
{
    State *state = (State *) self;

    note (self, line);
    if (rank <= state->rank)
        return TRUE;
    state->rank = rank;
    self->cause = cause;
    self->has_cause = TRUE;
    return TRUE;
}

/* The signature came after all: what was said about an earlier try no longer counts. */
static gboolean
forgive_signing (PrRestoreState *self)
{
    if (!self->has_cause || (self->cause != PR_ERROR_NO_SIGNING && self->cause != PR_ERROR_SIGNING_REFUSED))
        return FALSE;
    self->has_cause = FALSE;
    ((State *) self)->rank = 0;
    g_string_truncate (self->evidence, 0);
    return TRUE;
}

gboolean
pr_restore_log_blame_signing (PrRestoreState *self, const char *nick, const char *message)
{
    static const PrError known[] = {
        PR_ERROR_SIGNING_REFUSED, PR_ERROR_NO_SIGNING,  PR_ERROR_UNTRUSTED_SERVER, PR_ERROR_SIGN_IN_FIRST,
        PR_ERROR_WOULD_ERASE,     PR_ERROR_WRONG_PHONE, PR_ERROR_BAD_ANSWER,
    };

    for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
        if (g_str_equal (nick, pr_error_get_nick (known[i])))
            return blame (self, known[i], RANK_SIGNING, message);
    }
    return FALSE;
}

static gboolean
mark (gboolean *flag)
{
    gboolean changed = !*flag;

    *flag = TRUE;
    return changed;
}

/* Before an update, in normal mode. A phone that is locked is waited for without end. */
static gboolean
feed_passcode (PrRestoreState *self, const char *line)
{
    gboolean wants =
        g_str_has_prefix (line, "Device requires stashbag") || g_str_has_prefix (line, "*** Device is locked");
    gboolean had =
        g_str_has_prefix (line, "Stashbag created") || g_str_has_prefix (line, "Device does not require stashbag");
    gboolean changed = wants ? !self->wants_passcode : had && self->wants_passcode;

    self->wants_passcode = wants || (self->wants_passcode && !had);
    return changed;
}

static gboolean
feed_mark (PrRestoreState *self, const char *line)
{
    if (g_str_has_prefix (line, "This restore will update the device without erasing user data"))
        return mark (&self->keeps_data);
    /* whatever else it says there is not what keeps data */
    if (g_str_has_prefix (line, "This restore will "))
        return mark (&self->erases);
    if (g_str_has_prefix (line, "Entering recovery mode"))
        return mark (&self->entering_recovery);
    if (g_str_has_prefix (line, "About to restore device"))
        return mark (&self->past_return);
    if (g_str_equal (line, "Status: Restore Finished"))
        return mark (&self->finished) | move (self, PR_RESTORE_PHASE_DONE, 1);
    if (g_str_has_prefix (line, "Received SHSH blobs"))
        return forgive_signing (self);
    return FALSE;
}

static gboolean
fail_with (PrRestoreState *self, int status, const char *line)
{
    self->apple_status = status;
    return blame (self, PR_ERROR_PHONE_GAVE_UP, RANK_PHONE, line);
}

static gboolean
feed_status (PrRestoreState *self, const char *line)
{
    const char *unhandled = "Unhandled status message (";

    for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
        if (g_str_equal (line, statuses[i].text))
            return fail_with (self, statuses[i].status, line);
    }
    if (!g_str_has_prefix (line, unhandled))
        return FALSE;
    return fail_with (self, (int) g_ascii_strtoll (line + strlen (unhandled), NULL, 10), line);
}

static gboolean
matches (const Cause *cause, const char *line)
{
    return cause->match == MATCH_PREFIX ? g_str_has_prefix (line, cause->text) : strstr (line, cause->text) != NULL;
}

static gboolean
feed_cause (PrRestoreState *self, const char *line)
{
    for (guint i = 0; i < G_N_ELEMENTS (causes); i++) {
        if (matches (&causes[i], line))
            return blame (self, causes[i].cause, causes[i].rank, line);
    }
    return FALSE;
}

static gboolean
feed_place (PrRestoreState *self, const char *line)
{
    for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
        if (g_str_has_prefix (line, places[i].text))
            return move (self, places[i].phase, places[i].fraction);
    }
    return FALSE;
}

static gboolean
feed_preparation (PrRestoreState *self, double value)
{
    guint last = 0;

    for (guint i = 0; i < G_N_ELEMENTS (preparations); i++) {
        if (value >= preparations[i].value - 1e-6)
            last = i;
    }
    return move (self, preparations[last].phase, preparations[last].fraction);
}

static gboolean
feed_progress (PrRestoreState *self, const char *numbers)
{
    char *end = NULL;
    guint64 step = g_ascii_strtoull (numbers, &end, 10);
    double value = g_ascii_strtod (end, NULL);

    if (end == numbers || !(value >= 0 && value <= 1))
        return FALSE;
    if (step == 1)
        return feed_preparation (self, value);
    if (step >= G_N_ELEMENTS (spans))
        return FALSE;
    return move (self, spans[step].phase, spans[step].from + value * (spans[step].to - spans[step].from));
}

/* A share of what the tool does itself just now: unpacking the system before it asks for the signature, sending it. */
static gboolean
feed_share (PrRestoreState *self, double share)
{
    if (!(share >= 0 && share <= 1))
        return FALSE;
    if (self->phase == PR_RESTORE_PHASE_SIGN)
        return move (self, PR_RESTORE_PHASE_SIGN, .1 + .5 * share);
    if (self->phase == PR_RESTORE_PHASE_SEND)
        return move (self, PR_RESTORE_PHASE_SEND, share);
    return FALSE;
}

/* "[=====     ]  42.5%" */
static gboolean
feed_bar (PrRestoreState *self, const char *line)
{
    const char *end = strchr (line, ']');
    char *rest = NULL;

    if (end == NULL)
        return FALSE;
    double percent = g_ascii_strtod (end + 1, &rest);
    return rest != end + 1 && *rest == '%' && feed_share (self, percent / 100);
}

/* "Uploading:   0.4", since 2025 */
static gboolean
feed_label (PrRestoreState *self, const char *line)
{
    const char *colon = strchr (line, ':');
    char *rest = NULL;

    if (colon == NULL || colon[1] != ' ')
        return FALSE;
    double share = g_ascii_strtod (colon + 1, &rest);
    if (rest == colon + 1 || *rest != '\0')
        return FALSE;
    return (g_str_has_prefix (line, "Extracting") || g_str_has_prefix (line, "Uploading")) && feed_share (self, share);
}

/* The newer contract colours what it writes to a terminal. */
static char *
strip_colours (const char *line)
{
    GString *plain = g_string_new (NULL);

    for (const char *at = line; *at != '\0';) {
        if (at[0] == '\033' && at[1] == '[') {
            at += 2;
            at += strspn (at, "0123456789;?");
            at += *at != '\0';
        } else {
            g_string_append_c (plain, *at++);
        }
    }
    return g_string_free_and_steal (plain);
}

static const char *
skip_stamp (const char *line)
{
    if (strlen (line) < STAMP_LENGTH || line[2] != ':' || line[5] != ':' || line[8] != '.')
        return line;
    return line[STAMP_LENGTH - 2] == '>' ? line + STAMP_LENGTH : line;
}

static const char *
skip_level (const char *line)
{
    static const char *const levels[] = { "ERROR: ", "WARNING: ", "NOTE: ", "INFO: ", "DEBUG: " };

    for (guint i = 0; i < G_N_ELEMENTS (levels); i++) {
        if (g_str_has_prefix (line, levels[i]))
            return line + strlen (levels[i]);
    }
    return line;
}

/**
 * pr_restore_log_feed:
 *
 * The contract of 2024: text on standard output, "ERROR: …" on either stream, bars with "\r". Since 2025: every line
 * of standard error carries a time and a level, most texts are on both streams, "ERROR: " is gone, and shares of work
 * come as "Label: 0.5". Lines that are not known change nothing.
 */
gboolean
pr_restore_log_feed (PrRestoreState *self, const char *line)
{
    g_return_val_if_fail (self != NULL && line != NULL, FALSE);

    g_autofree char *plain = strip_colours (line);
    const char *text = skip_level (skip_stamp (g_strchomp (plain)));

    if (g_str_has_prefix (text, "progress: "))
        return feed_progress (self, text + strlen ("progress: "));
    if (text[0] == '[')
        return feed_bar (self, text);
    gboolean changed = feed_mark (self, text);
    changed |= feed_passcode (self, text);
    changed |= feed_place (self, text);
    changed |= feed_status (self, text) || feed_cause (self, text) || feed_label (self, text);
    return changed;
}
