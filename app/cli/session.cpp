// SPDX-License-Identifier: GPL-3.0-or-later
#include "session.h"

#include "printable.h"
#include "start_hint.h"

#include <QFileInfo>

#include <cstdio>

namespace sotto::cli {

using protocol::Client;

Session::Session(const QString& socketPath, bool json)
    : m_client(socketPath, QStringLiteral("sottoctl " SOTTO_VERSION))
    , m_json(json) {}

std::optional<ExitCode> Session::connect() {
    QEventLoop loop;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
    QObject::connect(&m_client, &Client::stateChanged, &loop, [&loop](Client::State state) {
        if (state != Client::State::Connecting)
            loop.quit();
    });
    limit.start(kConnectMillis);
    m_client.start();
    // A socket that is not there fails at once, without a change of state.
    const bool failedAtOnce =
        m_client.state() == Client::State::Disconnected && !m_client.failure().isEmpty();
    if (!failedAtOnce && m_client.state() != Client::State::Ready)
        loop.exec();
    switch (m_client.state()) {
    case Client::State::Ready:
        return std::nullopt;
    case Client::State::Incompatible:
        complain(tr("The service cannot be used: %1").arg(m_client.failure()));
        return Refused;
    default:
        tellNotReachable(m_client.failure().isEmpty() ? tr("no reply") : m_client.failure());
        return NotReachable;
    }
}

void Session::tellNotReachable(const QString& failure) const {
    const QString reason = QFileInfo::exists(m_client.socketPath())
                               ? failure.section(QLatin1String("connectToServer: "), -1)
                               : tr("there is no such socket");
    complain(tr("sottod does not answer at %1 (%2).").arg(m_client.socketPath(), reason) +
             QLatin1Char('\n') + startHint(m_client.socketPath()));
}

void Session::tellFailure(const protocol::RpcError& error) {
    if (error.code == protocol::NotAuthorized) {
        m_failure = NotAuthorised;
        complain(tr("Not allowed: %1. Run sottoctl as root, or as a member of the group "
                    "\"sotto\" (which may do everything but change settings).")
                     .arg(error.message));
    } else if (m_client.state() != Client::State::Ready) {
        m_failure = NotReachable;
        tellNotReachable(error.message);
    } else {
        m_failure = Refused;
        complain(tr("Refused: %1").arg(error.message));
    }
}

bool Session::mayAskForPassword() const {
    const protocol::HelloResult& may = m_client.service();
    return may.mayToggle == protocol::Permission::Ask ||
           may.mayReadLog == protocol::Permission::Ask ||
           may.mayConfigure == protocol::Permission::Ask;
}

void Session::tellWaiting() const {
    complain(tr("Waiting for the system, which may be asking for a password. Ctrl-C gives up."));
}

void Session::print(const QString& text) const {
    const QByteArray bytes = text.toLocal8Bit();
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stdout);
    std::fflush(stdout);
}

void Session::printJson(const QJsonValue& value) const {
    const QByteArray line = asciiJson(value) + '\n';
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stdout);
    std::fflush(stdout);
}

bool Session::outputWorks() const {
    return std::ferror(stdout) == 0;
}

void Session::complain(const QString& text) {
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        const QByteArray bytes = printable(line).toLocal8Bit() + '\n';
        std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stderr);
    }
}

} // namespace sotto::cli
