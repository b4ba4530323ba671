// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/state/clock.h"
#include "lease/state/reach.h"
#include "lease/steps.h"
#include "systemdns/mechanism.h"

#include <deque>

namespace sotto::test {

/// One setting of a system that is not there: what it says, and who wrote that.
struct FakeSetting {
    using Holder = systemdns::Standing::Holder;

    QString content;
    Holder writer = Holder::Person; ///< where the content is not ours
    QString writerName = QStringLiteral("somebody");
    bool usable = true;
    QString applyFault;
    QString restoreFault;
    QString captureFault;
    int applied = 0;
    QStringList interfaces{QStringLiteral("eth0")};
    QList<systemdns::Exception> exceptions;
    int covered = 0; ///< how often these were looked at
    bool capturedOurs = false;

    static QString ours(const systemdns::Target& target) {
        return QStringLiteral("ask %1 port %2").arg(target.addresses.join(u' ')).arg(target.port);
    }
    static QString half() { return QStringLiteral("ask"); } ///< where apply() ended half-way
    bool isOurs() const { return content.startsWith(half()); }
    /// A file that leads to the service.
    static QString stub() { return QStringLiteral("a link to the service's stub"); }
    bool isStub() const { return content == stub(); }
};

/// Does to a FakeSetting what a mechanism does, in steps between which a test can end it.
class FakeMechanism : public systemdns::Mechanism {
    Q_OBJECT

public:
    FakeMechanism(systemdns::MechanismId id, FakeSetting& setting, lease::Steps steps)
        : m_id(id)
        , m_setting(setting)
        , m_steps(std::move(steps)) {}

    systemdns::MechanismId id() const override { return m_id; }
    systemdns::Finding look() const override {
        return {m_id, m_setting.usable, QStringLiteral("a test says so"), !m_setting.isStub(),
                m_setting.isStub()};
    }
    bool supports(const systemdns::Target&) const override { return true; }
    std::variant<QJsonObject, systemdns::Fault> capture() const override;
    std::optional<systemdns::Fault> apply(const systemdns::Target& target,
                                          const QJsonObject& before) override;
    systemdns::Standing standing(const systemdns::Target& target,
                                 const QJsonObject& before) const override;
    std::optional<systemdns::Fault> restore(const systemdns::Target& target,
                                            const QJsonObject& before) override;
    systemdns::Coverage coverage(const systemdns::Target&) const override {
        ++m_setting.covered;
        return {m_setting.interfaces, true, false, m_setting.exceptions};
    }
    void watch() override { m_isWatching = true; }

    void tellOfChange() {
        if (m_isWatching)
            emit changed();
    }

private:
    systemdns::MechanismId m_id;
    FakeSetting& m_setting;
    lease::Steps m_steps;
    bool m_isWatching = false;
};

class FakeClock : public lease::Clock {
public:
    qint64 running() const override { return awake; }
    qint64 asleep() const override { return slept; }
    qint64 unixTime() const override { return 1'800'000'000'000 + awake + slept; }

    qint64 awake = 1000;
    qint64 slept = 0;
};

/// A listener that answers or does not; the system's look-ups reach it where the settings say so.
class FakeReach : public lease::Reach {
public:
    explicit FakeReach(const QList<FakeSetting*>& settings)
        : m_settings(settings) {}

    void useKey(const QString& checkKey) override { key = checkKey; }
    void askListener(const systemdns::Target& target, Which which, Handler handler) override;
    void askSystem(const QList<systemdns::MechanismId>& mechanisms, Handler handler) override;
    /// Answers what was asked, and what is asked meanwhile.
    void answer();
    /// Whoever asked is gone.
    void forget() { m_waiting.clear(); }

    QString key; ///< the newest
    bool listens = true;
    bool leads = true; ///< false: look-ups go elsewhere, whatever the settings say
    bool networkIsDown = false;
    int listenerQuestions = 0;
    int systemQuestions = 0;

private:
    QList<FakeSetting*> m_settings;
    systemdns::Target m_target;
    std::deque<std::function<void()>> m_waiting;
};

} // namespace sotto::test
