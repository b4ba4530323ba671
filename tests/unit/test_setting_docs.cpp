// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/setting_reader.h"

#include <QFile>
#include <QJsonObject>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

/// The manuals name every setting.
class TestSettingDocs : public QObject {
    Q_OBJECT

private:
    static QString read(const QString& name) {
        QFile file(QStringLiteral(SOTTO_DOCS "/") + name);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private slots:
    void everyKeyIsNamed() {
        const QString manual = read("SETTINGS.md");
        const QString page = read("man/sottod.8");
        for (const SettingKey& key : settingKeys()) {
            const QString name = QLatin1String(key.name);
            const QString row = QStringLiteral("\n| `%1` | ").arg(name);
            QVERIFY2(manual.contains(row), key.name);
            const QJsonValue value = key.defaultValue();
            if (value.isString() && !value.toString().isEmpty())
                QVERIFY2(manual.contains(row + QStringLiteral("`\"%1\"` |").arg(value.toString())),
                         key.name);
            const bool atTheTop = name == "listen" || name == "upstreams"; // of the example
            QVERIFY2(page.contains(atTheTop ? name : QStringLiteral("\n.Cm %1").arg(name)),
                     key.name);
        }
    }

    void everyMemberOfTheTablesIsNamed() {
        const QString manual = read("SETTINGS.md");
        for (const SettingKey& key : settingKeys()) {
            const QJsonObject table = key.defaultValue().toObject();
            for (auto it = table.begin(); it != table.end(); ++it)
                QVERIFY2(manual.contains(QStringLiteral("\n| `%1` | ").arg(it.key())),
                         qPrintable(it.key()));
        }
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSettingDocs)
#include "test_setting_docs.moc"
