/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Authentications: who asked for what before, and what the client gave.
 */
#include "exchange.h"

bool sipwhy_status_challenges(unsigned status)
{
    return status == 401 || status == 407;
}

void sipwhy_exchange_asked(const SipwhyTransaction *transaction, SipwhyChallenges *asked)
{
    SipwhyMessage response;

    asked->count = 0;
    if (sipwhy_status_challenges(transaction->status) &&
        sipwhy_kept_message(transaction->kept_response, &response))
        sipwhy_challenges_read(&response, asked);
}

bool sipwhy_exchange_given(const SipwhyTransaction *transaction, SipwhyCredentialsList *given)
{
    SipwhyMessage request;

    given->count = 0;
    if (!sipwhy_kept_message(transaction->kept_request, &request))
        return false;
    sipwhy_credentials_read(&request, given);
    return true;
}

bool sipwhy_exchange_same_client(const SipwhyTransaction *one, const SipwhyTransaction *other)
{
    return one->method == other->method && one->request.frame > 0 && other->request.frame > 0 &&
           sipwhy_same_address(&one->client, &other->client);
}

const SipwhyTransaction *sipwhy_exchange_before(const SipwhyTransaction *transaction,
                                                const SipwhyTransaction *behind, unsigned *looked)
{
    const SipwhyTransaction *other = behind->previous;

    for (; other && *looked < SIPWHY_LOOK_MOST; other = other->previous) {
        ++*looked;
        if (other->final.frame > 0 && other->final.frame < transaction->request.frame &&
            sipwhy_exchange_same_client(transaction, other))
            return other;
    }
    return NULL;
}

SipwhyRefusal sipwhy_exchange_refusal(const SipwhyCredentialsList *given,
                                      const SipwhyChallenges *asked)
{
    SipwhyRefusal refusal = {NULL, NULL};

    for (size_t i = 0; i < given->count; i++) {
        for (size_t j = 0; j < asked->count; j++) {
            const SipwhyCredentials *credentials = &given->list[i];
            const SipwhyChallenge *challenge = &asked->list[j];
            if (!sipwhy_credentials_fit(credentials, challenge))
                continue;
            bool same = sipwhy_slice_alike(credentials->algorithm, challenge->algorithm);
            if (same || !refusal.credentials)
                refusal = (SipwhyRefusal){credentials, challenge};
            if (same)
                return refusal;
        }
    }
    return refusal;
}

const SipwhyTransaction *sipwhy_exchange_challenger(const SipwhyTransaction *transaction,
                                                    const SipwhyCredentials *credentials,
                                                    SipwhyChallenges *asked)
{
    unsigned looked = 0;
    const SipwhyTransaction *other = sipwhy_exchange_before(transaction, transaction, &looked);

    for (; other; other = sipwhy_exchange_before(transaction, other, &looked)) {
        sipwhy_exchange_asked(other, asked);
        for (size_t i = 0; i < asked->count; i++)
            if (sipwhy_credentials_answer(credentials, &asked->list[i]))
                return other;
    }
    asked->count = 0;
    return NULL;
}

void sipwhy_finding_set_realm(SipwhyFinding *finding, const SipwhyChallenge *challenge)
{
    sipwhy_finding_set_slice(finding, "realm",
                             challenge->realm.length > 0 ? challenge->realm : challenge->scheme);
}
