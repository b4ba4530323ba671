// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/settings_files.h"

#include "support/throwaway_ca.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace sotto::service;

namespace sotto::test {

class TestSettingsFiles : public QObject {
    Q_OBJECT

private:
    static constexpr qsizetype kBundleBytes = 220 * 1024;

    ProviderCatalog m_catalog;

    static void write(const QString& path, const QByteArray& text) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

private slots:
    void initTestCase() {
        QString why;
        QVERIFY2(m_catalog.readShipped(why), qPrintable(why));
    }

    void shippedDefaultsExist() {
        MergedSettings merged;
        QVERIFY(!mergeLayers({}, {}, {}, m_catalog, merged));
        QVERIFY(merged.effective.upstreams.size() == 2);
    }

    void unreadableFiles() {
        QTemporaryDir dir;
        SettingsLayer layer;
        const SettingsFiles missing(dir.filePath("no.toml"), dir.path(), m_catalog);
        auto error = missing.readFile(layer);
        QVERIFY(error);
        QVERIFY(error->text().startsWith(dir.filePath("no.toml") + ": cannot be read"));
        const SettingsFiles folder(dir.path(), dir.path(), m_catalog);
        error = folder.readFile(layer);
        QVERIFY(error);
        QCOMPARE(error->reason, "not an ordinary file");
        const SettingsFiles none({}, dir.path(), m_catalog);
        QVERIFY(!none.readFile(layer));
    }

    void certificateFileErrors() {
        QTemporaryDir dir;
        const QString ca = dir.filePath("ca.pem");
        write(dir.filePath("s.toml"),
              "upstreams = [\n { address = \"192.0.2.1\", ca_file = \"" + ca.toUtf8() + "\" }]");
        const SettingsFiles files(dir.filePath("s.toml"), dir.path(), m_catalog);
        SettingsLayer layer;
        auto error = files.readFile(layer);
        QVERIFY(error);
        QCOMPARE(error->position, (Position{2, 27}));
        QVERIFY2(error->text().contains("upstreams[0].ca_file: " + ca + ": cannot be read"),
                 qPrintable(error->text()));
        write(ca, "nothing");
        error = files.readFile(layer);
        QVERIFY(error);
        QVERIFY2(error->reason.contains("no PEM certificate"), qPrintable(error->reason));
    }

    void appLayerSurvivesAndIsPrivate() {
        QTemporaryDir dir;
        const SettingsFiles files({}, dir.path(), m_catalog);
        SettingsLayer layer;
        layer.values.insert("policy", "random");
        layer.values.insert("providers", QJsonArray{"quad9"});
        layer.enabled = false;
        QString why;
        QVERIFY2(files.writeApp(layer, why), qPrintable(why));
        const auto access = QFileInfo(dir.filePath("settings.toml")).permissions();
        QVERIFY(!(access & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteOther)));
        SettingsLayer back;
        QVERIFY(!files.readApp(back));
        QCOMPARE(back, layer);
    }

    void damagedAppFileIsKept() {
        QTemporaryDir dir;
        const SettingsFiles files({}, dir.path(), m_catalog);
        write(dir.filePath("settings.toml"), "policy = \"nonsense\"\n");
        SettingsLayer layer;
        QVERIFY(files.readApp(layer));
        QCOMPARE(files.setAppAside(), dir.filePath("settings.toml.bad"));
        write(dir.filePath("settings.toml"), "policy = \n");
        QVERIFY(files.readApp(layer));
        QCOMPARE(files.setAppAside(), dir.filePath("settings.toml.bad2"));
        QVERIFY(QFileInfo::exists(dir.filePath("settings.toml.bad")));
        QVERIFY(!files.readApp(layer)); // missing is fine
    }

    void lastGoodRemembersWhoSetWhat() {
        QTemporaryDir dir;
        SettingsFiles files({}, dir.path(), m_catalog);
        SettingsLayer file;
        SettingsLayer app;
        QVERIFY(!files.readLastGood(file, app));
        file.values.insert("upstreams", QJsonArray{"tls://192.0.2.1"});
        app.values.insert("policy", "random");
        app.enabled = false;
        MergedSettings merged;
        QVERIFY(!mergeLayers(file, "F", app, m_catalog, merged));
        QString why;
        QVERIFY2(files.writeLastGood(merged, why), qPrintable(why));
        SettingsLayer fileBack;
        SettingsLayer appBack;
        QVERIFY(files.readLastGood(fileBack, appBack));
        QCOMPARE(fileBack, file);
        QCOMPARE(appBack, app);
    }

    void lastGoodHoldsLargeCertificateFiles() {
        QTemporaryDir dir;
        const QByteArray one = QByteArray::fromStdString(ThrowawayCa().certificatePem());
        const QByteArray bundle = one.repeated(kBundleBytes / one.size() + 1);
        const QByteArray ca = dir.filePath("ca.pem").toUtf8();
        write(ca, bundle);
        QByteArray upstreams;
        for (int i = 1; i <= 8; ++i)
            upstreams += "{ address = \"192.0.2." + QByteArray::number(i) + "\", ca_file = \"" +
                         ca + "\" }, ";
        write(dir.filePath("s.toml"), "upstreams = [" + upstreams + "]\n");
        SettingsFiles files(dir.filePath("s.toml"), dir.path(), m_catalog);
        SettingsLayer file;
        QVERIFY(!files.readFile(file));
        MergedSettings merged;
        QVERIFY(!mergeLayers(file, "F", {}, m_catalog, merged));
        QString why;
        QVERIFY2(files.writeLastGood(merged, why), qPrintable(why));
        QVERIFY(QFileInfo(dir.filePath("last-good.toml")).size() < 2 * bundle.size());

        QVERIFY(QFile::remove(ca));
        SettingsLayer fileBack;
        SettingsLayer appBack;
        QVERIFY(files.readLastGood(fileBack, appBack));
        QCOMPARE(fileBack, file);
        MergedSettings again;
        QVERIFY(!mergeLayers(fileBack, "F", appBack, m_catalog, again));
        QCOMPARE(again.effective.upstreams.size(), std::size_t{8});
        QCOMPARE(again.effective.upstreams[7].config.caPem, bundle.toStdString());

        // What arrives over the socket stays bounded, and names no file.
        SettingsLayer layer;
        const auto asUpstream = [](const char* key, const QString& value) {
            return QJsonArray{QJsonObject{{"address", "192.0.2.1"}, {key, value}}};
        };
        layer.values.insert("upstreams", asUpstream("ca", bundle));
        const auto error = checkLayer(layer, SettingSource::App, m_catalog);
        QVERIFY(error);
        QVERIFY2(error->reason.contains("128 KiB"), qPrintable(error->reason));
        layer.values.insert("upstreams", asUpstream("ca_file", ca));
        QVERIFY(checkLayer(layer, SettingSource::App, m_catalog));
        QVERIFY(checkLayer(layer, SettingSource::Kept, m_catalog));
    }
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestSettingsFiles)
#include "test_settings_files.moc"
