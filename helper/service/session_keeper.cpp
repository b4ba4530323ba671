// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/session_keeper.h"

#include "service/service_log.h"

namespace sotto::service {

SessionKeeper::SessionKeeper(const QString& stateDirectory)
    : m_file(stateDirectory) {}

void SessionKeeper::read() {
    QString why;
    if (m_file.take(m_octets, why) == SessionFile::Found::Unfit)
        logLine(QStringLiteral("%1 is not used: %2").arg(m_file.path(), why));
}

std::span<const std::uint8_t> SessionKeeper::octets() const {
    return {reinterpret_cast<const std::uint8_t*>(m_octets.constData()),
            static_cast<std::size_t>(m_octets.size())};
}

void SessionKeeper::noteTaken(const QString& fault) {
    if (m_octets.isEmpty())
        return;
    m_octets.clear();
    if (!fault.isEmpty())
        logLine(QStringLiteral("%1 is not used: %2").arg(m_file.path(), fault));
    m_file.settle();
}

void SessionKeeper::keep(const std::vector<std::uint8_t>& octets) const {
    if (octets.empty())
        return;
    const auto view = QByteArray::fromRawData(reinterpret_cast<const char*>(octets.data()),
                                              static_cast<qsizetype>(octets.size()));
    if (QString why; !m_file.write(view, why))
        logLine(QStringLiteral("%1: %2").arg(m_file.path(), why));
}

} // namespace sotto::service
