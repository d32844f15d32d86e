/* How servers are asked: always encrypted, with the certificate checked, through the proxies of this computer, and
 * never longer than a limit.
 *
 * Blocking; any thread but the main one, several at once. Errors: PR_ERROR_NO_DOWNLOAD (no answer, or a broken one),
 * _UNTRUSTED_SERVER, _SIGN_IN_FIRST; G_IO_ERROR_CANCELLED.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <libsoup/soup.h>

#define PR_TYPE_WEB (pr_web_get_type ())
G_DECLARE_FINAL_TYPE (PrWeb, pr_web, PR, WEB, GObject)

/* Construct properties: "trust" (GTlsDatabase; else this computer's), "proxies" (GProxyResolver; else this computer's),
 * "probe" (an address for pr_web_look_for_sign_in(); NULL: none) and "patience" (seconds without a byte, 30). */
PrWeb *pr_web_new (void);
double pr_web_get_patience (PrWeb *self);

/* What is wanted of a file; all zero: all of it. */
typedef struct {
    guint64 from;         /* the first byte */
    const char *if_range; /* (nullable): a mark of the version that it must have; else all of it comes */
    GBytes *body;         /* (nullable): XML to be posted; then the answer may be of any type */
} PrWebQuery;

/* An answer whose body is still to be read. */
typedef struct {
    SoupSession *session;
    SoupMessage *message;
    GInputStream *body;
} PrWebAnswer;

/**
 * pr_web_ask:
 * @address: beginning with https:
 *
 * Follows redirections, ten at most and none that leaves https. An answer of any status is an answer, but for a page
 * that wants a person to sign in.
 *
 * Returns: (transfer full)
 */
PrWebAnswer *pr_web_ask (PrWeb *self,
                         const char *address,
                         const PrWebQuery *query,
                         GCancellable *cancellable,
                         GError **error);
/* Returns: how many bytes were read, 0 at the end, -1 with @error */
gssize pr_web_answer_read (PrWebAnswer *self, void *buffer, gsize length, GCancellable *cancellable, GError **error);
void pr_web_answer_free (PrWebAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrWebAnswer, pr_web_answer_free)

/* All of a small file, within @seconds; more than @most bytes are an error. */
GBytes *pr_web_get (PrWeb *self,
                    const char *address,
                    gsize most,
                    double seconds,
                    GCancellable *cancellable,
                    GError **error);

/* The same of what is answered to @body, an XML text that is posted. */
GBytes *pr_web_post (PrWeb *self,
                     const char *address,
                     GBytes *body,
                     gsize most,
                     double seconds,
                     GCancellable *cancellable,
                     GError **error);

/* When @error says that a server is not reached or not trusted, this may be why: the network itself answers, to have a
 * person sign in. Asks the probe, unencrypted and at most 10 s, and if so makes it PR_ERROR_SIGN_IN_FIRST. */
void pr_web_look_for_sign_in (PrWeb *self, GCancellable *cancellable, GError **error);
