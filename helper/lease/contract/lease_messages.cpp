// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/contract/lease_messages.h"

#include "json/enum_names.h"

namespace sotto::lease {

using json::textOf;
using json::valueOf;

namespace {

constexpr std::array kVerbs{
    std::pair{Verb::Describe, "describe"},
    std::pair{Verb::Apply, "apply"},
    std::pair{Verb::Restore, "restore"},
};

constexpr std::array kWhenLost{
    std::pair{WhenLost::Open, "open"},
    std::pair{WhenLost::Closed, "closed"},
};

constexpr std::array kStates{
    std::pair{State::Free, "free"},       std::pair{State::Taking, "taking"},
    std::pair{State::Held, "held"},       std::pair{State::Unanswered, "unanswered"},
    std::pair{State::Yielded, "yielded"}, std::pair{State::GivingBack, "giving_back"},
    std::pair{State::Failed, "failed"},
};

} // namespace

QString enumText(Verb verb) {
    return textOf(kVerbs, verb);
}
bool enumFromText(const QString& text, Verb& verb) {
    return valueOf(kVerbs, text, verb);
}
QString enumText(WhenLost whenLost) {
    return textOf(kWhenLost, whenLost);
}
bool enumFromText(const QString& text, WhenLost& whenLost) {
    return valueOf(kWhenLost, text, whenLost);
}
QString enumText(State state) {
    return textOf(kStates, state);
}
bool enumFromText(const QString& text, State& state) {
    return valueOf(kStates, text, state);
}

QString takeoverText(const Report& report) {
    if (report.winnerKind == QLatin1String("person"))
        return report.winner.isEmpty() ? QStringLiteral("changed by hand")
                                       : QStringLiteral("changed by hand in %1").arg(report.winner);
    if (!report.winner.isEmpty())
        return QStringLiteral("taken over by %1 (%2)").arg(report.winner, report.winnerKind);
    return report.winnerKind == QLatin1String("vpn")
               ? QStringLiteral("taken over by a VPN")
               : QStringLiteral("taken over by another program");
}

} // namespace sotto::lease
