// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/session_keeper.h"

#include "service/service_log.h"

#include <utility>

namespace sotto::service {

SessionKeeper::SessionKeeper(const QString& stateDirectory, Sessions sessions)
    : m_file(stateDirectory)
    , m_sessions(std::move(sessions)) {}

void SessionKeeper::read() {
    QString why;
    if (m_file.take(m_octets, why) == SessionFile::Found::Unfit)
        logLine(QStringLiteral("%1 is not used: %2").arg(m_file.path(), why));
}

void SessionKeeper::restore() {
    const QByteArray octets = std::exchange(m_octets, {});
    if (octets.isEmpty())
        return;
    const auto taken = m_sessions.take({reinterpret_cast<const std::uint8_t*>(octets.constData()),
                                        static_cast<std::size_t>(octets.size())});
    if (!taken)
        logLine(QStringLiteral("%1 is not used: %2")
                    .arg(m_file.path(), QString::fromStdString(taken.error().detail)));
    m_file.settle();
}

void SessionKeeper::keep() const {
    const std::vector<std::uint8_t> octets = m_sessions.octets();
    if (octets.empty())
        return;
    const auto view = QByteArray::fromRawData(reinterpret_cast<const char*>(octets.data()),
                                              static_cast<qsizetype>(octets.size()));
    if (QString why; !m_file.write(view, why))
        logLine(QStringLiteral("%1: %2").arg(m_file.path(), why));
}

} // namespace sotto::service
