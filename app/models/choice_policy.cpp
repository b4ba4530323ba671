// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/choice_policy.h"

#include <QCoreApplication>

namespace sotto::app {

QList<ChoicePolicy> choicePolicies() {
    return {
        {QStringLiteral("fastest"), QCoreApplication::translate("sotto", "Fastest"),
         QCoreApplication::translate("sotto",
                                     "Prefers the provider that answered quickest lately. Over "
                                     "time most questions go to one of them.")},
        {QStringLiteral("race"), QCoreApplication::translate("sotto", "Race"),
         QCoreApplication::translate("sotto",
                                     "As Fastest, and when an answer is later than usual a second "
                                     "provider is asked, too: a few more questions, hardly a "
                                     "wait.")},
        {QStringLiteral("hashed"), QCoreApplication::translate("sotto", "Split by site"),
         QCoreApplication::translate("sotto",
                                     "Each site always goes to the same provider, so none of them "
                                     "sees all that you look up.")},
        {QStringLiteral("sequential"), QCoreApplication::translate("sotto", "In order"),
         QCoreApplication::translate("sotto",
                                     "Always the first one you chose; the next only while it "
                                     "fails. The others see nothing until then.")},
        {QStringLiteral("round_robin"), QCoreApplication::translate("sotto", "Take turns"),
         QCoreApplication::translate("sotto",
                                     "Each question goes to the next provider. All of them see "
                                     "a part of what you look up.")},
        {QStringLiteral("random"), QCoreApplication::translate("sotto", "Random"),
         QCoreApplication::translate("sotto",
                                     "Each question goes to a provider drawn by lot. All of them "
                                     "see a part of what you look up.")},
    };
}

} // namespace sotto::app
