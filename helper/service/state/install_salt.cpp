// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/install_salt.h"

#include "service/state/ordinary_file.h"
#include "service/state/private_file.h"

#include <QFileInfo>
#include <QRandomGenerator>

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>

namespace sotto::service {

InstallSalt::InstallSalt(QString stateDirectory)
    : m_path(std::move(stateDirectory) + QLatin1String("/salt")) {}

bool InstallSalt::read() {
    QByteArray content;
    QString why;
    if (QFileInfo(m_path).isSymLink() ||
        !readOrdinaryFile(m_path, static_cast<qint64>(m_octets.size()), content, why) ||
        content.size() != static_cast<qsizetype>(m_octets.size()))
        return false;
    std::copy(content.begin(), content.end(), m_octets.begin());
    return true;
}

const InstallSalt::Octets& InstallSalt::octets(QString& why) {
    if (std::exchange(m_known, true) || read())
        return m_octets;
    std::array<quint32, std::tuple_size_v<Octets> / sizeof(quint32)> words{};
    QRandomGenerator::system()->generate(words.begin(), words.end());
    std::memcpy(m_octets.data(), words.data(), m_octets.size());
    const QByteArray content(reinterpret_cast<const char*>(m_octets.data()),
                             static_cast<qsizetype>(m_octets.size()));
    if (QString reason; !writePrivateFile(m_path, content, reason))
        why = QStringLiteral("%1: %2").arg(m_path, reason);
    return m_octets;
}

} // namespace sotto::service
