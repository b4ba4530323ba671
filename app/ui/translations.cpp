// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/translations.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>

namespace sotto::app {

void installTranslations(QCoreApplication& application, const QLocale& locale) {
    const auto install = [&application](auto load) {
        auto* translator = new QTranslator(&application);
        if (load(*translator))
            QCoreApplication::installTranslator(translator);
        else
            delete translator;
    };
    install([](QTranslator& t) { return t.load(QStringLiteral(":/i18n/app_en.qm")); });
    install([&](QTranslator& t) {
        return t.load(locale, QStringLiteral("qtbase"), QStringLiteral("_"),
                      QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    });
    if (locale.language() != QLocale::English)
        install([&](QTranslator& t) {
            return t.load(locale, QStringLiteral("app"), QStringLiteral("_"),
                          QStringLiteral(":/i18n"));
        });
}

} // namespace sotto::app
