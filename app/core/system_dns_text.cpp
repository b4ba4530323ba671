// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/system_dns_text.h"

#include "core/texts.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>

namespace sotto::app {

namespace {

using protocol::SystemDns;
using protocol::SystemDnsState;

QString capitalized(const QString& text) {
    return text.isEmpty() ? text : text.at(0).toUpper() + text.mid(1);
}

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

SystemDnsWords yielded(const SystemDns& system) {
    const bool vpn = system.winnerKind == QLatin1String("vpn");
    QString who = system.winner;
    if (who.isEmpty())
        who = vpn ? QCoreApplication::translate("sotto", "A VPN")
                  : QCoreApplication::translate("sotto", "Somebody", "a person or a program");
    SystemDnsWords made =
        words(AppState::Trouble, QCoreApplication::translate("sotto", "Taken over"),
              QCoreApplication::translate(
                  "sotto", "%1 took over this computer's DNS. Look-ups do not go through Sotto.")
                  .arg(who));
    if (vpn)
        made.detail = QCoreApplication::translate(
            "sotto", "That may be right while the VPN is connected: only its own servers know the "
                     "names inside it.");
    made.remedy = Remedy::TakeAgain;
    made.remedyText = QCoreApplication::translate("sotto", "Take over again");
    return made;
}

SystemDnsWords failed(const SystemDns& system, bool enabled) {
    SystemDnsWords made =
        enabled ? words(AppState::Trouble, QCoreApplication::translate("sotto", "Not switched"),
                        QCoreApplication::translate(
                            "sotto", "This computer's DNS could not be switched to Sotto."))
                : words(AppState::Trouble, QCoreApplication::translate("sotto", "Not given back"),
                        QCoreApplication::translate(
                            "sotto", "This computer's earlier DNS settings did not come back."));
    made.detail = capitalized(asSentence(system.reason));
    made.remedy = enabled ? Remedy::TakeAgain : Remedy::GiveBack;
    made.remedyText = tryAgain();
    return made;
}

SystemDnsWords unavailable(const SystemDns& system, bool enabled) {
    SystemDnsWords made = words(
        enabled ? AppState::Trouble : AppState::Off,
        enabled ? QCoreApplication::translate("sotto", "Not switched")
                : QCoreApplication::translate("sotto", "Off"),
        enabled
            ? QCoreApplication::translate("sotto",
                                          "Sotto is on, but it cannot switch this computer's DNS.")
            : QCoreApplication::translate("sotto", "Sotto cannot switch this computer's DNS now."));
    made.detail = capitalized(asSentence(system.reason));
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

QString gapTitle(const protocol::SystemDnsException& exception) {
    QString kind;
    if (exception.kind == QLatin1String("link_route_all"))
        kind = QCoreApplication::translate("sotto", "asks its own servers as well");
    else if (exception.kind == QLatin1String("link_domains"))
        kind = QCoreApplication::translate("sotto", "some names go to its own servers");
    else if (exception.kind == QLatin1String("vpn"))
        kind = QCoreApplication::translate("sotto", "a VPN");
    else if (exception.kind == QLatin1String("containers"))
        kind = QCoreApplication::translate("sotto", "containers");
    if (exception.subject.isEmpty())
        return kind.isEmpty() ? exception.kind : capitalized(kind);
    return kind.isEmpty() ? exception.subject
                          : QCoreApplication::translate("sotto", "%1: %2", "whose, and what kind")
                                .arg(exception.subject, kind);
}

/// Where an address of the bridge is told, but no line.
QString listenLine(const QString& detail, QStringList listen) {
    static const QRegularExpression kAddress(
        QStringLiteral(R"((?<![\w.:])(\d{1,3}(?:\.\d{1,3}){3})(?!\.?\d|/))"));
    for (auto found = kAddress.globalMatch(detail); found.hasNext();) {
        const QHostAddress address(found.next().captured(1));
        if (address.isNull() || address.isLoopback())
            continue;
        const QString own = address.toString() + QLatin1String(":53");
        if (listen.contains(own))
            return {}; // it lacks something else
        listen.append(own);
        for (QString& place : listen)
            place = QLatin1Char('"') + place + QLatin1Char('"');
        return QStringLiteral("listen = [%1]").arg(listen.join(QLatin1String(", ")));
    }
    return {};
}

QString settingOf(const protocol::SystemDnsException& exception, const QStringList& listen) {
    static const QRegularExpression kLine(QStringLiteral(R"(\blisten\s*=\s*\[[^\]]*\])"));
    if (const auto line = kLine.match(exception.detail); line.hasMatch())
        return line.captured();
    return exception.kind == QLatin1String("containers") ? listenLine(exception.detail, listen)
                                                         : QString();
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
        return failed(system, wanted);
    case SystemDnsState::Unavailable:
        return unavailable(system, wanted);
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

QList<CoverageGap> coverageGaps(const SystemDns& system, const QStringList& listen) {
    QList<CoverageGap> gaps;
    for (const protocol::SystemDnsException& exception : system.exceptions)
        gaps.append({gapTitle(exception), capitalized(asSentence(exception.detail)),
                     settingOf(exception, listen)});
    return gaps;
}

} // namespace sotto::app
