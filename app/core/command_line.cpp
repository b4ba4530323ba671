// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command_line.h"

#include <QCommandLineParser>
#include <QCoreApplication>

namespace sotto::app {

QStringList CommandLine::pageNames() {
    return {QStringLiteral("overview"), QStringLiteral("providers"), QStringLiteral("log"),
            QStringLiteral("statistics")};
}

CommandLine CommandLine::parse(const QStringList& arguments) {
    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "sotto", "Encrypted DNS for the desktop: the window and tray icon of the Sotto service."));
    const QCommandLineOption help({QStringLiteral("h"), QStringLiteral("help")},
                                  QCoreApplication::translate("sotto", "Show this help and exit."));
    const QCommandLineOption version(
        {QStringLiteral("v"), QStringLiteral("version")},
        QCoreApplication::translate("sotto", "Show the version and exit."));
    const QCommandLineOption socket(
        QStringLiteral("socket"),
        QCoreApplication::translate("sotto",
                                    "The service's socket, where it is not the usual one."),
        QStringLiteral("PATH"));
    const QCommandLineOption hidden(
        QStringLiteral("hidden"),
        QCoreApplication::translate("sotto", "Start in the tray, without a window."));
    const QCommandLineOption page(QStringLiteral("page"),
                                  QCoreApplication::translate("sotto", "Open this page: %1.")
                                      .arg(pageNames().join(QStringLiteral(", "))),
                                  QStringLiteral("NAME"));
    const QCommandLineOption theme(
        QStringLiteral("theme"),
        QCoreApplication::translate("sotto",
                                    "Use these colours for this run: light, dark, system."),
        QStringLiteral("NAME"));
    const QCommandLineOption screenshots(
        QStringLiteral("screenshots"),
        QCoreApplication::translate(
            "sotto", "Save a picture of every page to this folder, print the paths and exit."),
        QStringLiteral("DIR"));
    parser.addOptions({help, version, socket, hidden, page, theme, screenshots});

    CommandLine result;
    const auto fail = [&result](const QString& reason) {
        result.outcome = Outcome::Error;
        result.text = QStringLiteral("sotto: %1\n").arg(reason);
        return result;
    };
    if (!parser.parse(arguments))
        return fail(parser.errorText());
    if (parser.isSet(help)) {
        result.outcome = Outcome::Help;
        result.text = parser.helpText();
        return result;
    }
    if (parser.isSet(version)) {
        result.outcome = Outcome::Version;
        result.text = QStringLiteral("sotto %1\n").arg(QStringLiteral(SOTTO_VERSION));
        return result;
    }
    if (!parser.positionalArguments().isEmpty())
        return fail(QCoreApplication::translate("sotto", "“%1” is not expected.")
                        .arg(parser.positionalArguments().first()));
    result.socket = parser.value(socket);
    result.hidden = parser.isSet(hidden);
    result.page = parser.value(page);
    result.screenshots = parser.value(screenshots);
    if (parser.isSet(page) && !pageNames().contains(result.page))
        return fail(QCoreApplication::translate("sotto", "There is no page “%1”. Pages: %2.")
                        .arg(result.page, pageNames().join(QStringLiteral(", "))));
    if (parser.isSet(theme)) {
        ThemeChoice choice = ThemeChoice::System;
        if (!themeChoiceFromText(parser.value(theme), choice))
            return fail(QCoreApplication::translate(
                            "sotto", "“%1” is not a theme. Themes: light, dark, system.")
                            .arg(parser.value(theme)));
        result.theme = choice;
    }
    if ((parser.isSet(socket) && result.socket.isEmpty()) ||
        (parser.isSet(screenshots) && result.screenshots.isEmpty()))
        return fail(QCoreApplication::translate("sotto", "An option lacks its value."));
    return result;
}

} // namespace sotto::app
