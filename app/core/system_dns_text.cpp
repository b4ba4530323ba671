// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/system_dns_text.h"

#include "core/texts.h"

#include <QCoreApplication>

namespace sotto::app {

namespace {

using protocol::Status;
using protocol::SystemDns;
using protocol::SystemDnsState;

QString tryAgain() {
    return QCoreApplication::translate("sotto", "Try again");
}

SystemDnsWords words(AppState state, const QString& headline, const QString& sentence) {
    SystemDnsWords made;
    made.state = state;
    made.headline = headline;
    made.sentence = sentence;
    return made;
}

SystemDnsWords notAskedYet() {
    SystemDnsWords made = words(
        AppState::Starting, QCoreApplication::translate("sotto", "On"),
        QCoreApplication::translate("sotto", "Sotto is on, but this computer does not ask it."));
    made.remedy = Remedy::TakeAgain;
    made.remedyText = tryAgain();
    return made;
}

SystemDnsWords unanswered(const SystemDns& system) {
    return words(
        AppState::Trouble, QCoreApplication::translate("sotto", "No answers"),
        system.keepsClosed
            ? QCoreApplication::translate(
                  "sotto", "Sotto does not answer this computer. Names cannot be looked up until "
                           "it does, as the settings say.")
            : QCoreApplication::translate("sotto",
                                          "Sotto does not answer this computer. The earlier DNS "
                                          "servers come back within seconds."));
}

/// Where a person made a change; a file is its own name.
QString placeText(const QString& place) {
    if (place == QLatin1String("resolvconf's settings"))
        return QCoreApplication::translate("sotto", "the settings of resolvconf");
    if (place == QLatin1String("the global DNS configuration of NetworkManager"))
        return QCoreApplication::translate("sotto",
                                           "the global DNS configuration of NetworkManager");
    return place;
}

SystemDnsWords changedByHand(const SystemDns& system) {
    return words(
        AppState::Trouble, QCoreApplication::translate("sotto", "Changed by hand"),
        system.winner.isEmpty()
            ? QCoreApplication::translate("sotto", "This computer's DNS was changed by hand. "
                                                   "Look-ups do not go through Sotto.")
            : QCoreApplication::translate("sotto", "This computer's DNS was changed by hand, in "
                                                   "%1. Look-ups do not go through Sotto.")
                  .arg(placeText(system.winner)));
}

SystemDnsWords takenOver(const SystemDns& system, bool byVpn) {
    QString who = system.winner;
    if (who.isEmpty())
        who = byVpn ? QCoreApplication::translate("sotto", "A VPN")
                    : QCoreApplication::translate("sotto", "Somebody", "a person or a program");
    SystemDnsWords made =
        words(AppState::Trouble, QCoreApplication::translate("sotto", "Taken over"),
              QCoreApplication::translate(
                  "sotto", "%1 took over this computer's DNS. Look-ups do not go through Sotto.")
                  .arg(who));
    if (byVpn)
        made.detail = QCoreApplication::translate(
            "sotto", "That may be right while the VPN is connected: only its own servers know the "
                     "names inside it.");
    return made;
}

SystemDnsWords yielded(const SystemDns& system) {
    SystemDnsWords made = system.winnerKind == QLatin1String("person")
                              ? changedByHand(system)
                              : takenOver(system, system.winnerKind == QLatin1String("vpn"));
    made.remedy = Remedy::TakeAgain;
    made.remedyText = QCoreApplication::translate("sotto", "Take over again");
    return made;
}

/// The earlier settings are not back; until they are, a Sotto that is off goes on answering.
SystemDnsWords notGivenBack(const Status& status) {
    return words(AppState::Trouble, QCoreApplication::translate("sotto", "Not given back"),
                 status.stillAnswers
                     ? QCoreApplication::translate(
                           "sotto", "This computer's earlier DNS settings did not come back. "
                                    "Sotto goes on answering until they do.")
                     : QCoreApplication::translate(
                           "sotto", "This computer's earlier DNS settings did not come back."));
}

SystemDnsWords failed(const Status& status, bool enabled) {
    SystemDnsWords made =
        enabled ? words(AppState::Trouble, QCoreApplication::translate("sotto", "Not switched"),
                        QCoreApplication::translate(
                            "sotto", "This computer's DNS could not be switched to Sotto."))
                : notGivenBack(status);
    made.detail = capitalized(asSentence(status.systemDns.reason));
    made.remedy = enabled ? Remedy::TakeAgain : Remedy::GiveBack;
    made.remedyText = tryAgain();
    return made;
}

SystemDnsWords unavailable(const Status& status, bool enabled) {
    SystemDnsWords made;
    if (enabled)
        made = words(AppState::Trouble, QCoreApplication::translate("sotto", "Not switched"),
                     QCoreApplication::translate(
                         "sotto", "Sotto is on, but it cannot switch this computer's DNS."));
    else if (status.stillAnswers)
        made = notGivenBack(status);
    else
        made = words(
            AppState::Off, QCoreApplication::translate("sotto", "Off"),
            QCoreApplication::translate("sotto", "Sotto cannot switch this computer's DNS now."));
    made.detail = capitalized(asSentence(status.systemDns.reason));
    if (made.detail.isEmpty())
        made.detail = QCoreApplication::translate(
            "sotto", "The program that does it, sotto-lease, does not answer. Install Sotto's "
                     "package again, or point the system at Sotto by hand.");
    if (enabled) {
        made.remedy = Remedy::TakeAgain;
        made.remedyText = tryAgain();
    }
    return made;
}

} // namespace

std::optional<SystemDnsWords> systemDnsWords(const protocol::Status& status) {
    const SystemDns& system = status.systemDns;
    const bool wanted = status.enabled && !status.pausedUntil;
    switch (system.state) {
    case SystemDnsState::ByHand:
        return std::nullopt;
    case SystemDnsState::Off:
        return wanted ? std::optional(notAskedYet()) : std::nullopt;
    case SystemDnsState::On:
        if (wanted)
            return std::nullopt;
        [[fallthrough]]; // it is about to be given back
    case SystemDnsState::GivingBack:
        return words(AppState::Starting, QCoreApplication::translate("sotto", "Switching off"),
                     QCoreApplication::translate(
                         "sotto", "This computer's earlier DNS settings are coming back."));
    case SystemDnsState::Taking:
        return words(AppState::Starting, QCoreApplication::translate("sotto", "Switching on"),
                     QCoreApplication::translate(
                         "sotto", "This computer's DNS is being switched to Sotto, and tried."));
    case SystemDnsState::Unanswered:
        return unanswered(system);
    case SystemDnsState::Yielded:
        return wanted ? std::optional(yielded(system)) : std::nullopt;
    case SystemDnsState::Failed:
        return failed(status, wanted);
    case SystemDnsState::Unavailable:
        return unavailable(status, wanted);
    }
    return std::nullopt;
}

QString mechanismText(const QString& mechanism) {
    if (mechanism == QLatin1String("networkmanager"))
        return QStringLiteral("NetworkManager");
    if (mechanism == QLatin1String("file"))
        return QStringLiteral("/etc/resolv.conf");
    return mechanism;
}

QList<CoverageFact> coverageFacts(const SystemDns& system) {
    QStringList mechanisms;
    for (const QString& mechanism : system.mechanisms)
        mechanisms.append(mechanismText(mechanism));
    QList<CoverageFact> facts;
    const auto add = [&](const char* name, const QString& title, const QString& text) {
        if (!text.isEmpty())
            facts.append({QLatin1String(name), title, text});
    };
    add("Mechanism", QCoreApplication::translate("sotto", "Set through"), joinedText(mechanisms));
    if (!system.addresses.isEmpty())
        add("Addresses", QCoreApplication::translate("sotto", "Sotto's address"),
            system.port == 53 || system.port == 0
                ? joinedText(system.addresses)
                : QCoreApplication::translate("sotto", "%1, port %2")
                      .arg(joinedText(system.addresses))
                      .arg(system.port));
    add("Interfaces", QCoreApplication::translate("sotto", "Network interfaces"),
        joinedText(system.interfaces));
    if (system.ipv4 || system.ipv6)
        add("Families", QCoreApplication::translate("sotto", "Internet protocol"),
            system.ipv4 && system.ipv6
                ? QCoreApplication::translate("sotto", "IPv4 and IPv6")
                : (system.ipv4
                       ? QCoreApplication::translate("sotto", "IPv4; there is no IPv6 here")
                       : QCoreApplication::translate("sotto", "IPv6; there is no IPv4 here")));
    return facts;
}

} // namespace sotto::app
