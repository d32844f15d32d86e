// SPDX-License-Identifier: GPL-3.0-or-later
/* Traces of what happens on USB, and what must be found in them, or must not. Each is played in 50 jittered variants.
 *
 * A trace is a list of "SECONDS WORD PORT KEY=VALUE…"; "at SECONDS" ends it and asks. Words: in, out, answers, silent,
 * cut (over-current), begins, ends (an operation), slept, daemons, charges, machine.
 */
#include <string.h>

#include "pr-link.h"

#define VARIANTS 50
#define JITTER 0.1 /* of each pause */
#define START (1000 * G_USEC_PER_SEC)

typedef struct {
    PrFindingKind kind;
    gboolean raises;
    const char *trace;
} Case;

static const Case cases[] = {
    /* loose contact: three losses within ten seconds */
    { PR_FINDING_LOOSE_CONTACT, TRUE,
      "0 in 1-1; 5 out 1-1; 6 in 1-1; 7 out 1-1; 7.5 in 1-1; 8 out 1-1; 9 in 1-1; at 10" },
    { PR_FINDING_LOOSE_CONTACT, TRUE,
      "0 in 1-1 mode=recovery; 3 out 1-1; 3.2 in 1-1 mode=recovery; 5 out 1-1; 5.2 in 1-1 mode=recovery; 7 out 1-1; "
      "8 in 1-1 mode=recovery; at 30" },
    { PR_FINDING_LOOSE_CONTACT, TRUE,
      "0 in 1-2.1; 0 begins; 60 out 1-2.1; 61 in 1-2.1; 62 out 1-2.1; 63 in 1-2.1; 64 out 1-2.1; 65 in 1-2.1; "
      "66 out 1-2.1; at 70" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, "0 in 1-1; 5 out 1-1; 6 in 1-1; 8 out 1-1; 9 in 1-1; at 10" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, /* the modes of a restore */
      "0 in 1-1; 1 begins; 2 out 1-1; 3 in 1-1 mode=recovery; 4 out 1-1; 5 in 1-1 mode=recovery; 6 out 1-1; "
      "7 in 1-1 mode=restore; at 8" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, /* its next stage, and two losses */
      "0 in 1-1 mode=recovery; 1 begins; 2 out 1-1; 3 in 1-1 mode=recovery; 4 out 1-1; 4.5 in 1-1 mode=recovery; "
      "6 out 1-1; 6.5 in 1-1 mode=recovery; at 8" },
    { PR_FINDING_LOOSE_CONTACT, TRUE, /* lost while nobody had it load anything */
      "0 in 1-1 mode=recovery; 2 out 1-1; 3 in 1-1 mode=recovery; 4 out 1-1; 4.5 in 1-1 mode=recovery; "
      "6 out 1-1; 6.5 in 1-1 mode=recovery; at 8" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, /* two phones, plugged in quickly */
      "0 in 1-1 ecid=1; 1 out 1-1; 2 in 1-2 ecid=2; 3 out 1-2; 4 in 1-1 ecid=2; 5 out 1-1; 6 in 1-2 ecid=1; at 8" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, /* one after the other at the same port */
      "0 in 1-1 ecid=1; 2 out 1-1; 3 in 1-1 ecid=2; 5 out 1-1; 6 in 1-1 ecid=3; 8 out 1-1; 9 in 1-1 ecid=4; at 9.5" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, /* it has held since */
      "0 in 1-1; 5 out 1-1; 6 in 1-1; 7 out 1-1; 7.5 in 1-1; 8 out 1-1; 9 in 1-1; at 90" },
    { PR_FINDING_LOOSE_CONTACT, FALSE, /* far apart: a phone that restarts */
      "0 in 1-1; 30 out 1-1; 33 in 1-1; 63 out 1-1; 66 in 1-1; 96 out 1-1; 99 in 1-1; at 100" },

    /* boot loop: three rounds without an answer */
    { PR_FINDING_BOOT_LOOP, TRUE, "0 in 1-1; 30 out 1-1; 40 in 1-1; 70 out 1-1; 80 in 1-1; 110 out 1-1; at 120" },
    { PR_FINDING_BOOT_LOOP, TRUE,
      "0 in 1-1; 22 out 1-1; 25 in 1-1; 50 out 1-1; 54 in 1-1; 75 out 1-1; 78 in 1-1; 80 silent 1-1; at 90" },
    { PR_FINDING_BOOT_LOOP, TRUE,
      "0 in 1-1; 5 silent 1-1; 50 out 1-1; 90 in 1-1; 140 out 1-1; 180 in 1-1; 225 out 1-1; 260 in 1-1; 300 out 1-1; "
      "at 310" },
    { PR_FINDING_BOOT_LOOP, FALSE, "0 in 1-1; 30 out 1-1; 40 in 1-1; 70 out 1-1; 80 in 1-1; at 100" },
    { PR_FINDING_BOOT_LOOP, FALSE, /* it answers: somebody pulls it */
      "0 in 1-1; 3 answers 1-1; 30 out 1-1; 40 in 1-1; 43 answers 1-1; 70 out 1-1; 80 in 1-1; 83 answers 1-1; "
      "110 out 1-1; at 120" },
    { PR_FINDING_BOOT_LOOP, FALSE, /* the starts after an update */
      "0 in 1-1 mode=restore; 0 begins; 100 ends; 101 out 1-1; 110 in 1-1; 140 out 1-1; 150 in 1-1; 180 out 1-1; "
      "190 in 1-1; 220 out 1-1; at 230" },
    { PR_FINDING_BOOT_LOOP, FALSE, /* it has come up since */
      "0 in 1-1; 30 out 1-1; 40 in 1-1; 70 out 1-1; 80 in 1-1; 110 out 1-1; 120 in 1-1; 150 answers 1-1; at 160" },
    { PR_FINDING_BOOT_LOOP, FALSE, /* no rhythm: somebody tries cables */
      "0 in 1-1; 12 out 1-1; 20 in 1-1; 110 out 1-1; 115 in 1-1; 129 out 1-1; at 130" },

    /* hangs at the logo */
    { PR_FINDING_HANGS, TRUE, "0 in 1-1; 10 silent 1-1; at 150" },
    { PR_FINDING_HANGS, TRUE, "0 in 1-1 speed=480; 60 silent 1-1; 100 in 1-1 speed=480 hubs=1; at 150" },
    { PR_FINDING_HANGS, TRUE, "0 begins; 5 ends; 10 in 1-1; 30 silent 1-1; at 800" },
    { PR_FINDING_HANGS, FALSE, "0 in 1-1; 10 silent 1-1; at 60" },
    { PR_FINDING_HANGS, FALSE, "0 in 1-1; 10 silent 1-1; 100 answers 1-1; at 300" },
    { PR_FINDING_HANGS, FALSE, "0 begins; 5 ends; 10 in 1-1; 30 silent 1-1; at 300" },
    { PR_FINDING_HANGS, FALSE, "0 in 1-1 mode=recovery; 10 silent 1-1; at 300" },

    /* asks for a computer */
    { PR_FINDING_ASKS, TRUE, "0 in 1-1 mode=recovery; at 1" },
    { PR_FINDING_ASKS, TRUE, "0 in 1-1; 30 out 1-1; 35 in 1-1 mode=recovery; at 40" },
    { PR_FINDING_ASKS, TRUE, "0 begins; 10 ends; 800 in 1-1 mode=recovery; at 801" },
    { PR_FINDING_ASKS, FALSE, "0 in 1-1; 1 begins; 5 out 1-1; 8 in 1-1 mode=recovery; at 10" },
    { PR_FINDING_ASKS, FALSE, "0 in 1-1; at 10" },
    { PR_FINDING_ASKS, FALSE, "0 in 1-1 mode=recovery; 5 out 1-1; 20 in 1-1; at 30" },
    { PR_FINDING_ASKS, FALSE, "0 in 1-1 mode=dfu; at 30" },

    /* hubs */
    { PR_FINDING_HUBS, TRUE, "0 in 1-1.2.3 hubs=2; at 1" },
    { PR_FINDING_HUBS, TRUE, "0 in 1-1.2.3.4 hubs=3; at 1" },
    { PR_FINDING_HUBS, TRUE, "0 in 1-1 hubs=0; 5 out 1-1; 9 in 1-1.2.3 hubs=2 mode=recovery; at 10" },
    { PR_FINDING_HUBS, FALSE, "0 in 1-1 hubs=1; at 1" },
    { PR_FINDING_HUBS, FALSE, "0 in 1-1; at 1" },
    { PR_FINDING_HUBS, FALSE, "0 in 1-1.2.3 hubs=2; 5 out 1-1.2.3; 9 in 1-1 hubs=0; at 10" },

    /* slow, and below the model's best */
    { PR_FINDING_SLOW, TRUE, "0 in 1-1 speed=12; at 1" },
    { PR_FINDING_SLOW, TRUE, "0 in 1-1 speed=1; at 1" },
    { PR_FINDING_SLOW, TRUE, "0 in 1-1 speed=12 best=10000; at 1" },
    { PR_FINDING_SLOW, FALSE, "0 in 1-1 speed=480 best=10000; at 1" },
    { PR_FINDING_SLOW, FALSE, "0 in 1-1; at 1" },
    { PR_FINDING_SLOW, FALSE, "0 in 1-1 speed=12; 3 out 1-1; 5 in 1-1 speed=480; at 7" },
    { PR_FINDING_BELOW_BEST, TRUE, "0 in 1-1 speed=480 best=10000; at 1" },
    { PR_FINDING_BELOW_BEST, TRUE, "0 in 1-1 speed=5000 best=10000; at 1" },
    { PR_FINDING_BELOW_BEST, TRUE, "0 in 1-1 speed=480; 2 in 1-1 speed=480 best=5000; at 3" },
    { PR_FINDING_BELOW_BEST, FALSE, "0 in 1-1 speed=480 best=480; at 1" },
    { PR_FINDING_BELOW_BEST, FALSE, "0 in 1-1 speed=10000 best=10000; at 1" },
    { PR_FINDING_BELOW_BEST, FALSE, "0 in 1-1 best=10000; at 1" },

    /* power */
    { PR_FINDING_OVER_CURRENT, TRUE, "0 cut 1-1; at 1" },
    { PR_FINDING_OVER_CURRENT, TRUE, "0 in 1-1; 5 cut 1-1; 5 out 1-1; at 60" },
    { PR_FINDING_OVER_CURRENT, TRUE, "0 cut 1-1; 9 cut 1-1; at 300" },
    { PR_FINDING_OVER_CURRENT, FALSE, "0 in 1-1; 5 out 1-1; at 6" },
    { PR_FINDING_OVER_CURRENT, FALSE, "0 cut 1-1; 900 in 1-1; at 901" },
    { PR_FINDING_OVER_CURRENT, FALSE, "0 in 1-1 unpowered=1; at 6" },
    { PR_FINDING_NO_POWER, TRUE, "0 in 1-1.1 hubs=1 unpowered=1; at 1" },
    { PR_FINDING_NO_POWER, TRUE, "0 in 1-1.1; 1 in 1-1.1 unpowered=1; at 2" },
    { PR_FINDING_NO_POWER, TRUE, "0 in 1-1.1 unpowered=1; at 700" },
    { PR_FINDING_NO_POWER, FALSE, "0 in 1-1.1 unpowered=1; 5 in 1-1.1; at 6" },
    { PR_FINDING_NO_POWER, FALSE, "0 in 1-1.1 unpowered=1; 5 out 1-1.1; 9 in 1-2; at 10" },
    { PR_FINDING_NO_POWER, FALSE, "0 in 1-1.1; at 10" },

    /* trust */
    { PR_FINDING_LOCKED, TRUE, "0 in 1-1; 1 answers 1-1 trust=locked; at 2" },
    { PR_FINDING_LOCKED, TRUE, "0 in 1-1; 1 answers 1-1; 9 answers 1-1 trust=locked; at 10" },
    { PR_FINDING_LOCKED, TRUE, "0 in 1-1; 1 answers 1-1 trust=locked; at 1200" },
    { PR_FINDING_LOCKED, FALSE, "0 in 1-1; 1 answers 1-1 trust=locked; 9 answers 1-1; at 10" },
    { PR_FINDING_LOCKED, FALSE, "0 in 1-1; 1 answers 1-1 trust=locked; 9 out 1-1; at 10" },
    { PR_FINDING_LOCKED, FALSE, "0 in 1-1; 1 answers 1-1 trust=never; at 10" },
    { PR_FINDING_NOT_TRUSTED, TRUE, "0 in 1-1; 1 answers 1-1 trust=never; at 2" },
    { PR_FINDING_NOT_TRUSTED, TRUE, "0 in 1-1; 1 answers 1-1 trust=refused; at 2" },
    { PR_FINDING_NOT_TRUSTED, TRUE, "0 in 1-1; 1 answers 1-1 trust=stale; at 2" },
    { PR_FINDING_NOT_TRUSTED, FALSE, "0 in 1-1; 1 answers 1-1; at 2" },
    { PR_FINDING_NOT_TRUSTED, FALSE, "0 in 1-1; at 2" },
    { PR_FINDING_NOT_TRUSTED, FALSE, /* it was erased just now */
      "0 in 1-1; 1 answers 1-1; 2 begins; 5 out 1-1; 60 in 1-1; 90 answers 1-1 trust=never; 91 ends; at 92" },
    { PR_FINDING_NOT_TRUSTED, TRUE, "0 begins; 5 in 1-1; 9 answers 1-1 trust=refused; 10 ends; at 12" },
    { PR_FINDING_NOT_TRUSTED, FALSE, "0 in 1-1; 1 answers 1-1 trust=never; 3 answers 1-1; at 5" },

    /* names */
    { PR_FINDING_SAME_NAME, TRUE, "0 in 1-1; 1 answers 1-1 name=iPhone; 2 in 1-2; 3 answers 1-2 name=iPhone; at 4" },
    { PR_FINDING_SAME_NAME, TRUE,
      "0 in 1-1 ecid=1; 1 answers 1-1 name=Anna; 900 in 1-2 ecid=2; 903 answers 1-2 name=Anna; at 904" },
    { PR_FINDING_SAME_NAME, TRUE,
      "0 in 1-1; 0 in 1-2; 0 in 1-3; 1 answers 1-1 name=A; 1 answers 1-2 name=B; 1 answers 1-3 name=A; at 4" },
    { PR_FINDING_SAME_NAME, FALSE, "0 in 1-1; 1 answers 1-1 name=A; 2 in 1-2; 3 answers 1-2 name=B; at 4" },
    { PR_FINDING_SAME_NAME, FALSE, "0 in 1-1; 1 answers 1-1 name=A; 2 out 1-1; 3 in 1-2; 4 answers 1-2 name=A; at 5" },
    { PR_FINDING_SAME_NAME, FALSE, "0 in 1-1; 1 answers 1-1; 2 in 1-2; 3 answers 1-2; at 4" },

    /* the computer */
    { PR_FINDING_CHARGE_ONLY, TRUE, "0 charges; at 40" },
    { PR_FINDING_CHARGE_ONLY, TRUE, "0 in 1-1; 5 out 1-1; 9 charges; at 50" },
    { PR_FINDING_CHARGE_ONLY, TRUE, "0 charges; 20 charges; at 60" },
    { PR_FINDING_CHARGE_ONLY, FALSE, "0 charges; at 20" },
    { PR_FINDING_CHARGE_ONLY, FALSE, "0 charges; 20 in 1-1; 25 out 1-1; at 60" },
    { PR_FINDING_CHARGE_ONLY, FALSE, "0 in 1-1; 5 charges; at 60" },
    { PR_FINDING_SLEPT, TRUE, "0 in 1-1; 1 begins; 50 slept; at 60" },
    { PR_FINDING_SLEPT, TRUE, "0 in 1-1; 1 begins; 50 slept; 51 out 1-1; 55 ends; at 60" },
    { PR_FINDING_SLEPT, TRUE, "0 begins; 700 slept; at 710" },
    { PR_FINDING_SLEPT, FALSE, "0 in 1-1; 50 slept; at 60" },
    { PR_FINDING_SLEPT, FALSE, "0 in 1-1; 1 begins; 20 ends; 50 slept; at 60" },
    { PR_FINDING_SLEPT, FALSE, "0 slept; 5 begins; at 60" },
    { PR_FINDING_TWO_DAEMONS, TRUE, "0 daemons count=2; at 1" },
    { PR_FINDING_TWO_DAEMONS, TRUE, "0 daemons count=1; 5 daemons count=3; at 6" },
    { PR_FINDING_TWO_DAEMONS, TRUE, "0 daemons count=2; 900 in 1-1; at 901" },
    { PR_FINDING_TWO_DAEMONS, FALSE, "0 daemons count=1; at 1" },
    { PR_FINDING_TWO_DAEMONS, FALSE, "0 daemons count=2; 5 daemons count=1; at 6" },
    { PR_FINDING_TWO_DAEMONS, FALSE, "0 daemons count=0; at 6" },
    { PR_FINDING_HELD, TRUE, "0 in 1-1 held=1; at 1" },
    { PR_FINDING_HELD, TRUE, "0 in 1-1; 2 in 1-1 held=1; at 3" },
    { PR_FINDING_HELD, TRUE, "0 in 1-1 mode=recovery held=1; at 3" },
    { PR_FINDING_HELD, FALSE, "0 in 1-1; at 1" },
    { PR_FINDING_HELD, FALSE, "0 in 1-1 held=1; 5 in 1-1; at 6" },
    { PR_FINDING_HELD, FALSE, "0 in 1-1 held=1; 5 out 1-1; at 6" },
    { PR_FINDING_IN_MACHINE, TRUE, "0 machine; at 1" },
    { PR_FINDING_IN_MACHINE, TRUE, "0 machine; 5 in 1-1; at 9" },
    { PR_FINDING_IN_MACHINE, TRUE, "0 machine; 900 in 1-1; at 1000" },
    { PR_FINDING_IN_MACHINE, FALSE, "0 in 1-1; at 1" },
    { PR_FINDING_IN_MACHINE, FALSE, "0 daemons count=1; at 1" },
    { PR_FINDING_IN_MACHINE, FALSE, "0 charges; at 1" },
};

/* --- Playing a trace --- */

static PrLinkEventKind
read_kind (const char *word)
{
    static const char *const words[] = {
        [PR_LINK_ATTACHED] = "in",     [PR_LINK_DETACHED] = "out",       [PR_LINK_ANSWERED] = "answers",
        [PR_LINK_SILENT] = "silent",   [PR_LINK_OVER_CURRENT] = "cut",   [PR_LINK_EXPECTED] = "begins",
        [PR_LINK_SETTLED] = "ends",    [PR_LINK_SLEPT] = "slept",        [PR_LINK_DAEMONS] = "daemons",
        [PR_LINK_CHARGES] = "charges", [PR_LINK_IN_MACHINE] = "machine",
    };

    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (g_str_equal (words[i], word))
            return i;
    g_error ("no such word in a trace: %s", word);
}

static PrPhoneMode
read_mode (const char *word)
{
    if (g_str_equal (word, "recovery"))
        return PR_PHONE_MODE_RECOVERY;
    return g_str_equal (word, "dfu") ? PR_PHONE_MODE_DFU : PR_PHONE_MODE_RESTORE;
}

static PrTrust
read_trust (const char *word)
{
    if (g_str_equal (word, "locked"))
        return PR_TRUST_LOCKED;
    if (g_str_equal (word, "refused"))
        return PR_TRUST_REFUSED;
    return g_str_equal (word, "stale") ? PR_TRUST_STALE : PR_TRUST_NEVER;
}

static void
take_value (PrLinkEvent *event, const char *key, const char *value)
{
    if (g_str_equal (key, "mode"))
        event->mode = read_mode (value);
    else if (g_str_equal (key, "trust"))
        event->trust = read_trust (value);
    else if (g_str_equal (key, "name"))
        g_strlcpy (event->name, value, sizeof event->name);
    else if (g_str_equal (key, "ecid"))
        event->ecid = (guint64) atoi (value);
    else if (g_str_equal (key, "speed"))
        event->speed = atoi (value);
    else if (g_str_equal (key, "best"))
        event->best_speed = atoi (value);
    else if (g_str_equal (key, "hubs"))
        event->hub_depth = atoi (value);
    else if (g_str_equal (key, "unpowered"))
        event->unpowered = TRUE;
    else if (g_str_equal (key, "held"))
        event->held = TRUE;
    else if (g_str_equal (key, "count"))
        event->count = (guint) atoi (value);
    else
        g_error ("no such key in a trace: %s", key);
}

static void
read_event (PrLinkEvent *event, char **words)
{
    *event = (PrLinkEvent) {
        .kind = read_kind (words[1]), .mode = PR_PHONE_MODE_NORMAL, .hub_depth = -1, .trust = PR_TRUST_TRUSTED
    };
    for (char **word = words + 2; *word; word++) {
        g_auto (GStrv) pair = g_strsplit (*word, "=", 2);
        if (pair[1])
            take_value (event, pair[0], pair[1]);
        else
            g_strlcpy (event->port, *word, sizeof event->port);
    }
}

typedef struct {
    GRand *rand; /* NULL: as it is written */
    double written;
    gint64 now;
} Clock;

static void
advance (Clock *clock, double written)
{
    double factor = clock->rand ? g_rand_double_range (clock->rand, 1 - JITTER, 1 + JITTER) : 1;

    clock->now += (gint64) ((written - clock->written) * factor * G_USEC_PER_SEC);
    clock->written = written;
}

/* (transfer full): the history; @now: when it is asked */
static PrLinkHistory *
play (const char *trace, GRand *rand, gint64 *now)
{
    g_autoptr (PrLinkHistory) history = pr_link_history_new ();
    g_auto (GStrv) lines = g_strsplit (trace, "; ", -1);
    Clock clock = { .rand = rand, .now = START };

    for (char **line = lines; *line; line++) {
        g_auto (GStrv) words = g_strsplit (*line, " ", -1);
        PrLinkEvent event;
        if (g_str_equal (words[0], "at")) {
            advance (&clock, g_ascii_strtod (words[1], NULL));
            break;
        }
        advance (&clock, g_ascii_strtod (words[0], NULL));
        read_event (&event, words);
        event.time = clock.now;
        pr_link_history_add (history, &event);
    }
    *now = clock.now;
    return g_steal_pointer (&history);
}

static gboolean
is_found (PrLinkHistory *history, gint64 now, PrFindingKind kind)
{
    g_autoptr (GArray) findings = pr_link_history_find (history, now);

    for (guint i = 0; i < findings->len; i++)
        if (g_array_index (findings, PrFinding, i).kind == kind)
            return TRUE;
    return FALSE;
}

static void
test_trace (gconstpointer data)
{
    const Case *the = data;
    guint32 seed = (guint32) g_test_rand_int ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    g_test_message ("seed %u", seed);
    for (guint i = 0; i <= VARIANTS; i++) {
        gint64 now;
        g_autoptr (PrLinkHistory) history = play (the->trace, i > 0 ? rand : NULL, &now);
        if (is_found (history, now, the->kind) != the->raises)
            g_error ("variant %u: %s in “%s”", i, the->raises ? "not found" : "wrongly found", the->trace);
    }
}

/* --- Beside the traces --- */

static void
test_enough_cases (void)
{
    guint raising[PR_N_FINDINGS] = { 0 }, silent[PR_N_FINDINGS] = { 0 };

    for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
        (cases[i].raises ? raising : silent)[cases[i].kind]++;
    for (PrFindingKind kind = 0; kind < PR_N_FINDINGS; kind++) {
        g_assert_cmpuint (raising[kind], >=, 3);
        g_assert_cmpuint (silent[kind], >=, 3);
        g_assert_cmpint (pr_finding_get_tries (kind)[0], !=, PR_TRY_END);
    }
}

/* What a whole restore looks like on the bus raises nothing; the same with a bad cable is told from it. */
static void
test_restore (void)
{
    static const char quiet[] =
        "0 in 1-1 ecid=1 speed=480 hubs=0; 1 answers 1-1 name=Anna; 20 begins; 25 out 1-1; "
        "40 in 1-1 ecid=1 mode=recovery speed=480 hubs=0; 50 out 1-1; 52 in 1-1 ecid=1 mode=recovery speed=480 hubs=0; "
        "60 out 1-1; 75 in 1-1 ecid=1 mode=restore speed=480 hubs=0; 600 out 1-1; 640 in 1-1 ecid=1 speed=480 hubs=0; "
        "650 silent 1-1; 700 answers 1-1 name=iPhone; 701 ends; at 710";
    static const char flapping[] =
        "0 in 1-1 ecid=1; 1 answers 1-1 name=Anna; 20 begins; 25 out 1-1; 40 in 1-1 ecid=1 mode=recovery; "
        "50 out 1-1; 51 in 1-1 ecid=1 mode=recovery; 52 out 1-1; 53 in 1-1 ecid=1 mode=recovery; 54 out 1-1; "
        "55 in 1-1 ecid=1 mode=recovery; 56 out 1-1; 57 in 1-1 ecid=1 mode=recovery; 58 out 1-1; at 60";
    gint64 now;
    g_autoptr (PrLinkHistory) good = play (quiet, NULL, &now);
    g_autoptr (GArray) none = pr_link_history_find (good, now);
    g_autoptr (PrLinkHistory) bad = play (flapping, NULL, &now);
    g_autoptr (GArray) found = pr_link_history_find (bad, now);
    const PrFinding *finding = &g_array_index (found, PrFinding, 0);

    g_assert_cmpuint (none->len, ==, 0);
    g_assert_cmpuint (found->len, ==, 1);
    g_assert_cmpint (finding->kind, ==, PR_FINDING_LOOSE_CONTACT);
    g_assert_cmpuint (finding->count, ==, 3); /* the first time it came back, it had loaded its next stage */
    g_assert_cmpstr (finding->port, ==, "1-1");
    g_assert_cmpuint (pr_link_history_count_lost (bad, "1-1", now - 60 * G_USEC_PER_SEC), ==, 3);
    g_assert_cmpuint (pr_link_history_count_lost (bad, "1-2", now - 60 * G_USEC_PER_SEC), ==, 0);
    g_assert_cmpuint (pr_link_history_count_lost (bad, NULL, now - 7 * G_USEC_PER_SEC), ==, 2);
}

/* Nothing that lasts is forgotten with the events that told of it. */
static void
test_lasting (void)
{
    gint64 now;
    g_autoptr (PrLinkHistory) history =
        play ("0 in 1-1 ecid=1 hubs=2; 1 answers 1-1 trust=locked; 5 in 1-1 ecid=1 hubs=3; 6 daemons count=2; "
              "2000 charges; 4000 charges; at 4001",
              NULL, &now);

    g_assert_cmpuint (pr_link_history_get_length (history), ==, 1);
    g_assert_true (is_found (history, now, PR_FINDING_HUBS));
    g_assert_true (is_found (history, now, PR_FINDING_LOCKED));
    g_assert_true (is_found (history, now, PR_FINDING_TWO_DAEMONS));
    g_assert_false (is_found (history, now, PR_FINDING_CHARGE_ONLY));
}

static void
make_random (PrLinkEvent *event, GRand *rand, gint64 time)
{
    *event = (PrLinkEvent) {
        .time = time - g_rand_int_range (rand, 0, G_USEC_PER_SEC),
        .kind = (PrLinkEventKind) g_rand_int_range (rand, 0, PR_LINK_N_EVENTS),
        .mode = (PrPhoneMode) g_rand_int_range (rand, 0, PR_PHONE_MODE_RESTORE + 1),
        .ecid = (guint64) g_rand_int_range (rand, 0, 3),
        .speed = g_rand_int_range (rand, -1, 20000),
        .best_speed = g_rand_int_range (rand, -1, 20000),
        .hub_depth = g_rand_int_range (rand, -1, 8),
        .unpowered = g_rand_boolean (rand),
        .held = g_rand_boolean (rand),
        .trust = (PrTrust) g_rand_int_range (rand, 0, PR_TRUST_TRUSTED + 1),
        .count = g_rand_int (rand),
    };
    g_snprintf (event->port, sizeof event->port, "1-%d", g_rand_int_range (rand, 0, 200));
    g_snprintf (event->name, sizeof event->name, "%d", g_rand_int_range (rand, 0, 5));
}

static void
play_random (GRand *rand)
{
    g_autoptr (PrLinkHistory) history = pr_link_history_new ();
    gint64 now = START;
    guint length = (guint) g_rand_int_range (rand, 1, 120);

    for (guint i = 0; i < length; i++) {
        PrLinkEvent event;
        now += g_rand_int_range (rand, 0, 40) * G_USEC_PER_SEC;
        make_random (&event, rand, now);
        pr_link_history_add (history, &event);
    }
    g_array_unref (pr_link_history_find (history, now));
}

static void
test_fuzz (void)
{
    guint32 seed = (guint32) g_test_rand_int ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

    g_test_message ("seed %u", seed);
    for (guint i = 0; i < 10000; i++)
        play_random (rand);
}

/* However much happens in ten minutes, only so much is kept, and it is read quickly enough for each picture. */
static void
test_bounded (void)
{
    g_autoptr (PrLinkHistory) history = pr_link_history_new ();
    g_autoptr (GRand) rand = g_rand_new_with_seed (7);

    for (guint i = 0; i < 100000; i++) {
        PrLinkEvent event;
        make_random (&event, rand, START + i);
        pr_link_history_add (history, &event);
    }
    g_assert_cmpuint (pr_link_history_get_length (history), ==, 4096);
    g_array_unref (pr_link_history_find (history, START + 100000));
}

int
main (int argc, char **argv)
{
    g_test_init (&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
        g_autofree char *path =
            g_strdup_printf ("/link/trace/%02d/%s/%u", cases[i].kind, cases[i].raises ? "raises" : "does-not", i);
        g_test_add_data_func (path, &cases[i], test_trace);
    }
    g_test_add_func ("/link/enough-cases", test_enough_cases);
    g_test_add_func ("/link/restore", test_restore);
    g_test_add_func ("/link/lasting", test_lasting);
    g_test_add_func ("/link/fuzz", test_fuzz);
    g_test_add_func ("/link/bounded", test_bounded);
    return g_test_run ();
}
