// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/choice_policy.h"

#include <QCoreApplication>

namespace sotto::app {

QList<ChoicePolicy> choicePolicies() {
    const auto tr = [](const char* text) { return QCoreApplication::translate("sotto", text); };
    return {
        {QStringLiteral("fastest"), tr(QT_TRANSLATE_NOOP("sotto", "Fastest")),
         tr(QT_TRANSLATE_NOOP("sotto", "Prefers the provider that answered quickest lately. Over "
                                       "time most questions go to one of them."))},
        {QStringLiteral("sequential"), tr(QT_TRANSLATE_NOOP("sotto", "In order")),
         tr(QT_TRANSLATE_NOOP("sotto", "Always the first one you chose; the next only while it "
                                       "fails. The others see nothing until then."))},
        {QStringLiteral("round_robin"), tr(QT_TRANSLATE_NOOP("sotto", "Take turns")),
         tr(QT_TRANSLATE_NOOP("sotto", "Each question goes to the next provider. All of them see "
                                       "a part of what you look up."))},
        {QStringLiteral("random"), tr(QT_TRANSLATE_NOOP("sotto", "Random")),
         tr(QT_TRANSLATE_NOOP("sotto", "Each question goes to a provider drawn by lot. All of them "
                                       "see a part of what you look up."))},
    };
}

} // namespace sotto::app
