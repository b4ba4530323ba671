// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command_line.h"
#include "core/forwarding_switch.h"
#include "core/preferences.h"
#include "core/service_connection.h"
#include "core/single_instance.h"
#include "ui/icons.h"
#include "ui/main_window.h"
#include "ui/screenshots.h"
#include "ui/theme.h"
#include "ui/translations.h"
#include "ui/tray.h"

#include <QApplication>
#include <QTemporaryDir>

#include <cstdio>
#include <memory>

namespace {

using namespace sotto::app;

constexpr int kTrayGraceMillis = 10'000;

/// Answers help, version and wrong use without a display; nothing where the program should run.
std::optional<int> answerWithoutWindow(int& argc, char** argv) {
    const QCoreApplication application(argc, argv);
    installTranslations(*QCoreApplication::instance(), QLocale());
    const CommandLine line = CommandLine::parse(QCoreApplication::arguments());
    switch (line.outcome) {
    case CommandLine::Outcome::Run:
        return std::nullopt;
    case CommandLine::Outcome::Error:
        std::fputs(qUtf8Printable(line.text), stderr);
        return 2;
    default:
        std::fputs(qUtf8Printable(line.text), stdout);
        return 0;
    }
}

int takeScreenshots(QApplication& application, ServiceConnection& connection,
                    const QString& folder) {
    const QTemporaryDir scratch; // a person's own preferences have no place in the pictures
    Preferences preferences(scratch.filePath(QStringLiteral("preferences.ini")));
    ForwardingSwitch forwarding(connection, preferences);
    MainWindow window(connection, preferences, forwarding);
    window.setTrayAvailable(true);
    Screenshots screenshots(window, connection, folder);
    QObject::connect(
        &screenshots, &Screenshots::finished, &application,
        [](bool ok) { QCoreApplication::exit(ok ? 0 : 1); }, Qt::QueuedConnection);
    screenshots.start();
    return QApplication::exec();
}

int run(const CommandLine& line, ServiceConnection& connection, Preferences& preferences) {
    SingleInstance instance(SingleInstance::defaultFolder(), line.socket);
    if (!instance.acquire()) {
        if (instance.raiseOther(line.page))
            return 0;
        std::fputs(qUtf8Printable(QCoreApplication::translate(
                       "sotto", "Sotto is running already but does not react.\n")),
                   stderr);
        return 1;
    }

    ForwardingSwitch forwarding(connection, preferences);
    MainWindow window(connection, preferences, forwarding);
    if (!line.page.isEmpty())
        window.showPage(line.page);
    Tray tray(connection, forwarding);
    QObject::connect(&tray, &Tray::availableChanged, &window, &MainWindow::setTrayAvailable);
    QObject::connect(&tray, &Tray::openRequested, &window, &MainWindow::bringUp);
    QObject::connect(&tray, &Tray::providersRequested, &window, [&window] {
        window.showPage(QStringLiteral("providers"));
        window.bringUp();
    });
    QObject::connect(&tray, &Tray::quitRequested, qApp, &QCoreApplication::quit);
    QObject::connect(&window, &MainWindow::quitRequested, qApp, &QCoreApplication::quit);
    QObject::connect(&instance, &SingleInstance::raiseRequested, &window,
                     [&window](const QString& page) {
                         if (!page.isEmpty())
                             window.showPage(page);
                         window.bringUp();
                     });
    QObject::connect(&window, &MainWindow::wentToTray, &tray, [&] {
        if (preferences.toldAboutTray())
            return;
        preferences.setToldAboutTray();
        tray.say(QStringLiteral("Sotto"),
                 QCoreApplication::translate(
                     "sotto", "The window is closed; the icon here stays. Quit is in its menu."));
    });
    QObject::connect(&window, &MainWindow::shown, &tray, &Tray::hush);
    tray.start();

    if (!line.hidden && !preferences.startHidden())
        window.show();
    else if (!tray.isAvailable()) // never both without window and without icon
        QTimer::singleShot(kTrayGraceMillis, &window, [&] {
            if (!tray.isAvailable())
                window.show();
        });
    return QApplication::exec();
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication::setApplicationName(QStringLiteral("sotto"));
    QCoreApplication::setApplicationVersion(QStringLiteral(SOTTO_VERSION));
    if (const std::optional<int> code = answerWithoutWindow(argc, argv))
        return *code;

    QApplication application(argc, argv);
    QApplication::setApplicationDisplayName(QStringLiteral("Sotto"));
    QApplication::setDesktopFileName(QStringLiteral("org.sottodns.Sotto"));
    QApplication::setWindowIcon(appIcon());
    QApplication::setQuitOnLastWindowClosed(false);
    installTranslations(application, QLocale());

    const CommandLine line = CommandLine::parse(QCoreApplication::arguments());
    Preferences preferences;
    Theme theme(application);
    theme.setChoice(line.theme.value_or(preferences.theme()));
    ServiceConnection connection(line.socket);
    connection.start();
    return line.screenshots.isEmpty() ? run(line, connection, preferences)
                                      : takeScreenshots(application, connection, line.screenshots);
}
