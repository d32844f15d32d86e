// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-backup-step.h"

#include <errno.h>
#include <gio/gio.h>

#include "pr-error.h"

gboolean
pr_backup_fail (GError **error, int number, const char *what)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DISK_FULL, "%s: %s", what, g_strerror (number));
        break;
    case EIO:
    case EROFS:
    case EACCES:
    case EPERM:
    case ENODEV:
    case ENXIO:
    case ESTALE:
    case ENOTCONN:
    case ENOMEDIUM:
    case ESHUTDOWN:
        g_set_error (error, PR_ERROR, PR_ERROR_BACKUP_DISK_GONE, "%s: %s", what, g_strerror (number));
        break;
    case ELOOP:
        g_set_error (error, PR_ERROR, PR_ERROR_UNSAFE_DATA, "%s: a link is in the way", what);
        break;
    default:
        g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "%s: %s", what, g_strerror (number));
        break;
    }
    return FALSE;
}

gboolean
pr_backup_step (const PrBackupSteps *steps, const char *step, GError **error)
{
    int number = steps->func != NULL ? steps->func (steps->phase, step, steps->data) : 0;

    return number == 0 || pr_backup_fail (error, number, step);
}
