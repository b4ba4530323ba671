// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalSocket>
#include <QStandardPaths>

namespace sotto::app {

namespace {

constexpr int kWaitMillis = 1000;
constexpr auto kRaise = "raise\n";

QString baseName(const QString& folder, const QString& key) {
    if (!QDir().exists(folder)) {
        QDir().mkpath(folder);
        QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    QString name = QStringLiteral("app");
    if (!key.isEmpty())
        name +=
            QLatin1Char('-') +
            QString::fromLatin1(QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256)
                                    .toHex()
                                    .left(12));
    return QDir(folder).filePath(name);
}

} // namespace

SingleInstance::SingleInstance(const QString& folder, const QString& key, QObject* parent)
    : QObject(parent)
    , m_socket(baseName(folder, key) + QStringLiteral(".sock"))
    , m_lock(baseName(folder, key) + QStringLiteral(".lock")) {
    m_lock.setStaleLockTime(0);
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::greet);
}

QString SingleInstance::defaultFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) +
           QStringLiteral("/sotto");
}

bool SingleInstance::acquire() {
    if (!m_lock.tryLock(0))
        return false;
    QLocalServer::removeServer(m_socket); // left by an instance that died; the lock is ours
    if (!m_server.listen(m_socket))
        qWarning("A later start cannot raise this window: %s",
                 qUtf8Printable(m_server.errorString()));
    return true;
}

bool SingleInstance::raiseOther() {
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(kWaitMillis))
        return false;
    socket.write(kRaise);
    return socket.waitForBytesWritten(kWaitMillis);
}

void SingleInstance::greet() {
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto listen = [this, socket] {
            if (!socket->canReadLine())
                return;
            const QByteArray line = socket->readLine(16);
            socket->disconnectFromServer();
            if (line == kRaise)
                emit raiseRequested();
        };
        connect(socket, &QLocalSocket::readyRead, this, listen);
        listen();
    }
}

} // namespace sotto::app
