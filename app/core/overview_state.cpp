// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/overview_state.h"

#include "core/outcome_text.h"
#include "core/pause.h"
#include "core/texts.h"
#include "core/upstream_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace sotto::app {

namespace {

using protocol::Status;
using protocol::Upstream;
using protocol::UpstreamState;

void addOnce(QStringList& list, const QString& item) {
    if (!item.isEmpty() && !list.contains(item))
        list.append(item);
}

/// Those for all names that no route takes.
QList<Upstream> ordinary(const Status& status) {
    QList<Upstream> found;
    std::ranges::copy_if(status.upstreams, std::back_inserter(found),
                         [](const Upstream& u) { return !u.route; });
    return found;
}

/// "Names below corp.example go unencrypted to 10.0.0.1."; empty where nothing does.
QString unencryptedNote(const Status& status) {
    QStringList zones;
    QStringList servers;
    for (const Upstream& upstream : status.upstreams) {
        if (upstream.encrypted)
            continue;
        if (upstream.route)
            addOnce(zones, routeText(*upstream.route, upstream.routeMore));
        addOnce(servers, upstream.label);
    }
    return zones.isEmpty()
               ? QString()
               : QCoreApplication::translate("sotto", "Names below %1 go unencrypted to %2.")
                     .arg(joinedText(zones), joinedText(servers));
}

/// "Names below corp.example are still looked up, by servers of their own."; empty where no route
/// works.
QString workingRoutesNote(const Status& status) {
    QStringList zones;
    for (const Upstream& upstream : status.upstreams) {
        if (upstream.route && upstream.state != UpstreamState::Failing && upstream.answers > 0)
            addOnce(zones, routeText(*upstream.route, upstream.routeMore));
    }
    return zones.isEmpty()
               ? QString()
               : QCoreApplication::translate(
                     "sotto", "Names below %1 are still looked up, by servers of their own.")
                     .arg(joinedText(zones));
}

/// Those who answer now: connected ones, and where every connection is closed for idleness those
/// who answered last.
QList<Upstream> answering(const Status& status) {
    QList<Upstream> ready;
    QList<Upstream> idle;
    for (const Upstream& upstream : ordinary(status)) {
        if (upstream.state == UpstreamState::Ready)
            ready.append(upstream);
        else if (upstream.state != UpstreamState::Failing && upstream.answers > 0)
            idle.append(upstream);
    }
    return ready.isEmpty() ? idle : ready;
}

/// "Quad9: certificate does not match. Google: connection refused."
QString reasons(const QList<Upstream>& upstreams) {
    QStringList sentences;
    for (const Upstream& upstream : upstreams) {
        if (!upstream.lastError.isEmpty())
            addOnce(sentences, asSentence(QStringLiteral("%1: %2").arg(
                                   upstream.label, upstreamErrorText(upstream))));
    }
    return sentences.join(QLatin1Char(' '));
}

QList<Upstream> failing(const Status& status) {
    QList<Upstream> found;
    std::ranges::copy_if(status.upstreams, std::back_inserter(found),
                         [](const Upstream& u) { return u.state == UpstreamState::Failing; });
    return found;
}

QString troubleSentence(const QList<Upstream>& upstreams) {
    const auto all = [&](Obstacle obstacle) {
        return std::all_of(upstreams.begin(), upstreams.end(), [&](const Upstream& u) {
            const Obstacle met = obstacleOf(u.lastOutcome);
            return (met == Obstacle::None ? Obstacle::Unreachable : met) == obstacle;
        });
    };
    if (all(Obstacle::Unreachable))
        return QCoreApplication::translate(
            "sotto", "No provider can be reached, so names cannot be looked up.");
    if (all(Obstacle::Untrusted))
        return QCoreApplication::translate(
            "sotto",
            "No provider can be trusted: none passed the check of its identity, so nothing is "
            "asked.");
    return QCoreApplication::translate("sotto",
                                       "No provider can be used, so names cannot be looked up.");
}

void describeProtected(const Status& status, OverviewState& state) {
    QStringList labels;
    QStringList versions;
    for (const Upstream& upstream : answering(status)) {
        addOnce(labels, upstream.label);
        addOnce(versions, tlsVersionText(upstream.tlsVersion));
    }
    state.headline = QCoreApplication::translate("sotto", "Encrypted");
    if (labels.isEmpty())
        state.sentence = QCoreApplication::translate(
            "sotto", "Answers come over an encrypted and verified connection.");
    else if (versions.isEmpty())
        state.sentence = QCoreApplication::translate("sotto", "Answers come from %1 over TLS.")
                             .arg(joinedText(labels));
    else
        state.sentence = QCoreApplication::translate("sotto", "Answers come from %1 over %2.")
                             .arg(joinedText(labels), joinedText(versions));
    if (const QString note = unencryptedNote(status); !note.isEmpty())
        state.sentence += QLatin1Char(' ') + note;
    state.detail = reasons(failing(status));
}

void describeTrouble(const Status& status, OverviewState& state) {
    state.headline = QCoreApplication::translate("sotto", "Trouble");
    const QList<Upstream> upstreams = ordinary(status);
    if (upstreams.isEmpty()) {
        state.sentence = QCoreApplication::translate("sotto", "No provider is chosen.");
        state.detail = QCoreApplication::translate("sotto", "Choose one on the page Providers.");
        return;
    }
    state.sentence = troubleSentence(upstreams);
    if (const QString note = workingRoutesNote(status); !note.isEmpty())
        state.sentence += QLatin1Char(' ') + note;
    state.detail = reasons(upstreams);
    if (state.detail.isEmpty())
        state.detail = QCoreApplication::translate(
            "sotto", "Check the network connection, or choose another provider.");
}

/// "This computer asks Sotto, except as said below."; empty where the system is not Sotto's.
QString coverageSentence(const Status& status) {
    if (status.systemDns.state != protocol::SystemDnsState::On)
        return {};
    return status.systemDns.exceptions.isEmpty()
               ? QCoreApplication::translate("sotto", "This computer asks Sotto.")
               : QCoreApplication::translate(
                     "sotto", "This computer asks Sotto, with the exceptions below.");
}

void describeProtection(const Status& status, OverviewState& state) {
    const bool byHand = status.systemDns.state == protocol::SystemDnsState::ByHand;
    switch (status.enabled ? status.protection : protocol::Protection::Off) {
    case protocol::Protection::Off:
        state.state = AppState::Off;
        state.headline = QCoreApplication::translate("sotto", "Off");
        state.sentence =
            byHand
                ? QCoreApplication::translate(
                      "sotto", "Programs that ask Sotto get “refused”. Nothing is sent anywhere.")
                : QCoreApplication::translate(
                      "sotto", "This computer asks the DNS servers that it had before Sotto.");
        return;
    case protocol::Protection::Starting:
        state.state = AppState::Starting;
        state.headline = QCoreApplication::translate("sotto", "On");
        state.sentence = QCoreApplication::translate(
            "sotto", "No provider was asked yet. The first look-up will show more.");
        break;
    case protocol::Protection::Protected:
        state.state = AppState::Protected;
        describeProtected(status, state);
        break;
    case protocol::Protection::Trouble:
        state.state = AppState::Trouble;
        describeTrouble(status, state);
        return;
    }
    if (const QString coverage = coverageSentence(status); !coverage.isEmpty())
        state.sentence = coverage + QLatin1Char(' ') + state.sentence;
}

bool isComingBack(const Status& status) {
    return status.stillAnswers || status.systemDns.state == protocol::SystemDnsState::On ||
           status.systemDns.state == protocol::SystemDnsState::GivingBack;
}

void describePause(const Status& status, const QDateTime& now, OverviewState& state) {
    state.state = AppState::Paused;
    state.headline = QCoreApplication::translate("sotto", "Paused");
    const QString until = capitalized(pauseUntilText(*status.pausedUntil, now));
    if (isComingBack(status)) {
        state.sentence =
            QCoreApplication::translate("sotto",
                                        "%1. Sotto answers until this computer's earlier DNS "
                                        "settings are back.",
                                        "until when")
                .arg(until);
        return;
    }
    state.sentence =
        status.systemDns.state == protocol::SystemDnsState::ByHand
            ? QCoreApplication::translate("sotto", "%1, programs that ask Sotto get “refused”.",
                                          "until when")
                  .arg(until)
            : QCoreApplication::translate(
                  "sotto", "%1, this computer asks the DNS servers that it had before Sotto.",
                  "until when")
                  .arg(until);
}

void describeTrial(const OverviewState::View& view, OverviewState& state) {
    if (view.stage == ForwardingSwitch::Stage::Trying) {
        state.state = AppState::Starting;
        state.headline = QCoreApplication::translate("sotto", "Trying");
        state.sentence = QCoreApplication::translate(
            "sotto", "A first look-up is tried before this computer's DNS is switched.");
        state.switchOn = true;
        return;
    }
    state.asks = true;
    state.headline = QCoreApplication::translate("sotto", "Nobody answers");
    state.sentence = QCoreApplication::translate(
        "sotto", "No provider answered a first look-up. If you switch now, this computer may find "
                 "no names until one does.");
    state.detail = view.whyNobodyAnswers;
}

void describeStatus(const OverviewState::View& view, OverviewState& state) {
    const Status& status = *view.status;
    const std::optional<SystemDnsWords> words = systemDnsWords(status);
    if (status.pausedUntil && !(words && words->state == AppState::Trouble)) {
        describePause(status, view.now, state);
        return;
    }
    describeProtection(status, state);
    if (words) {
        state.state = words->state;
        state.headline = words->headline;
        state.sentence = words->sentence;
        state.detail = words->detail;
        if (view.mayToggle != protocol::Permission::No && !view.pending && !status.pausedUntil) {
            state.remedy = words->remedy;
            state.remedyText = words->remedyText;
        }
    }
    if (view.stage != ForwardingSwitch::Stage::Idle)
        describeTrial(view, state);
}

bool shownAsOn(const OverviewState::View& view) {
    using Change = ServiceConnection::Change;
    if (view.pending == Change::TurnOn)
        return true;
    if (view.pending == Change::TurnOff || view.pending == Change::Pause)
        return false;
    return view.status->enabled && !view.status->pausedUntil;
}

} // namespace

OverviewState::View OverviewState::viewOf(const ServiceConnection& connection,
                                          const ForwardingSwitch& forwarding) {
    View view;
    view.link = connection.link();
    view.status = connection.status();
    view.mayToggle = connection.toggling();
    view.pending = connection.pendingChange();
    view.stage = forwarding.stage();
    view.whyNobodyAnswers = forwarding.reasons();
    return view;
}

OverviewState OverviewState::of(const View& view) {
    OverviewState state;
    if (view.link != ServiceConnection::Link::Ready || !view.status) {
        state.switchReason =
            QCoreApplication::translate("sotto", "There is no connection to the Sotto service.");
        switch (view.link) {
        case ServiceConnection::Link::Searching:
            state.headline = QCoreApplication::translate("sotto", "Connecting");
            state.sentence = QCoreApplication::translate("sotto", "Looking for the Sotto service.");
            break;
        case ServiceConnection::Link::Incompatible:
            state.headline = QCoreApplication::translate("sotto", "Not usable");
            state.sentence = QCoreApplication::translate(
                "sotto", "The Sotto service does not fit this program.");
            break;
        default:
            state.headline = QCoreApplication::translate("sotto", "Not running");
            state.sentence =
                QCoreApplication::translate("sotto", "The Sotto service is not running.");
            break;
        }
        return state;
    }

    const Status& status = *view.status;
    const bool may = view.mayToggle != protocol::Permission::No;
    state.switchOn = shownAsOn(view);
    state.switchEnabled = may && !view.pending;
    state.isPaused = status.pausedUntil.has_value();
    if (status.pausedUntil)
        state.pauseLeft = pauseLeftText(*status.pausedUntil, view.now);
    state.canPause = may && !view.pending && status.enabled && !status.pausedUntil;
    if (!may)
        state.switchReason = QCoreApplication::translate(
            "sotto", "This account may not change Sotto. Ask an administrator.");
    if (view.mayToggle == protocol::Permission::Ask)
        state.passwordHint = QCoreApplication::translate(
            "sotto", "To change this, the system will ask for a password.");
    if (status.systemDns.state == protocol::SystemDnsState::ByHand) {
        state.systemDnsNote =
            status.listen.isEmpty()
                ? QCoreApplication::translate(
                      "sotto",
                      "System DNS is managed by hand, and Sotto listens nowhere at the moment.")
                : QCoreApplication::translate(
                      "sotto",
                      "System DNS is managed by hand. Programs use Sotto only where they are "
                      "pointed at %1.")
                      .arg(joinedText(status.listen));
    }
    describeStatus(view, state);
    return state;
}

} // namespace sotto::app
