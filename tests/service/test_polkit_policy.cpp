// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QHash>
#include <QTest>
#include <QXmlStreamReader>

namespace sotto::test {

namespace {

/// An element's text by its name, a language behind a colon.
using Texts = QHash<QString, QString>;

QHash<QString, Texts> actionsOf(QXmlStreamReader& xml) {
    QHash<QString, Texts> actions;
    QString action;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QString name = xml.name().toString();
        const auto attributes = xml.attributes();
        if (name == QLatin1String("action")) {
            action = attributes.value("id").toString();
            actions[action] = {};
        } else if (name == QLatin1String("annotate")) {
            actions[action].insert(attributes.value("key").toString(), xml.readElementText());
        } else if (!action.isEmpty() && name != QLatin1String("defaults")) {
            const QString language = attributes.value("xml:lang").toString();
            actions[action].insert(language.isEmpty() ? name : name + ':' + language,
                                   xml.readElementText());
        }
    }
    return actions;
}

} // namespace

/// The policy that the package brings: polkit asks as it says, and nothing is allowed by mistake.
class TestPolkitPolicy : public QObject {
    Q_OBJECT

private:
    QHash<QString, Texts> m_actions;

private slots:
    void initTestCase() {
        QFile file(SOTTO_POLICY);
        QVERIFY2(file.open(QIODevice::ReadOnly), SOTTO_POLICY);
        QXmlStreamReader xml(&file);
        m_actions = actionsOf(xml);
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
    }

    void thereAreThree() {
        QStringList ids = m_actions.keys();
        ids.sort();
        QCOMPARE(ids, (QStringList{"org.sottodns.configure", "org.sottodns.read-log",
                                   "org.sottodns.toggle"}));
    }

    void whoeverSitsAtTheComputer_data() {
        QTest::addColumn<QString>("active");
        QTest::newRow("org.sottodns.toggle") << "yes";
        QTest::newRow("org.sottodns.read-log") << "auth_self_keep";
        QTest::newRow("org.sottodns.configure") << "auth_admin_keep";
    }
    void whoeverSitsAtTheComputer() {
        QFETCH(const QString, active);
        const Texts texts = m_actions.value(QTest::currentDataTag());
        QCOMPARE(texts.value("allow_active"), active);
        // Nobody else does anything without an administrator.
        QCOMPARE(texts.value("allow_any"), "auth_admin_keep");
        QCOMPARE(texts.value("allow_inactive"), "auth_admin_keep");
        // Who may ask polkit about others in this matter.
        QCOMPARE(texts.value("org.freedesktop.policykit.owner"), "unix-user:sotto");
        QVERIFY(!texts.contains("org.freedesktop.policykit.imply"));
        for (const char* text : {"description", "message", "description:de", "message:de"})
            QVERIFY2(!texts.value(QLatin1String(text)).isEmpty(), text);
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestPolkitPolicy)
#include "test_polkit_policy.moc"
