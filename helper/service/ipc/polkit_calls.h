// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/authority.h"

#include <QDBusConnection>
#include <QObject>

namespace sotto::service {

/// The calls to polkit over the system bus. Thread: one of its own, where opening the bus may wait.
class PolkitCalls : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    ~PolkitCalls() override;

    void check(Authority::Ticket ticket, const ProcessSubject& subject, const QString& action,
               bool mayAsk);
    void cancel(Authority::Ticket ticket);

signals:
    void decided(quint64 ticket, sotto::protocol::Permission permission);

private:
    bool openBus();

    std::optional<QDBusConnection> m_bus;
};

} // namespace sotto::service
