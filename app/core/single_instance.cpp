// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/single_instance.h"

#include "core/command_line.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLocalSocket>
#include <QStandardPaths>

#include <optional>
#include <utility>

namespace sotto::app {

namespace {

constexpr int kWaitMillis = 1000;
constexpr qint64 kLongestLine = 64;

/// "raise" and where given a blank and a page, in a line.
QByteArray raiseLine(const QString& page) {
    QByteArray line = "raise";
    if (!page.isEmpty())
        line += ' ' + page.toLatin1();
    return line + '\n';
}

/// The page that a line asks for, an empty one included; nothing for every other line.
std::optional<QString> requestedPage(const QByteArray& line) {
    QStringList pages = CommandLine::pageNames();
    pages.prepend(QString());
    for (const QString& page : std::as_const(pages)) {
        if (line == raiseLine(page))
            return page;
    }
    return std::nullopt;
}

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

bool SingleInstance::raiseOther(const QString& page) {
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(kWaitMillis))
        return false;
    socket.write(raiseLine(page));
    return socket.waitForBytesWritten(kWaitMillis);
}

void SingleInstance::greet() {
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        socket->setReadBufferSize(kLongestLine);
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        const auto listen = [this, socket] {
            if (!socket->canReadLine()) {
                if (socket->bytesAvailable() >= kLongestLine)
                    socket->abort();
                return;
            }
            const QByteArray line = socket->readLine(kLongestLine + 1);
            socket->disconnectFromServer();
            if (const std::optional<QString> page = requestedPage(line))
                emit raiseRequested(*page);
        };
        connect(socket, &QLocalSocket::readyRead, this, listen);
        listen();
    }
}

} // namespace sotto::app
