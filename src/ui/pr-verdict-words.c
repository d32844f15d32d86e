// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-verdict-words.h"

#include <glib/gi18n.h>

static const struct {
    const char *title;
    const char *values[PR_ANSWER_YES + 1]; /* NULL: no row */
} words[PR_N_VERDICT_SIGNS] = {
    [PR_VERDICT_SAME_PHONE] = { N_ ("The Same Phone"),
                                { [PR_ANSWER_YES] = N_ ("The one that you confirmed came back") } },
    [PR_VERDICT_EMPTY] = { N_ ("Erased"), { [PR_ANSWER_YES] = N_ ("It came back, and knows this computer no more") } },
    [PR_VERDICT_FIND_MY] = { N_ ("Find My"),
                             { [PR_ANSWER_UNKNOWN] = N_ ("This computer could not read it before"),
                               [PR_ANSWER_NO] = N_ ("It was on before"),
                               [PR_ANSWER_YES] = N_ ("It was off before") } },
    [PR_VERDICT_ACTIVATION_LOCK] = { N_ ("Activation Lock"),
                                     { [PR_ANSWER_UNKNOWN] = N_ ("The phone does not tell"),
                                       [PR_ANSWER_NO] = N_ ("On: the setup asks for an Apple Account"),
                                       [PR_ANSWER_YES] = N_ ("Off") } },
    [PR_VERDICT_ACTIVATION] = { N_ ("Activation"),
                                { [PR_ANSWER_UNKNOWN] = N_ ("The phone does not tell"),
                                  [PR_ANSWER_NO] = N_ ("It has been activated since"),
                                  [PR_ANSWER_YES] = N_ ("Not activated yet") } },
    [PR_VERDICT_SETUP] = { N_ ("Setup"),
                           { [PR_ANSWER_NO] = N_ ("Somebody has set it up since"),
                             [PR_ANSWER_YES] = N_ ("Not begun") } },
    [PR_VERDICT_MANAGEMENT] = { N_ ("Managed by"),
                                { [PR_ANSWER_UNKNOWN] = N_ ("Not known"),
                                  [PR_ANSWER_NO] = N_ ("An organisation, before it was erased"),
                                  [PR_ANSWER_YES] = N_ ("Nobody, before it was erased") } },
};

const char *
pr_verdict_words_title (PrVerdictSign sign)
{
    return _ (words[sign].title);
}

const char *
pr_verdict_words_value (PrVerdictSign sign, PrAnswer good)
{
    const char *value = words[sign].values[good];

    return value ? _ (value) : NULL;
}

PrCheckState
pr_verdict_words_state (PrAnswer good)
{
    if (good == PR_ANSWER_UNKNOWN)
        return PR_CHECK_NOT_KNOWN;
    return good == PR_ANSWER_YES ? PR_CHECK_GOOD : PR_CHECK_BLOCKING;
}

PrVerdictWords
pr_verdict_words (const PrVerdict *verdict)
{
    if (verdict->ready == PR_ANSWER_YES)
        return (PrVerdictWords) {
            .drawing = "pr-done-symbolic",
            .headline = N_ ("Ready to Hand Over"),
            .text = N_ ("%s was erased and greets its next owner."),
        };
    if (verdict->ready == PR_ANSWER_UNKNOWN)
        return (PrVerdictWords) {
            .drawing = "pr-unsure-symbolic",
            .headline = N_ ("Look Whether It Is Free"),
            .text = N_ ("%s was erased. Whether it can be handed over cannot be told from here."),
            .guide = "look-at-hello",
        };
    if (verdict->good[PR_VERDICT_ACTIVATION_LOCK] == PR_ANSWER_NO)
        return (PrVerdictWords) {
            .drawing = "pr-sad-symbolic",
            .headline = N_ ("It Is Still Linked to an Account"),
            .text = N_ ("%s was erased, but nobody else can use it. Do not sell it before the account lets it go."),
            .guide = "activation-lock",
        };
    return (PrVerdictWords) {
        .drawing = "pr-sad-symbolic",
        .headline = N_ ("Not Ready to Hand Over"),
        .text = N_ ("%s was erased, but something below speaks against handing it over."),
        .guide = "look-at-hello",
    };
}
