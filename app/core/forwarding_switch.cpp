// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/forwarding_switch.h"

#include "core/texts.h"

namespace sotto::app {

namespace {

constexpr int kTrialMillis = 12'000;
constexpr int kTrialsAtOnce = 2; ///< the service runs no more tests at a time for a user

QString asTarget(const protocol::Upstream& upstream) {
    return upstream.provider.isEmpty() ? upstream.spec : upstream.provider;
}

} // namespace

ForwardingSwitch::ForwardingSwitch(ServiceConnection& connection, Preferences& preferences,
                                   QObject* parent)
    : QObject(parent)
    , m_connection(connection)
    , m_preferences(preferences) {
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(kTrialMillis);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        m_reasons.append(tr("No provider answered in time."));
        ask();
    });
    connect(&connection, &ServiceConnection::linkChanged, this, [this] { setStage(Stage::Idle); });
    connect(&connection, &ServiceConnection::statusChanged, this, [this] {
        const auto& status = m_connection.status();
        if (status->systemDns.state == protocol::SystemDnsState::On &&
            !m_preferences.switchedBefore())
            m_preferences.setSwitchedBefore();
        if (status->enabled && m_stage != Stage::Idle)
            setStage(Stage::Idle); // somebody else was faster
    });
    connect(&connection, &ServiceConnection::testStarted, this, &ForwardingSwitch::begun);
    connect(&connection, &ServiceConnection::testRefused, this,
            [this](const QString& target, const QString& reason) {
                if (m_stage == Stage::Trying && m_asked.removeOne(target))
                    failed(reason);
            });
    connect(&connection, &ServiceConnection::testProgress, this, &ForwardingSwitch::reported);
}

bool ForwardingSwitch::needsTrial() const {
    const auto& status = m_connection.status();
    return status && !status->enabled && !status->pausedUntil &&
           status->systemDns.state != protocol::SystemDnsState::ByHand &&
           !m_preferences.switchedBefore();
}

void ForwardingSwitch::turn(bool on) {
    if (on && needsTrial()) {
        if (m_stage == Stage::Idle)
            beginTrial();
        else
            emit changed(); // what was pressed goes back
    } else if (!on && m_stage != Stage::Idle) {
        leaveOff();
    } else {
        m_connection.setForwarding(on);
    }
}

void ForwardingSwitch::turnOnNevertheless() {
    m_preferences.setSwitchedBefore(); // the question is asked once
    setStage(Stage::Idle);
    m_connection.setForwarding(true);
}

void ForwardingSwitch::leaveOff() {
    setStage(Stage::Idle);
}

void ForwardingSwitch::beginTrial() {
    m_untried.clear();
    m_asked.clear();
    m_labels.clear();
    m_reasons.clear();
    for (const protocol::Upstream& upstream : m_connection.status()->upstreams) {
        if (!upstream.route && !m_untried.contains(asTarget(upstream)))
            m_untried.append(asTarget(upstream));
    }
    setStage(Stage::Trying);
    if (m_untried.isEmpty()) {
        m_reasons.append(tr("No provider is chosen."));
        ask();
        return;
    }
    m_deadline.start();
    for (int i = 0; i < kTrialsAtOnce; ++i)
        tryNext();
}

void ForwardingSwitch::tryNext() {
    if (m_untried.isEmpty())
        return;
    m_asked.append(m_untried.takeFirst());
    m_connection.testProvider(m_asked.last());
}

void ForwardingSwitch::begun(const QString& target, const protocol::ProviderTest& test) {
    if (m_stage == Stage::Trying && m_asked.removeOne(target))
        m_labels.insert(test.test, test.label.isEmpty() ? target : test.label);
}

void ForwardingSwitch::reported(const protocol::ProviderTestReport& report) {
    if (m_stage != Stage::Trying || !m_labels.contains(report.test))
        return;
    if (report.queryMillis) {
        setStage(Stage::Idle);
        m_connection.setForwarding(true);
    } else if (report.finished) {
        const QString label = m_labels.take(report.test);
        failed(asSentence(report.error.isEmpty()
                              ? tr("%1 gave no answer", "a provider").arg(label)
                              : QStringLiteral("%1: %2").arg(label, report.error)));
    }
}

void ForwardingSwitch::failed(const QString& reason) {
    m_reasons.append(reason);
    tryNext();
    if (m_untried.isEmpty() && m_asked.isEmpty() && m_labels.isEmpty())
        ask();
}

void ForwardingSwitch::ask() {
    setStage(Stage::Asking);
    emit asks();
}

void ForwardingSwitch::setStage(Stage stage) {
    if (stage != Stage::Trying)
        m_deadline.stop();
    if (m_stage == stage)
        return;
    m_stage = stage;
    emit changed();
}

} // namespace sotto::app
