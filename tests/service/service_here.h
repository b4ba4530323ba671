// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/service.h"

#include <QTemporaryDir>

namespace sotto::test {

/// A service in this process, at a port of its own, that reaches no provider; without its socket.
class ServiceHere {
public:
    /// Ends the program where it cannot start.
    ServiceHere();
    ~ServiceHere();

    service::Service& service() { return *m_service; }
    QString folder() const { return m_folder.path(); }
    /// Where a test may put the socket.
    QString socketPath() const { return m_folder.filePath(QStringLiteral("s")); }

private:
    QTemporaryDir m_folder;
    service::ProviderCatalog m_catalog;
    std::unique_ptr<service::Service> m_service;
};

} // namespace sotto::test
