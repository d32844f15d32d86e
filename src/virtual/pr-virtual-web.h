/* A small HTTP/1.1 server on one port of the loopback, which speaks TLS to who begins with TLS and plain text to who
 * does not, and serves as a proxy to itself (CONNECT). A body of more than 8 MiB is refused (413). One request a
 * connection. What it answers is another's business.
 *
 * Main thread for its life; each connection gets a thread, in which the function is called.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-virtual-certificate.h"

typedef struct {
    gboolean secure;
    char *method;
    char *path;
    char *range;      /* (nullable): "bytes=100-" */
    char *if_range;   /* (nullable) */
    gboolean expects; /* waits for leave before it sends its body */
    char *body;       /* of a POST; 8 MiB at most */
    gsize length;     /* of the body */
} PrVirtualRequest;

typedef struct {
    /* (nullable): the certificate to show now; any thread. Without it only plain text is spoken. */
    PrVirtualCertificateKind (*certificate) (gpointer data);
    /* Answers on @output; when it returns, the connection is closed without a word. */
    void (*answer) (const PrVirtualRequest *request, GOutputStream *output, gpointer data);
    gpointer data;
} PrVirtualWebHooks;

typedef struct _PrVirtualWeb PrVirtualWeb;

/* NULL and @error: no port to be had. */
PrVirtualWeb *pr_virtual_web_new (const PrVirtualWebHooks *hooks, GError **error);
guint16 pr_virtual_web_port (PrVirtualWeb *self);
char *pr_virtual_web_authority_pem (PrVirtualWeb *self); /* (transfer full); where there are certificates */
/* Whether anything listens on its port. */
void pr_virtual_web_set_listening (PrVirtualWeb *self, gboolean listening);
void pr_virtual_web_free (PrVirtualWeb *self); /* waits for those who are being answered */

/* printf to @output. Returns: whether it could be written */
gboolean pr_virtual_web_say (GOutputStream *output, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* A whole answer. @headers: (nullable): lines that end with \r\n */
void pr_virtual_web_reply (GOutputStream *output,
                           const char *status,
                           const char *headers,
                           const char *type,
                           const char *body,
                           gssize length);
