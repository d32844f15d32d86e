// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-error.h"

#include "pr-phone-enums.h"

G_DEFINE_QUARK (pr_error, pr_error)

const char *
pr_error_get_nick (PrError code)
{
    g_autoptr (GEnumClass) codes = g_type_class_ref (PR_TYPE_ERROR);
    const GEnumValue *value = g_enum_get_value (codes, code);

    g_return_val_if_fail (value != NULL, NULL);
    return value->value_nick;
}
