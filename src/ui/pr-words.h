/* What the window says of phones, goals and times. Main thread only; texts are translated.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "pr-plan.h"

/* Everything that is said about one goal. "%s" stands for what the phone is called; texts are N_(). */
typedef struct {
    const char *title; /* of its row; "%s" is iPhone or iPad */
    const char *text;  /* what it does, in a sentence */
    const char *icon;
    const char *css_class; /* (nullable) of the icon */
    const char *time;      /* how long it takes */
    const char *before;    /* name of its Readiness page */
    const char *about;     /* (nullable): what is said there first */
    const char *ready;     /* (nullable): headline there when everything is */
    const char *question;  /* (nullable): headline of Confirm; without one Readiness starts the work */
    const char *consent;   /* what the person ticks there */
    const char *button;    /* starts it */
    gboolean destroys;     /* the button is a destructive one */
    const char *running;   /* name of its Progress page */
    const char *untouched; /* (nullable): what Stop means while it does no harm at all */
    const char *cut;       /* (nullable): what "End Anyway" leaves, in a few words */
    const char *cut_text;  /* (nullable): the same in the dialog that asks */
    const char *stopped;   /* (nullable): how things stand when it was stopped in time */
    const char *done;      /* headline when it is done */
    const char *done_text;
    const char *gone[3];      /* what will be lost */
    const char *gone_if_same; /* (nullable): also, where the phone becomes just as it was */
    const char *stays[3];
} PrGoalWords;

const PrGoalWords *pr_words_of_goal (PrGoal goal);
/* (transfer full): the translation of one of these texts, with @what in the place of "%s" */
char *pr_words_fill (const char *text, const char *what);

/* "iPhone", "iPad" or "iPod touch"; not translated. @phone may be NULL. */
const char *pr_words_kind (PrPhone *phone);
const char *pr_words_kind_of (const char *product_type);
/* "iOS" or "iPadOS" */
const char *pr_words_system (PrPhone *phone);
const char *pr_words_system_of (const char *product_type);
/* (transfer full): "iPhone 14 · iOS 17.5.1" */
char *pr_words_model (PrPhone *phone);
/* (transfer full): "In recovery mode"; NULL in normal mode */
char *pr_words_mode (PrPhone *phone);
/**
 * pr_words_identity:
 * @request: (out) (transfer full): "Type the name: Anna’s iPhone"
 *
 * Returns: (transfer full): what is to be typed on Confirm: the name, or where it is unknown or hard to type the end of
 * the serial number, else of the ECID
 */
char *pr_words_identity (PrPhone *phone, char **request);
/* The same of a phone that is not there. */
char *pr_words_identity_of (const char *name, const char *udid, char **request);
/* (transfer full) (nullable): "serial number ends in Q6L7" */
char *pr_words_end_of_serial (PrPhone *phone);
/* (transfer full): "92 of 128 GB in use"; NULL: not known */
char *pr_words_storage (PrPhone *phone);
/* (transfer full): "82 %, charging"; NULL: not known */
char *pr_words_battery (PrPhone *phone);
/* (transfer full): "Today, 03:12" · "Yesterday, 21:40" · "12 November" · "12 November 2024" */
char *pr_words_date (GDateTime *date);
/* (transfer full): the same with the time of day in every case, "12 November, 21:40" */
char *pr_words_moment (GDateTime *date);
/* (transfer full): "20 s" · "6 min" · "1 h 10 min" */
char *pr_words_duration (double seconds);
/* (transfer full): "About 14 min left"; of a negative number that it is not known */
char *pr_words_time_left (double seconds);
/* (transfer full): the drawing of a step; "%s" in @pattern stands for the family of the phone, which may be NULL */
char *pr_words_drawing (const char *pattern, PrPhone *phone);
/* (transfer full): the phone itself, in the mode in which it is: with a face where it is well */
char *pr_words_portrait (PrPhone *phone);
/* (transfer full): how the cable runs, "Straight in" or "Through 2 hubs"; for a hub depth that is known */
char *pr_words_hubs (PrPhone *phone);
/* (transfer full): where a folder is, "~/Documents/Phone Backups" */
char *pr_words_path (const char *path);
