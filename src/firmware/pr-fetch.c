// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-fetch.h"

#include "pr-error.h"
#include "pr-fetch-pace.h"

#include <math.h>
#include <string.h>

#define CHUNK (256 * 1024)
#define MAX_TRIES 6        /* in a row that bring nothing */
#define MAX_BEGINNINGS 3   /* of a file that changes while it is fetched, or whose pieces did not fit */
#define ENOUGH (64 * 1024) /* bytes that make a try a good one */
#define LONGEST_REST 30.0
#define LONGEST_RETRY_AFTER 120.0
#define REPORT_INTERVAL (G_USEC_PER_SEC / 10)
#define FILL_INTERVAL (G_USEC_PER_SEC / 5)
#define LOOK_INTERVAL (G_USEC_PER_SEC / 20)

struct _PrFetch {
    GObject parent_instance;

    PrWeb *web;
    PrFirmwareFolder *folder;
    PrFirmware *firmware;
    PrFetchProgressFunc func;
    gpointer data;

    gint paused; /* atomic: any thread */

    /* only run() */
    PrPartial *partial;
    PrFetchPace pace;
    PrFetchState state;
    gint64 reported;
    guint tries;
    guint beginnings;
    double retry_after; /* seconds that the server asked for; 0: none */
};

/* What became of one try. */
typedef enum {
    TRY_WHOLE,  /* everything is there */
    TRY_BROKEN, /* again: @error says why it broke off */
    TRY_PAUSED, /* the person wants it to wait */
    TRY_FAILED, /* not again */
} Try;

G_DEFINE_FINAL_TYPE (PrFetch, pr_fetch, G_TYPE_OBJECT)

/* --- Progress --- */

static guint64
get_total (PrFetch *self)
{
    const PrPartialMarks *marks = self->partial != NULL ? pr_partial_get_marks (self->partial) : NULL;

    return marks != NULL ? marks->size : pr_firmware_get_facts (self->firmware)->size;
}

static void
tell (PrFetch *self, guint64 done)
{
    guint64 total = get_total (self);
    PrFetchProgress progress = {
        .state = self->state,
        .done = done,
        .total = total,
        .speed = pr_fetch_pace_get_speed (&self->pace),
        .seconds_left = done <= total ? pr_fetch_pace_get_seconds_left (&self->pace, total - done) : -1,
    };

    self->reported = g_get_monotonic_time ();
    if (self->func != NULL)
        self->func (&progress, self->data);
}

static void
report (PrFetch *self, PrFetchState state, guint64 done)
{
    gint64 time = g_get_monotonic_time ();
    gboolean changed = self->state != state;

    self->state = state;
    pr_fetch_pace_add (&self->pace, time, done);
    if (changed || time - self->reported >= REPORT_INTERVAL)
        tell (self, done);
}

/* Waits, and says so meanwhile. Returns: FALSE when cancelled */
static gboolean
rest (PrFetch *self, double seconds, GCancellable *cancellable)
{
    gint64 until = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

    while (g_get_monotonic_time () < until && !g_cancellable_is_cancelled (cancellable)) {
        report (self, PR_FETCH_RESTING, pr_partial_get_length (self->partial));
        g_usleep (LOOK_INTERVAL);
    }
    return !g_cancellable_is_cancelled (cancellable);
}

static void
wait_while_paused (PrFetch *self, GCancellable *cancellable)
{
    while (g_atomic_int_get (&self->paused) && !g_cancellable_is_cancelled (cancellable)) {
        report (self, PR_FETCH_PAUSED, pr_partial_get_length (self->partial));
        g_usleep (LOOK_INTERVAL);
    }
    pr_fetch_pace_reset (&self->pace);
}

/* --- What the server says --- */

static const char *
get_header (PrWebAnswer *answer, const char *name)
{
    return soup_message_headers_get_one (soup_message_get_response_headers (answer->message), name);
}

/* Only a strong mark says that every byte is the same (RFC 9110, 8.8.1). */
static const char *
get_etag (PrWebAnswer *answer)
{
    const char *etag = get_header (answer, "ETag");

    return etag != NULL && *etag == '"' && g_str_is_ascii (etag) && strlen (etag) < 1024 ? etag : NULL;
}

static gboolean fail (PrError code, GError **error, const char *format, ...) G_GNUC_PRINTF (3, 4);

static gboolean
fail (PrError code, GError **error, const char *format, ...)
{
    va_list arguments;

    va_start (arguments, format);
    g_autofree char *text = g_strdup_vprintf (format, arguments);
    va_end (arguments);
    g_set_error_literal (error, PR_ERROR, (int) code, text);
    return FALSE;
}

/* The size of the whole file, which must be the announced one, where one was. 0: @error */
static guint64
check_size (PrFetch *self, guint64 size, GError **error)
{
    guint64 announced = pr_firmware_get_facts (self->firmware)->size;

    if (announced == 0 && size == 0)
        fail (PR_ERROR_NO_DOWNLOAD, error, "the server does not say how long the file is");
    else if (announced != 0 && size != 0 && size != announced)
        fail (PR_ERROR_WRONG_DOWNLOAD, error,
              "the server has %" G_GUINT64_FORMAT " bytes, announced were %" G_GUINT64_FORMAT, size, announced);
    else
        return size != 0 ? size : announced;
    return 0;
}

/* --- One try --- */

/* The server sends all of it: a new file, or it knows no ranges. */
static gboolean
begin (PrFetch *self, PrWebAnswer *answer, GError **error)
{
    goffset length = soup_message_headers_get_content_length (soup_message_get_response_headers (answer->message));
    const PrPartialMarks marks = {
        .etag = (char *) get_etag (answer),
        .modified = (char *) get_header (answer, "Last-Modified"),
        .size = check_size (self, length > 0 ? (guint64) length : 0, error),
    };

    if (marks.size == 0)
        return FALSE;
    if (pr_partial_get_marks (self->partial) != NULL && pr_partial_get_length (self->partial) > 0 &&
        ++self->beginnings >= MAX_BEGINNINGS)
        return fail (PR_ERROR_NO_DOWNLOAD, error, "the file changes again and again while it is fetched");
    return pr_partial_begin (self->partial, &marks, error);
}

/* Is the piece that comes of the same file as what is there? */
static gboolean
fits (PrFetch *self, PrWebAnswer *answer)
{
    const PrPartialMarks *marks = pr_partial_get_marks (self->partial);
    const char *etag = get_etag (answer), *modified = get_header (answer, "Last-Modified");
    goffset start = -1, end = -1, total = -1;

    if (!soup_message_headers_get_content_range (soup_message_get_response_headers (answer->message), &start, &end,
                                                 &total) ||
        start != (goffset) pr_partial_get_length (self->partial) || (total >= 0 && total != (goffset) marks->size))
        return FALSE;
    if (marks->etag != NULL && etag != NULL)
        return g_str_equal (marks->etag, etag);
    return marks->modified == NULL || modified == NULL || g_str_equal (marks->modified, modified);
}

/* Fills @buffer as far as bytes come soon: what arrives in small pieces is written in large ones. @end: what the last
 * read said, 0 or -1 with @error, or more. */
static gsize
fill (PrWebAnswer *answer, guint8 *buffer, gsize length, gssize *end, GCancellable *cancellable, GError **error)
{
    gint64 until = g_get_monotonic_time () + FILL_INTERVAL;
    gsize done = 0;

    do {
        *end = pr_web_answer_read (answer, buffer + done, length - done, cancellable, error);
        done += *end > 0 ? (gsize) *end : 0;
    } while (*end > 0 && done < length && g_get_monotonic_time () < until);
    return done;
}

static Try
receive (PrFetch *self, PrWebAnswer *answer, GCancellable *cancellable, GError **error)
{
    g_autofree guint8 *buffer = g_malloc (CHUNK);
    guint64 size = pr_partial_get_marks (self->partial)->size;

    while (pr_partial_get_length (self->partial) < size) {
        guint64 left = size - pr_partial_get_length (self->partial);
        gssize end = 0;
        gsize n = fill (answer, buffer, (gsize) MIN (CHUNK, left), &end, cancellable, error);

        /* what came before it broke off counts */
        if (n > 0 && !pr_partial_append (self->partial, buffer, n, end < 0 ? NULL : error))
            return TRY_FAILED;
        if (end < 0)
            return g_cancellable_is_cancelled (cancellable) ? TRY_FAILED : TRY_BROKEN;
        if (end == 0) {
            fail (PR_ERROR_NO_DOWNLOAD, error, "the answer ends %" G_GUINT64_FORMAT " bytes early", left - n);
            return TRY_BROKEN;
        }
        report (self, PR_FETCH_RECEIVING, pr_partial_get_length (self->partial));
        if (g_atomic_int_get (&self->paused))
            return TRY_PAUSED;
    }
    return TRY_WHOLE;
}

/* Forgets what is there, so that the next try asks for all of it. */
static Try
start_over (PrFetch *self, GError **error)
{
    if (++self->beginnings >= MAX_BEGINNINGS) {
        fail (PR_ERROR_NO_DOWNLOAD, error, "the server has another file each time");
        return TRY_FAILED;
    }
    if (!pr_partial_forget (self->partial, error))
        return TRY_FAILED;
    fail (PR_ERROR_NO_DOWNLOAD, error, "the server has another file now");
    return TRY_BROKEN;
}

static Try
take_piece (PrFetch *self, PrWebAnswer *answer, GCancellable *cancellable, GError **error)
{
    if (pr_partial_get_marks (self->partial) == NULL || !fits (self, answer))
        return start_over (self, error);
    pr_partial_note_continued (self->partial);
    if (!pr_partial_reserve (self->partial, error))
        return TRY_FAILED;
    return receive (self, answer, cancellable, error);
}

/* RFC 9110, 10.2.3; the form with a date is as good as none. */
static void
note_retry_after (PrFetch *self, PrWebAnswer *answer)
{
    const char *text = get_header (answer, "Retry-After");

    self->retry_after = text != NULL ? MIN (g_ascii_strtod (text, NULL), LONGEST_RETRY_AFTER) : 0;
}

/* Busy servers and middlemen: later it may be another answer. */
static gboolean
may_change (guint status)
{
    return status >= 500 || status == SOUP_STATUS_REQUEST_TIMEOUT || status == 429 || status == 425;
}

static Try
take_refusal (PrFetch *self, PrWebAnswer *answer, GError **error)
{
    guint status = soup_message_get_status (answer->message);

    if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE)
        return start_over (self, error);
    note_retry_after (self, answer);
    fail (may_change (status) || status == SOUP_STATUS_PROXY_AUTHENTICATION_REQUIRED ? PR_ERROR_NO_DOWNLOAD
                                                                                     : PR_ERROR_FILE_WITHDRAWN,
          error, "the server answers with status %u", status);
    return may_change (status) ? TRY_BROKEN : TRY_FAILED;
}

static Try
take_answer (PrFetch *self, PrWebAnswer *answer, GCancellable *cancellable, GError **error)
{
    guint status = soup_message_get_status (answer->message);

    if (status == SOUP_STATUS_PARTIAL_CONTENT)
        return take_piece (self, answer, cancellable, error);
    if (status != SOUP_STATUS_OK)
        return take_refusal (self, answer, error);
    if (!begin (self, answer, error))
        return TRY_FAILED;
    return receive (self, answer, cancellable, error);
}

static Try
try_once (PrFetch *self, GCancellable *cancellable, GError **error)
{
    const PrPartialMarks *marks = pr_partial_get_marks (self->partial);
    const PrWebQuery query = {
        .from = marks != NULL ? pr_partial_get_length (self->partial) : 0,
        .if_range = marks == NULL         ? NULL
                    : marks->etag != NULL ? marks->etag
                                          : marks->modified,
    };

    if (marks != NULL && query.from == marks->size)
        return TRY_WHOLE;
    if (!pr_partial_check_room (self->partial, get_total (self), error))
        return TRY_FAILED;
    report (self, PR_FETCH_ASKING, query.from);
    g_autoptr (PrWebAnswer) answer =
        pr_web_ask (self->web, pr_firmware_get_facts (self->firmware)->address, &query, cancellable, error);
    if (answer != NULL)
        return take_answer (self, answer, cancellable, error);
    return error != NULL && g_error_matches (*error, PR_ERROR, PR_ERROR_NO_DOWNLOAD) ? TRY_BROKEN : TRY_FAILED;
}

/* --- All tries --- */

/* Twice as long each time, a thirtieth of the web's patience at first. */
static double
get_rest (PrFetch *self)
{
    double usual = ldexp (pr_web_get_patience (self->web) / 30, (int) self->tries - 1);
    double seconds = MAX (MIN (usual, LONGEST_REST), self->retry_after);

    self->retry_after = 0;
    return seconds;
}

/* A try that brought something is followed by the next at once; others by a rest, and not for ever. */
static gboolean
goes_on (PrFetch *self, guint64 before, GError **failure, GCancellable *cancellable)
{
    guint64 length = pr_partial_get_length (self->partial);

    if (length >= before + ENOUGH) {
        self->tries = 0;
        return TRUE;
    }
    if (++self->tries >= MAX_TRIES)
        return FALSE;
    g_debug ("try %u: %s", self->tries, (*failure)->message);
    return rest (self, get_rest (self), cancellable);
}

static gboolean
fetch_all (PrFetch *self, GCancellable *cancellable, GError **error)
{
    for (;;) {
        guint64 before = pr_partial_get_length (self->partial);
        g_autoptr (GError) failure = NULL;
        Try result = try_once (self, cancellable, &failure);

        if (result == TRY_WHOLE)
            return TRUE;
        if (result == TRY_PAUSED)
            wait_while_paused (self, cancellable);
        else if (result == TRY_FAILED || !goes_on (self, before, &failure, cancellable)) {
            if (g_cancellable_set_error_if_cancelled (cancellable, error))
                return FALSE;
            pr_web_look_for_sign_in (self->web, cancellable, &failure);
            g_propagate_error (error, g_steal_pointer (&failure));
            return FALSE;
        }
        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return FALSE;
    }
}

/* What is not the file is of no use to anybody. Whether it was put together from pieces decides if another try makes
 * sense. */
static gboolean
check (PrFetch *self, gboolean *again, GCancellable *cancellable, GError **error)
{
    gboolean pieces = !pr_partial_is_of_one_piece (self->partial);
    g_autoptr (GError) failure = NULL;

    report (self, PR_FETCH_CHECKING, pr_partial_get_length (self->partial));
    *again = FALSE;
    if (pr_partial_check (self->partial, cancellable, &failure))
        return TRUE;
    if (g_error_matches (failure, PR_ERROR, PR_ERROR_WRONG_DOWNLOAD)) {
        pr_partial_drop (self->partial);
        *again = pieces && ++self->beginnings < MAX_BEGINNINGS;
    }
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
}

static char *
fetch_once (PrFetch *self, gboolean *again, GCancellable *cancellable, GError **error)
{
    *again = FALSE;
    g_clear_pointer (&self->partial, pr_partial_free);
    self->partial = pr_firmware_folder_open_partial (self->folder, self->firmware, error);
    if (self->partial == NULL || !fetch_all (self, cancellable, error) || !check (self, again, cancellable, error))
        return NULL;
    return pr_firmware_folder_take (self->folder, self->firmware, self->partial, error);
}

static char *
fetch (PrFetch *self, GCancellable *cancellable, GError **error)
{
    gboolean again = TRUE;

    self->tries = self->beginnings = 0;
    while (again) {
        g_autoptr (GError) failure = NULL;
        char *path = fetch_once (self, &again, cancellable, &failure);

        if (path != NULL)
            return path;
        if (!again)
            g_propagate_error (error, g_steal_pointer (&failure));
    }
    return NULL;
}

/* --- Whose turn it is --- */

/* Waits for the lock as long as another process works; that one's waits end, and its lock goes with it. */
static PrFileLock *
take_turn (PrFetch *self, GCancellable *cancellable, GError **error)
{
    for (;;) {
        g_autoptr (GError) failure = NULL;
        PrFileLock *lock = pr_firmware_folder_lock (self->folder, self->firmware, &failure);

        if (lock != NULL)
            return lock;
        if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_BUSY)) {
            g_propagate_error (error, g_steal_pointer (&failure));
            return NULL;
        }
        report (self, PR_FETCH_OTHER, pr_firmware_folder_get_partial_length (self->folder, self->firmware));
        g_usleep (LOOK_INTERVAL);
        if (g_cancellable_set_error_if_cancelled (cancellable, error))
            return NULL;
    }
}

/* The file, if it is there by now. */
static char *
find (PrFetch *self, GCancellable *cancellable, GError **error)
{
    report (self, PR_FETCH_CHECKING, 0);
    return pr_firmware_folder_find (self->folder, self->firmware, cancellable, error);
}

char *
pr_fetch_run (PrFetch *self, GCancellable *cancellable, GError **error)
{
    g_autoptr (GError) failure = NULL;
    g_autoptr (PrFileLock) lock = take_turn (self, cancellable, &failure);
    g_autofree char *path = lock != NULL ? find (self, cancellable, &failure) : NULL;

    pr_fetch_pace_reset (&self->pace);
    if (path == NULL && failure == NULL)
        path = fetch (self, cancellable, &failure);
    g_clear_pointer (&self->partial, pr_partial_free);
    if (failure != NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
    return g_steal_pointer (&path);
}

/* --- The object --- */

static void
pr_fetch_finalize (GObject *object)
{
    PrFetch *self = PR_FETCH (object);

    g_clear_pointer (&self->partial, pr_partial_free);
    g_object_unref (self->web);
    g_object_unref (self->folder);
    g_object_unref (self->firmware);
    G_OBJECT_CLASS (pr_fetch_parent_class)->finalize (object);
}

static void
pr_fetch_class_init (PrFetchClass *klass)
{
    G_OBJECT_CLASS (klass)->finalize = pr_fetch_finalize;
}

static void
pr_fetch_init (PrFetch *self)
{
}

PrFetch *
pr_fetch_new (PrWeb *web, PrFirmwareFolder *folder, PrFirmware *firmware)
{
    PrFetch *self = g_object_new (PR_TYPE_FETCH, NULL);

    self->web = g_object_ref (web);
    self->folder = g_object_ref (folder);
    self->firmware = g_object_ref (firmware);
    return self;
}

void
pr_fetch_set_progress_func (PrFetch *self, PrFetchProgressFunc func, gpointer data)
{
    self->func = func;
    self->data = data;
}

void
pr_fetch_set_paused (PrFetch *self, gboolean paused)
{
    g_atomic_int_set (&self->paused, paused);
}
