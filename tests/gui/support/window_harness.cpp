// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_harness.h"

#include <QApplication>

namespace sotto::test {

WindowHarness::WindowHarness()
    : m_preferences(m_folder.filePath(QStringLiteral("preferences.ini")))
    , m_theme(*qApp) {
    QApplication::setQuitOnLastWindowClosed(false);
    QLocale::setDefault(QLocale::c());
}

WindowHarness::~WindowHarness() {
    close();
}

void WindowHarness::open(const QString& socket) {
    close();
    m_connection =
        std::make_unique<app::ServiceConnection>(socket.isEmpty() ? socketPath() : socket);
    m_connection->start();
    m_forwarding = std::make_unique<app::ForwardingSwitch>(*m_connection, m_preferences);
    m_window = std::make_unique<app::MainWindow>(*m_connection, m_preferences, *m_forwarding);
    m_window->show();
    if (!QTest::qWaitForWindowActive(m_window.get()))
        qFatal("the window did not become active");
}

void WindowHarness::close() {
    m_window.reset();
    m_forwarding.reset();
    m_connection.reset();
}

} // namespace sotto::test
