// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/forwarding_switch.h"
#include "core/preferences.h"
#include "core/service_connection.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QAbstractButton>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace sotto::test {

/// The real window with preferences of its own, connected to a socket in a folder of its own.
class WindowHarness {
public:
    WindowHarness();
    ~WindowHarness();

    /// Where a service should listen.
    QString socketPath() const { return m_folder.filePath(QStringLiteral("s")); }
    /// Makes and shows the window; with another socket where one is given.
    void open(const QString& socket = {});
    void close();

    app::MainWindow& window() { return *m_window; }
    app::ServiceConnection& connection() { return *m_connection; }
    app::Preferences& preferences() { return m_preferences; }
    app::ForwardingSwitch& forwarding() { return *m_forwarding; }

    /// By objectName; fails the program where there is none.
    template <class Widget = QWidget>
    Widget* find(const char* name) {
        auto* found = m_window->findChild<Widget*>(QLatin1String(name));
        if (!found)
            qFatal("no widget is called %s", name);
        return found;
    }
    bool sees(const char* name) {
        const auto* widget = m_window->findChild<QWidget*>(QLatin1String(name));
        return widget && widget->isVisible();
    }
    QString text(const char* label) { return find<QLabel>(label)->text(); }
    void click(const char* button) { QTest::mouseClick(find<QWidget>(button), Qt::LeftButton); }

private:
    QTemporaryDir m_folder;
    app::Preferences m_preferences;
    app::Theme m_theme;
    std::unique_ptr<app::ServiceConnection> m_connection;
    std::unique_ptr<app::ForwardingSwitch> m_forwarding;
    std::unique_ptr<app::MainWindow> m_window;
};

} // namespace sotto::test
