// SPDX-License-Identifier: GPL-3.0-or-later
#include "fake_system.h"

#include <algorithm>

namespace sotto::test {

using systemdns::Fault;
using systemdns::Standing;
using systemdns::Target;

namespace {

std::optional<Fault> faultOf(const QString& reason) {
    return reason.isEmpty() ? std::nullopt : std::optional(Fault{reason});
}

QJsonObject beforeOf(const QString& content) {
    return {{QStringLiteral("content"), content}};
}

} // namespace

std::variant<QJsonObject, Fault> FakeMechanism::capture() const {
    if (!m_setting.captureFault.isEmpty())
        return Fault{m_setting.captureFault};
    m_setting.capturedOurs = m_setting.capturedOurs || m_setting.isOurs();
    return beforeOf(m_setting.content);
}

std::optional<Fault> FakeMechanism::apply(const Target& target, const QJsonObject&) {
    if (!m_setting.applyFault.isEmpty())
        return faultOf(m_setting.applyFault);
    ++m_setting.applied;
    m_setting.content = FakeSetting::half();
    lease::passStep(m_steps, "mechanism: half applied");
    m_setting.content = FakeSetting::ours(target);
    return {};
}

Standing FakeMechanism::standing(const Target& target, const QJsonObject& before) const {
    Standing standing;
    if (m_setting.content == FakeSetting::ours(target))
        return standing;
    standing.asBefore = beforeOf(m_setting.content) == before;
    standing.mayReturn = m_setting.mayReturn && m_setting.writer == Standing::Holder::Vpn;
    const bool isRoutine = m_setting.isOurs() || m_setting.isStub();
    standing.holder = isRoutine ? Standing::Holder::Agent : m_setting.writer;
    standing.who = m_setting.writerName;
    standing.mayBeAgents = m_setting.mayBeAgents && standing.holder == Standing::Holder::Person;
    if (standing.holder == Standing::Holder::Agent && !m_setting.isOurs())
        standing.before = beforeOf(m_setting.content);
    return standing;
}

std::optional<systemdns::Leftover> FakeMechanism::leftover() const {
    const QStringList words = m_setting.content.split(u' ');
    const qsizetype port = words.indexOf(QStringLiteral("port"));
    if (!m_setting.isOurs() || port < 0)
        return std::nullopt;
    return systemdns::Leftover{
        {words.mid(1, port - 1), words.last().toUShort()},
        m_setting.goes ? QString() : QStringLiteral("write %1 anew").arg(mechanismText(m_id))};
}

std::optional<Fault> FakeMechanism::restore(const Target&, const QJsonObject& before) {
    ++m_setting.restored;
    if (!m_setting.restoreFault.isEmpty())
        return faultOf(m_setting.restoreFault);
    if (!m_setting.isOurs())
        return {};
    m_setting.content = FakeSetting::half();
    lease::passStep(m_steps, "mechanism: half restored");
    m_setting.content = before.value(QStringLiteral("content")).toString(FakeSetting::none());
    m_setting.writer = m_setting.restoredAs;
    return {};
}

void FakeReach::askListener(const Target& target, Which, Handler handler) {
    ++listenerQuestions;
    m_target = target;
    m_waiting.push_back([this, handler = std::move(handler)] {
        handler({listens, listens ? QString() : QStringLiteral("nobody listens")});
    });
}

void FakeReach::askSystem(const QList<systemdns::MechanismId>&, Handler handler) {
    ++systemQuestions;
    m_waiting.push_back([this, handler = std::move(handler)] {
        const bool came =
            listens && leads &&
            std::any_of(m_settings.begin(), m_settings.end(), [&](const FakeSetting* setting) {
                return setting->content == FakeSetting::ours(m_target);
            });
        handler({came, came ? QString() : QStringLiteral("no answer"), networkIsDown});
    });
}

void FakeReach::answer() {
    while (!m_waiting.empty()) {
        const auto next = std::move(m_waiting.front());
        m_waiting.pop_front();
        next();
    }
}

} // namespace sotto::test
