// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>

#include <memory>

class QSocketNotifier;

namespace sotto::service {

/// A connection to the lease keeper: whole packets over a local SOCK_SEQPACKET socket. Only a
/// keeper that runs as root, or as this service's own user, is spoken to.
///
/// Nothing blocks. Thread: the one that made it.
class LeaseSocket : public QObject {
    Q_OBJECT

public:
    explicit LeaseSocket(QObject* parent = nullptr);
    ~LeaseSocket() override;

    /// Ends an earlier connection. False with the reason, as a phrase for people.
    [[nodiscard]] bool open(const QString& path, QString& why);
    bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] bool send(const QByteArray& packet);
    void close();

signals:
    void received(const QByteArray& packet);
    /// The other end is gone, or sent more than a packet may hold. The connection is closed.
    void lost();

private:
    void read();

    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sotto::service
