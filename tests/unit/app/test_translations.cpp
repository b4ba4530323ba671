// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/overview_state.h"
#include "core/texts.h"
#include "models/log_model.h"
#include "ui/translations.h"

#include <QCoreApplication>
#include <QFile>
#include <QTest>
#include <QXmlStreamReader>

namespace sotto::app {

class TestTranslations : public QObject {
    Q_OBJECT

private slots:
    /// Every text is finished and keeps its place-holders.
    void germanIsComplete() {
        QFile file(QStringLiteral(SOTTO_TRANSLATIONS "/app_de.ts"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QString source;
        int messages = 0;
        const auto numbered = [](const QString& text) {
            QStringList found;
            for (const char* place : {"%1", "%2", "%3"}) {
                if (text.contains(QLatin1String(place)))
                    found.append(QLatin1String(place));
            }
            return found;
        };
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QLatin1String("source")) {
                source = xml.readElementText();
                ++messages;
            } else if (xml.isStartElement() && xml.name() == QLatin1String("translation")) {
                QVERIFY2(!xml.attributes().hasAttribute(QLatin1String("type")), qPrintable(source));
                const QString text =
                    xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
                QVERIFY2(!text.isEmpty(), qPrintable(source));
                QVERIFY2(numbered(text) == numbered(source), qPrintable(source));
            }
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(messages > 200);
    }

    void englishCountsRight() {
        installTranslations(*qApp, QLocale(QLocale::English));
        const auto text = [](int n) {
            return QCoreApplication::translate("sotto::app::ProvidersPage", "Use %n provider(s)",
                                               nullptr, n);
        };
        QCOMPARE(text(1), QString("Use 1 provider"));
        QCOMPARE(text(2), QString("Use 2 providers"));
    }

    void speaksGerman() {
        installTranslations(*qApp, QLocale(QLocale::German));
        QCOMPARE(OverviewState::of({}).sentence, QString("Der Sotto-Dienst wird gesucht."));
        QCOMPARE(extendedErrorText(18), QString("18: verboten"));
        LogModel model;
        QCOMPARE(model.headerData(LogModel::Source, Qt::Horizontal, Qt::DisplayRole).toString(),
                 QString("Beantwortet von"));
    }
};

} // namespace sotto::app

QTEST_GUILESS_MAIN(sotto::app::TestTranslations)
#include "test_translations.moc"
