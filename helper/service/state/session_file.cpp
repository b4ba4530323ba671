// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/state/session_file.h"

#include "service/state/ordinary_file.h"
#include "service/state/private_file.h"

#include <QFile>
#include <QFileInfo>

namespace sotto::service {

SessionFile::SessionFile(QString stateDirectory)
    : m_stateDirectory(std::move(stateDirectory)) {}

QString SessionFile::path() const {
    return m_stateDirectory + QLatin1String("/sessions");
}

SessionFile::Found SessionFile::take(QByteArray& octets, QString& why) const {
    removeUnfinishedWrites(path());
    const QFileInfo info(path());
    if (!info.exists() && !info.isSymLink())
        return Found::Nothing;
    QByteArray content;
    const bool readable =
        isPrivateFile(path(), why) && readOrdinaryFile(path(), kMaxBytes, content, why);
    if (!QFile::remove(path())) {
        why = QStringLiteral("it cannot be removed, and so might be used twice");
        return Found::Unfit;
    }
    if (!readable)
        return Found::Unfit;
    octets = std::move(content);
    return Found::Octets;
}

bool SessionFile::write(const QByteArray& octets, QString& why) const {
    return writePrivateFile(path(), octets, why);
}

void SessionFile::settle() const {
    syncFolder(m_stateDirectory);
}

} // namespace sotto::service
