// SPDX-License-Identifier: GPL-3.0-or-later
#include "house_rules.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using sotto::test::SourceFile;
using sotto::test::SourceTree;

namespace {

using Rule = QStringList (*)(const SourceTree&);

const QString kSpdx = QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n");

SourceTree treeOf(const QList<SourceFile>& files) {
    SourceTree tree{files, {}};
    for (const SourceFile& file : files)
        tree.paths << file.path;
    return tree;
}

} // namespace

Q_DECLARE_METATYPE(Rule)
Q_DECLARE_METATYPE(QList<sotto::test::SourceFile>)

/// Holds the whole tree to the rules, and shows with samples that each rule can complain.
class TestHouseRules : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void treeIsRead();
    void treeKeepsTheRules_data();
    void treeKeepsTheRules();
    void rulesJudgeSamples_data();
    void rulesJudgeSamples();
    void engineLinksNoQt();
    void devListsItsCommands();
    void devExplainsEachCommand_data();
    void devExplainsEachCommand();
    void devRefusesWrongArguments_data();
    void devRefusesWrongArguments();

private:
    SourceTree m_tree;
};

void TestHouseRules::initTestCase() {
    m_tree = SourceTree::read(QStringLiteral(SOTTO_SOURCE_DIR));
}

void TestHouseRules::treeIsRead() {
    for (const char* path : {"dev", "engine/include/engine/engine.h", "README.md",
                             "helper/protocol/channel.cpp", "tests/house/test_house_rules.cpp"})
        QVERIFY2(m_tree.paths.contains(QLatin1String(path)), path);
}

void TestHouseRules::treeKeepsTheRules_data() {
    QTest::addColumn<Rule>("rule");
    QTest::newRow("include arrows") << Rule(sotto::test::includeComplaints);
    QTest::newRow("licence lines") << Rule(sotto::test::licenceComplaints);
    QTest::newRow("file length") << Rule(sotto::test::lengthComplaints);
    QTest::newRow("operating systems") << Rule(sotto::test::systemMacroComplaints);
    QTest::newRow("names") << Rule(sotto::test::nameComplaints);
    QTest::newRow("links") << Rule(sotto::test::linkComplaints);
    QTest::newRow("private paths") << Rule(sotto::test::privatePathComplaints);
}

void TestHouseRules::treeKeepsTheRules() {
    QFETCH(Rule, rule);
    const QStringList complaints = rule(m_tree);
    QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join(QLatin1Char('\n'))));
}

void TestHouseRules::rulesJudgeSamples_data() {
    QTest::addColumn<Rule>("rule");
    QTest::addColumn<QList<SourceFile>>("files");
    QTest::addColumn<QString>("expected"); // the start of the only complaint; empty: none

    const Rule includes = sotto::test::includeComplaints;
    const auto including = [](const char* path, const char* header, const char* headerPath) {
        return QList<SourceFile>{
            {QLatin1String(path), QStringLiteral("#include %1\n").arg(QLatin1String(header))},
            {QLatin1String(headerPath), QString()}};
    };
    QTest::newRow("engine includes Qt")
        << includes << including("engine/cache/a.cpp", "<QString>", "engine/cache/b.h")
        << "engine/cache/a.cpp:1: engine includes Qt";
    QTest::newRow("engine includes a Qt module")
        << includes << including("engine/include/engine/a.h", "<QtCore/QObject>", "engine/b.h")
        << "engine/include/engine/a.h:1: engine/include includes Qt";
    QTest::newRow("engine includes the helper")
        << includes
        << including("engine/wire/a.cpp", "\"protocol/channel.h\"", "helper/protocol/channel.h")
        << "engine/wire/a.cpp:1: engine may not include helper/protocol/channel.h";
    QTest::newRow("engine includes itself")
        << includes << including("engine/wire/a.cpp", "\"cache/b.h\"", "engine/cache/b.h") << "";
    QTest::newRow("engine's interface includes its inside")
        << includes << including("engine/include/engine/a.h", "\"wire/b.h\"", "engine/wire/b.h")
        << "engine/include/engine/a.h:1: engine/include may not include engine/wire/b.h";
    QTest::newRow("protocol includes the engine")
        << includes
        << including("helper/protocol/a.h", "\"engine/e.h\"", "engine/include/engine/e.h")
        << "helper/protocol/a.h:1: helper/protocol may not include engine/include/engine/e.h";
    QTest::newRow("protocol includes the service")
        << includes << including("helper/protocol/a.h", "\"service/s.h\"", "helper/service/s.h")
        << "helper/protocol/a.h:1: helper/protocol may not include helper/service/s.h";
    QTest::newRow("service includes the engine's interface")
        << includes
        << including("helper/service/a.cpp", "\"engine/e.h\"", "engine/include/engine/e.h") << "";
    QTest::newRow("service includes the engine's inside")
        << includes << including("helper/service/a.cpp", "\"cache/c.h\"", "engine/cache/c.h")
        << "helper/service/a.cpp:1: helper/service may not include engine/cache/c.h";
    QTest::newRow("app includes the engine")
        << includes << including("app/core/a.cpp", "\"engine/e.h\"", "engine/include/engine/e.h")
        << "app/core/a.cpp:1: app/core may not include engine/include/engine/e.h";
    QTest::newRow("app includes the service")
        << includes << including("app/ui/a.cpp", "\"service/s.h\"", "helper/service/s.h")
        << "app/ui/a.cpp:1: app/ui may not include helper/service/s.h";
    QTest::newRow("models include the interface")
        << includes << including("app/models/a.cpp", "\"ui/u.h\"", "app/ui/u.h")
        << "app/models/a.cpp:1: app/models may not include app/ui/u.h";
    QTest::newRow("core includes models")
        << includes << including("app/core/a.cpp", "\"../models/m.h\"", "app/models/m.h")
        << "app/core/a.cpp:1: app/core may not include app/models/m.h";
    QTest::newRow("an include by the longer path")
        << includes << including("app/core/a.cpp", "\"app/models/m.h\"", "app/models/m.h")
        << "app/core/a.cpp:1: app/core may not include app/models/m.h";
    QTest::newRow("interface includes models")
        << includes << including("app/ui/a.cpp", "\"models/m.h\"", "app/models/m.h") << "";
    QTest::newRow("a neighbour of the same name")
        << includes
        << QList<SourceFile>{{"engine/wire/a.cpp", "#include \"b.h\"\n"},
                             {"app/ui/b.h", {}},
                             {"engine/wire/b.h", {}}}
        << "";
    QTest::newRow("a folder without rules") << includes << QList<SourceFile>{{"common/a.cpp", {}}}
                                            << "common/a.cpp:1: this folder has no place";

    const Rule licences = sotto::test::licenceComplaints;
    QTest::newRow("no licence") << licences << QList<SourceFile>{{"engine/a.cpp", "int a;\n"}}
                                << "engine/a.cpp:1: the SPDX";
    QTest::newRow("licence too late")
        << licences << QList<SourceFile>{{"engine/a.h", "\n\n\n" + kSpdx}} << "engine/a.h:1: the";
    QTest::newRow("licence") << licences << QList<SourceFile>{{"engine/a.h", kSpdx}} << "";
    QTest::newRow("script without licence")
        << licences << QList<SourceFile>{{"dev", "#!/bin/bash\necho\n"}} << "dev:1: the SPDX";
    QTest::newRow("licence after #!")
        << licences
        << QList<SourceFile>{{"dev", "#!/bin/bash\n# SPDX-License-Identifier: "
                                     "GPL-3.0-or-later\n"}}
        << "";

    const Rule length = sotto::test::lengthComplaints;
    QTest::newRow("801 lines") << length
                               << QList<SourceFile>{{"a.cpp", QString(801, QLatin1Char('\n'))}}
                               << "a.cpp:801: longer";
    QTest::newRow("800 lines") << length
                               << QList<SourceFile>{{"a.cpp", QString(800, QLatin1Char('\n'))}}
                               << "";

    const Rule systems = sotto::test::systemMacroComplaints;
    for (const char* line : {"#ifdef __linux__", "#if defined(_WIN32) || defined(X)",
                             "  #  elif defined(Q_OS_MACOS)", "#ifndef __APPLE__"})
        QTest::addRow("system: %s", line)
            << systems << QList<SourceFile>{{"engine/a.cpp", QLatin1String(line)}}
            << "engine/a.cpp:1: a condition";
    QTest::newRow("system in its own file")
        << systems << QList<SourceFile>{{"engine/a_linux.cpp", "#ifdef __linux__"}} << "";
    QTest::newRow("another macro")
        << systems << QList<SourceFile>{{"engine/a.cpp", "#ifdef NDEBUG\n// __linux__"}} << "";

    const Rule names = sotto::test::nameComplaints;
    for (const char* line : {"class ConnectionManager {", "struct StringUtils;", "class Impl;",
                             "template <class T> class QueueImpl {", "enum class DataKind {",
                             "    class [[nodiscard]] DNSUtil {", "class NetworkData {",
                             "class NetworksManager {", "class NetworkManagerUtils {"})
        QTest::addRow("name: %s", line)
            << names << QList<SourceFile>{{"engine/a.h", QLatin1String(line)}} << "engine/a.h:1: ";
    for (const char* line :
         {"class QNetworkAccessManager;", "struct Database {", "class Channel;", "// class Manager",
          "class Implication;", "class NetworkManagerBus {", "class StandInNetworkManager {"})
        QTest::addRow("name: %s", line)
            << names << QList<SourceFile>{{"engine/a.h", QLatin1String(line)}} << "";
    QTest::newRow("file name") << names << QList<SourceFile>{{"engine/string_utils.h", {}}}
                               << "engine/string_utils.h:1: a file name";
    QTest::newRow("file name of a product")
        << names << QList<SourceFile>{{"helper/systemdns/network_manager.h", {}}} << "";
    QTest::newRow("file name of no product")
        << names << QList<SourceFile>{{"helper/systemdns/link_manager.h", {}}}
        << "helper/systemdns/link_manager.h:1: a file name";

    const Rule links = sotto::test::linkComplaints;
    const auto page = [](const char* text) {
        return QList<SourceFile>{{"README.md", QLatin1String(text)},
                                 {"docs/A.md", "# One thing: more\n\n[up](../README.md)\n"}};
    };
    QTest::newRow("dead link") << links << page("[x](docs/B.md)") << "README.md:1: the link leads";
    QTest::newRow("dead picture") << links << page("\n![x](a.png)")
                                  << "README.md:2: the link leads";
    QTest::newRow("dead HTML picture")
        << links << page("<img src=\"a.png\">") << "README.md:1: the link leads";
    QTest::newRow("dead heading") << links << page("[x](docs/A.md#two)") << "README.md:1: the page";
    QTest::newRow("heading") << links << page("[x](docs/A.md#one-thing-more)") << "";
    QTest::newRow("heading here") << links << page("# Two\n[x](#two)") << "";
    QTest::newRow("dead heading here")
        << links << page("# Two\n[x](#three)") << "README.md:2: the page";
    QTest::newRow("the web") << links << page("[x](https://example.com/)") << "";
    QTest::newRow("code") << links << page("```\n[x](y.md)\n```\n`[x](y.md)`") << "";

    const Rule paths = sotto::test::privatePathComplaints;
    const QString path = QStringLiteral("see /%1/notes").arg(QLatin1String("work"));
    QTest::newRow("private path") << paths << QList<SourceFile>{{"README.md", path}}
                                  << "README.md:1: a path";
    QTest::newRow("ordinary path") << paths << QList<SourceFile>{{"README.md", "/usr/bin"}} << "";
}

void TestHouseRules::rulesJudgeSamples() {
    QFETCH(Rule, rule);
    QFETCH(QList<SourceFile>, files);
    QFETCH(QString, expected);
    const QStringList complaints = rule(treeOf(files));
    const QString all = complaints.join(QLatin1Char('\n'));
    QVERIFY2(complaints.size() == (expected.isEmpty() ? 0 : 1), qPrintable(all));
    QVERIFY2(expected.isEmpty() || all.startsWith(expected), qPrintable(all));
}

void TestHouseRules::engineLinksNoQt() {
    const QString linked = QStringLiteral(SOTTO_ENGINE_LINKS);
    QVERIFY2(!linked.contains(QLatin1String("Qt")), qPrintable(linked));

    // A mangled name of a Qt class, as a use of it leaves it in an archive's symbol table.
    static const QRegularExpression kQtSymbol(QStringLiteral("_ZNK?\\d+Q[A-Z]\\w+"));
    const auto symbolIn = [](const QString& path) {
        QFile archive(path);
        if (!archive.open(QIODevice::ReadOnly))
            return QStringLiteral("(unreadable)");
        return kQtSymbol.match(QString::fromLatin1(archive.readAll())).captured();
    };
    QCOMPARE(symbolIn(QStringLiteral(SOTTO_ENGINE_FILE)), QString());
    // The same look finds Qt where it is used.
    QVERIFY(!symbolIn(QStringLiteral(SOTTO_PROTOCOL_FILE)).isEmpty());
}

namespace {

struct Ended {
    int status = -1;
    QString output;
    QString errors;
};

Ended runDev(const QStringList& arguments) {
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(QStringLiteral(SOTTO_SOURCE_DIR "/dev"), arguments);
    if (!process.waitForFinished(20000))
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

const QStringList kCommands{
    QStringLiteral("run"),         QStringLiteral("test"),    QStringLiteral("bench"),
    QStringLiteral("lint"),        QStringLiteral("package"), QStringLiteral("deps"),
    QStringLiteral("screenshots"),
};

} // namespace

void TestHouseRules::devListsItsCommands() {
    const Ended help = runDev({QStringLiteral("--help")});
    QCOMPARE(help.status, 0);
    static const QRegularExpression kListed(QStringLiteral("^  ([a-z]+) {2,}\\S"),
                                            QRegularExpression::MultilineOption);
    QStringList listed;
    for (auto matches = kListed.globalMatch(help.output); matches.hasNext();)
        listed << matches.next().captured(1);
    listed.sort();
    QStringList expected = kCommands;
    expected.sort();
    QCOMPARE(listed, expected);
}

void TestHouseRules::devExplainsEachCommand_data() {
    QTest::addColumn<QString>("command");
    for (const QString& command : kCommands)
        QTest::newRow(qPrintable(command)) << command;
}

void TestHouseRules::devExplainsEachCommand() {
    QFETCH(QString, command);
    const Ended help = runDev({command, QStringLiteral("--help")});
    QCOMPARE(help.status, 0);
    QVERIFY(help.output.startsWith(QStringLiteral("Usage: ./dev %1").arg(command)));
    QCOMPARE(help.errors, QString());
}

void TestHouseRules::devRefusesWrongArguments_data() {
    QTest::addColumn<QStringList>("arguments");
    const QString wrong = QStringLiteral("--no-such-thing");
    QTest::newRow("no command") << QStringList{};
    QTest::newRow("unknown command") << QStringList{QStringLiteral("dance")};
    for (const char* command : {"run", "lint", "screenshots", "package", "deps"})
        QTest::newRow(command) << QStringList{QLatin1String(command), wrong};
}

void TestHouseRules::devRefusesWrongArguments() {
    QFETCH(QStringList, arguments);
    const Ended ended = runDev(arguments);
    QCOMPARE(ended.status, 2);
    QVERIFY(ended.errors.contains(QLatin1String("Usage: ./dev")) ||
            ended.output.contains(QLatin1String("Usage: ./dev")));
}

QTEST_GUILESS_MAIN(TestHouseRules)
#include "test_house_rules.moc"
