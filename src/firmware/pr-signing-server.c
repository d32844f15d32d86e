// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-signing-server.h"

#include "pr-error.h"

#include <string.h>

#define QUERY "?action=2"
#define SECONDS 30.0
#define MAX_ANSWER (8 * 1024 * 1024)
#define STATUS "STATUS="
#define MAX_WORDS 1000

GBytes *
pr_signing_server_ask (PrWeb *web, const char *server, GBytes *request, GCancellable *cancellable, GError **error)
{
    g_autofree char *address = g_strconcat (server, PR_SIGNING_PATH QUERY, NULL);
    g_autoptr (GError) failure = NULL;
    GBytes *answer = pr_web_post (web, address, request, MAX_ANSWER, SECONDS, cancellable, &failure);

    /* a server that is not reached is a signing server that is not reached */
    if (g_error_matches (failure, PR_ERROR, PR_ERROR_NO_DOWNLOAD))
        failure->code = PR_ERROR_NO_SIGNING;
    if (failure != NULL)
        g_propagate_error (error, g_steal_pointer (&failure));
    return answer;
}

/* (transfer full): "STATUS=94&MESSAGE=…", without the ticket */
static char *
read_words (GBytes *answer)
{
    gsize length = 0;
    const char *data = g_bytes_get_data (answer, &length);
    g_autofree char *text = g_strndup (data != NULL ? data : "", MIN (length, MAX_WORDS));

    return g_utf8_make_valid (text, -1);
}

int
pr_signing_server_read_status (GBytes *answer)
{
    g_autofree char *words = read_words (answer);
    char *end = NULL;

    if (!g_str_has_prefix (words, STATUS) || !g_ascii_isdigit (words[strlen (STATUS)]))
        return -1;
    guint64 status = g_ascii_strtoull (words + strlen (STATUS), &end, 10);
    return status <= G_MAXINT && *end == '&' ? (int) status : -1;
}

gboolean
pr_signing_server_is_granted (GBytes *answer, GError **error)
{
    g_autofree char *words = read_words (answer);
    int status = pr_signing_server_read_status (answer);

    if (status < 0)
        g_set_error_literal (error, PR_ERROR, PR_ERROR_NO_SIGNING, "the signing server's answer makes no sense");
    else if (status > 0)
        g_set_error (error, PR_ERROR, PR_ERROR_SIGNING_REFUSED, "the signing server says: %s", words);
    return status == 0;
}
