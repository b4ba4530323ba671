// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QList>
#include <QMap>
#include <QObject>
#include <QProcess>
#include <QVariantMap>

#include <functional>
#include <memory>

namespace sotto::test {

/// A message bus of its own with something on it that answers as polkit does. Thread: the test's,
/// whose event loop must run meanwhile.
class StandInPolkit : public QDBusVirtualObject {
    Q_OBJECT

public:
    struct Question {
        QDBusMessage message;
        QString action;
        QVariantMap subject;
        QString cancellationId;
    };
    struct Verdict {
        bool authorized = false;
        bool challenge = false;
    };

    /// folder: for the bus's socket; everybody may speak on it.
    explicit StandInPolkit(const QString& folder);
    ~StandInPolkit() override;

    /// Empty where there is no dbus-daemon, or it does not start.
    const QString& busAddress() const { return m_address; }
    /// To what asks no person; what may ask one stays in open.
    std::function<Verdict(const QString& action)> verdict;
    QList<Question> open;
    QList<Question> asked; ///< all, the newest last
    QStringList cancelled;

    void answer(Verdict given);

    QString introspect(const QString& path) const override;
    bool handleMessage(const QDBusMessage& message, const QDBusConnection& connection) override;

private:
    void reply(const QDBusMessage& message, Verdict given);

    QProcess m_daemon;
    QString m_address;
};

} // namespace sotto::test
