// SPDX-License-Identifier: GPL-3.0-or-later
/* What cable, port and computer did while an operation ran: it explains a failure better than the failure's number. */
#include "pr-operation-private.h"

#define AFTERMATH (15 * G_USEC_PER_SEC)
#define HEARD_LATE (3 * G_USEC_PER_SEC) /* the tool may end of it before the helper tells of it */

/* Failures in which the phone was lost, or did not arrive. Others, such as a file that is damaged, no cable makes. */
static const PrError of_link[] = {
    PR_ERROR_UNPLUGGED,          PR_ERROR_UNPLUGGED_IN_WORK, PR_ERROR_LOST_IN_START, PR_ERROR_NO_ANSWER,
    PR_ERROR_NO_RECOVERY_RETURN, PR_ERROR_NO_RESTORE_MODE,   PR_ERROR_PHONE_GAVE_UP, PR_ERROR_TOOL_FAILED,
    PR_ERROR_BAD_ANSWER,         PR_ERROR_BACKUP_CUT,        PR_ERROR_PUT_BACK_CUT,
};

/* Those in which it left for its next mode: a virtual machine has to be given it anew each time. */
static const PrError of_change[] = { PR_ERROR_LOST_IN_START, PR_ERROR_NO_RECOVERY_RETURN, PR_ERROR_NO_RESTORE_MODE };

static gboolean
is_among (const GError *error, const PrError *codes, guint n_codes)
{
    for (guint i = 0; i < n_codes; i++)
        if (g_error_matches (error, PR_ERROR, (int) codes[i]))
            return TRUE;
    return FALSE;
}

static gboolean
explains (const PrFinding *fault, const GError *error)
{
    if (fault->kind == PR_FINDING_IN_MACHINE)
        return is_among (error, of_change, G_N_ELEMENTS (of_change));
    return is_among (error, of_link, G_N_ELEMENTS (of_link));
}

/* What was over before the operation began does not explain it. */
static gboolean
counts (PrOperationPrivate *priv, const PrFinding *finding)
{
    gboolean lasts = finding->kind != PR_FINDING_OVER_CURRENT && finding->kind != PR_FINDING_LOOSE_CONTACT &&
                     finding->kind != PR_FINDING_SLEPT;

    return (pr_finding_is_of_way (finding->kind) || finding->kind == PR_FINDING_SLEPT ||
            finding->kind == PR_FINDING_IN_MACHINE) &&
           (lasts || finding->last >= priv->started);
}

/* What began while it ran may be heard of and understood only when it is over. */
static gboolean
is_of_run (PrOperationPrivate *priv, const PrFinding *finding)
{
    return priv->claimed || (priv->ended != 0 && finding->first <= priv->ended + HEARD_LATE &&
                             g_get_monotonic_time () - priv->ended < AFTERMATH);
}

static void
note_findings (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);
    GArray *findings = pr_phone_get_findings (priv->phone);

    for (guint i = 0; findings && i < findings->len; i++) {
        const PrFinding *finding = &g_array_index (findings, PrFinding, i);
        if (!is_of_run (priv, finding) || !counts (priv, finding) ||
            (priv->has_fault && finding->kind > priv->fault.kind))
            continue;
        priv->fault = *finding;
        priv->has_fault = TRUE;
        return; /* the weightiest come first */
    }
}

void
pr_operation_watch_link (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    if (!priv->phone)
        return;
    g_signal_connect_object (priv->phone, "notify::findings", G_CALLBACK (note_findings), self, G_CONNECT_SWAPPED);
    note_findings (self);
}

const PrFinding *
pr_operation_get_link_fault (PrOperation *self)
{
    PrOperationPrivate *priv = pr_operation_private (self);

    return priv->has_fault && explains (&priv->fault, priv->error) ? &priv->fault : NULL;
}
