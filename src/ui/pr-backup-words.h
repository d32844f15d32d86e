/* What the window says of a backup. Main thread only; texts are translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-backup.h"
#include "pr-check.h"

/* (transfer full): "Anna’s iPhone", else "iPhone 14", else "iPhone" */
char *pr_backup_words_phone (PrBackup *backup);
/* (transfer full) (nullable): "iPhone 14"; %NULL where nothing is known */
char *pr_backup_words_model (PrBackup *backup);
/* (transfer full) (nullable): "iOS 17.5.1" */
char *pr_backup_words_system (PrBackup *backup);
/* (transfer full): "12 November, 21:40", or that it is not known */
char *pr_backup_words_date (PrBackup *backup);
/* (transfer full) (nullable): "4.2 GB" */
char *pr_backup_words_size (PrBackup *backup);
/* (transfer full): "iOS 17.5.1 · 4.2 GB · encrypted" */
char *pr_backup_words_facts (PrBackup *backup);

/* How its verification stands: good only where it was verified. @text: (nullable): in a sentence part */
PrCheckState pr_backup_words_state (PrBackup *backup, const char **text);
/* Headline of its own page: what is found, as a title */
const char *pr_backup_words_headline (PrBackup *backup);
/* A sentence or two below it */
const char *pr_backup_words_meaning (PrBackup *backup);
