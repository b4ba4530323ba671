// SPDX-License-Identifier: GPL-3.0-or-later
#include "service_here.h"

#include <QFile>

namespace sotto::test {

ServiceHere::ServiceHere() {
    QString why;
    if (!m_catalog.readShipped(why))
        qFatal("%s", qPrintable(why));
    QFile file(m_folder.filePath(QStringLiteral("sotto.toml")));
    const QByteArray settings =
        "listen = [\"127.0.0.1:0\"]\nforward.source_address = \"127.0.0.1\"\n";
    if (!file.open(QIODevice::WriteOnly) || file.write(settings) != settings.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    file.close();
    m_service = std::make_unique<service::Service>(file.fileName(), m_folder.path(), m_catalog);
    if (const auto failure = m_service->start())
        qFatal("%s", qPrintable(failure->reason));
}

ServiceHere::~ServiceHere() {
    m_service->stop();
}

} // namespace sotto::test
