// SPDX-License-Identifier: GPL-3.0-or-later
#include "pr-error.h"

#include "pr-error-codes.h"
#include "pr-phone-enums.h"

G_DEFINE_QUARK (pr_error, pr_error)

/* lockdownd's own names, as libimobiledevice (src/lockdown.c) knows them. */
static const struct {
    const char *name;
    lockdownd_error_t code;
} lockdown_names[] = {
    { "InvalidResponse", LOCKDOWN_E_INVALID_RESPONSE },
    { "MissingKey", LOCKDOWN_E_MISSING_KEY },
    { "MissingValue", LOCKDOWN_E_MISSING_VALUE },
    { "GetProhibited", LOCKDOWN_E_GET_PROHIBITED },
    { "SetProhibited", LOCKDOWN_E_SET_PROHIBITED },
    { "RemoveProhibited", LOCKDOWN_E_REMOVE_PROHIBITED },
    { "ImmutableValue", LOCKDOWN_E_IMMUTABLE_VALUE },
    { "PasswordProtected", LOCKDOWN_E_PASSWORD_PROTECTED },
    { "UserDeniedPairing", LOCKDOWN_E_USER_DENIED_PAIRING },
    { "PairingDialogResponsePending", LOCKDOWN_E_PAIRING_DIALOG_RESPONSE_PENDING },
    { "MissingHostID", LOCKDOWN_E_MISSING_HOST_ID },
    { "InvalidHostID", LOCKDOWN_E_INVALID_HOST_ID },
    { "SessionActive", LOCKDOWN_E_SESSION_ACTIVE },
    { "SessionInactive", LOCKDOWN_E_SESSION_INACTIVE },
    { "MissingSessionID", LOCKDOWN_E_MISSING_SESSION_ID },
    { "InvalidSessionID", LOCKDOWN_E_INVALID_SESSION_ID },
    { "MissingService", LOCKDOWN_E_MISSING_SERVICE },
    { "InvalidService", LOCKDOWN_E_INVALID_SERVICE },
    { "ServiceLimit", LOCKDOWN_E_SERVICE_LIMIT },
    { "MissingPairRecord", LOCKDOWN_E_MISSING_PAIR_RECORD },
    { "SavePairRecordFailed", LOCKDOWN_E_SAVE_PAIR_RECORD_FAILED },
    { "InvalidPairRecord", LOCKDOWN_E_INVALID_PAIR_RECORD },
    { "InvalidActivationRecord", LOCKDOWN_E_INVALID_ACTIVATION_RECORD },
    { "MissingActivationRecord", LOCKDOWN_E_MISSING_ACTIVATION_RECORD },
    { "ServiceProhibited", LOCKDOWN_E_SERVICE_PROHIBITED },
    { "EscrowLocked", LOCKDOWN_E_ESCROW_LOCKED },
    { "PairingProhibitedOverThisConnection", LOCKDOWN_E_PAIRING_PROHIBITED_OVER_THIS_CONNECTION },
    { "FMiPProtected", LOCKDOWN_E_FMIP_PROTECTED },
    { "MCProtected", LOCKDOWN_E_MC_PROTECTED },
    { "MCChallengeRequired", LOCKDOWN_E_MC_CHALLENGE_REQUIRED },
};

const char *
pr_error_get_nick (PrError code)
{
    g_autoptr (GEnumClass) codes = g_type_class_ref (PR_TYPE_ERROR);
    const GEnumValue *value = g_enum_get_value (codes, code);

    g_return_val_if_fail (value != NULL, NULL);
    return value->value_nick;
}

gboolean
pr_error_propagate_file (GError **error, GError *failure)
{
    if (g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOSPC)) {
        failure->domain = PR_ERROR;
        failure->code = PR_ERROR_NO_SPACE;
    }
    g_propagate_error (error, failure);
    return FALSE;
}

lockdownd_error_t
pr_error_parse_lockdown (const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS (lockdown_names); i++)
        if (g_strcmp0 (name, lockdown_names[i].name) == 0)
            return lockdown_names[i].code;
    return LOCKDOWN_E_UNKNOWN_ERROR;
}

/* No default, so that the compiler names a code that libimobiledevice adds. */
PrError
pr_error_from_lockdown (lockdownd_error_t code)
{
    switch (code) {
    case LOCKDOWN_E_PASSWORD_PROTECTED:
    case LOCKDOWN_E_ESCROW_LOCKED:
        return PR_ERROR_LOCKED;
    case LOCKDOWN_E_PAIRING_DIALOG_RESPONSE_PENDING:
        return PR_ERROR_TRUST_PENDING;
    case LOCKDOWN_E_USER_DENIED_PAIRING:
    case LOCKDOWN_E_PAIRING_FAILED:
    case LOCKDOWN_E_PAIRING_PROHIBITED_OVER_THIS_CONNECTION:
    case LOCKDOWN_E_INVALID_CONF:
    case LOCKDOWN_E_NO_RUNNING_SESSION:
    case LOCKDOWN_E_SESSION_INACTIVE:
        return PR_ERROR_NOT_TRUSTED;
    case LOCKDOWN_E_INVALID_HOST_ID:
    case LOCKDOWN_E_MISSING_HOST_ID:
    case LOCKDOWN_E_MISSING_PAIR_RECORD:
    case LOCKDOWN_E_INVALID_PAIR_RECORD:
    case LOCKDOWN_E_SSL_ERROR:
        return PR_ERROR_STALE_PAIRING;
    case LOCKDOWN_E_RECEIVE_TIMEOUT:
        return PR_ERROR_NO_ANSWER;
    case LOCKDOWN_E_MUX_ERROR:
        return PR_ERROR_UNPLUGGED;
    case LOCKDOWN_E_SERVICE_LIMIT:
    case LOCKDOWN_E_SESSION_ACTIVE:
        return PR_ERROR_BUSY;
    case LOCKDOWN_E_SUCCESS:
    case LOCKDOWN_E_INVALID_ARG:
    case LOCKDOWN_E_PLIST_ERROR:
    case LOCKDOWN_E_DICT_ERROR:
    case LOCKDOWN_E_INVALID_RESPONSE:
    case LOCKDOWN_E_MISSING_KEY:
    case LOCKDOWN_E_MISSING_VALUE:
    case LOCKDOWN_E_GET_PROHIBITED:
    case LOCKDOWN_E_SET_PROHIBITED:
    case LOCKDOWN_E_REMOVE_PROHIBITED:
    case LOCKDOWN_E_IMMUTABLE_VALUE:
    case LOCKDOWN_E_MISSING_SESSION_ID:
    case LOCKDOWN_E_INVALID_SESSION_ID:
    case LOCKDOWN_E_MISSING_SERVICE:
    case LOCKDOWN_E_INVALID_SERVICE:
    case LOCKDOWN_E_SAVE_PAIR_RECORD_FAILED:
    case LOCKDOWN_E_INVALID_ACTIVATION_RECORD:
    case LOCKDOWN_E_MISSING_ACTIVATION_RECORD:
    case LOCKDOWN_E_SERVICE_PROHIBITED:
    case LOCKDOWN_E_FMIP_PROTECTED:
    case LOCKDOWN_E_MC_PROTECTED:
    case LOCKDOWN_E_MC_CHALLENGE_REQUIRED:
    case LOCKDOWN_E_UNKNOWN_ERROR:
        return PR_ERROR_BAD_ANSWER;
    }
    return PR_ERROR_BAD_ANSWER;
}
