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
