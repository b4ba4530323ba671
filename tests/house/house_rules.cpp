// SPDX-License-Identifier: GPL-3.0-or-later
#include "house_rules.h"

#include <QHash>
#include <QRegularExpression>

namespace sotto::test {

namespace {

QString complaint(const SourceFile& file, qsizetype line, const QString& what) {
    return QStringLiteral("%1:%2: %3").arg(file.path).arg(line).arg(what);
}

/// Applies check(line) to each line; a text that it gives becomes a complaint.
template <class Check>
void eachLine(const SourceFile& file, QStringList& complaints, Check check) {
    const QStringList lines = file.lines();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString what = check(lines.at(i));
        if (!what.isEmpty())
            complaints << complaint(file, i + 1, what);
    }
}

/// NetworkManager is a product, and so are the names of its parts here.
bool isProduct(const QStringList& words, qsizetype last) {
    return last > 0 && words.at(last).toLower() == QLatin1String("manager") &&
           words.at(last - 1).toLower() == QLatin1String("network");
}

bool hasForbiddenWord(const QStringList& words) {
    static const QStringList kForbidden{
        QStringLiteral("manager"), QStringLiteral("util"), QStringLiteral("utils"),
        QStringLiteral("data"),    QStringLiteral("impl"),
    };
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (kForbidden.contains(words.at(i).toLower()) && !isProduct(words, i))
            return true;
    }
    return false;
}

/// "QueryLogPage" as Query, Log, Page.
QStringList camelCaseWords(const QString& name) {
    static const QRegularExpression kWord(QStringLiteral("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+"));
    QStringList words;
    for (auto match = kWord.globalMatch(name); match.hasNext();)
        words << match.next().captured();
    return words;
}

} // namespace

QStringList licenceComplaints(const SourceTree& tree) {
    QStringList complaints;
    for (const SourceFile& file : tree.files) {
        if (!file.isCpp() && !file.isShell())
            continue;
        const QString start = file.lines().mid(0, 3).join(QLatin1Char('\n'));
        if (!start.contains(QLatin1String("SPDX-License-Identifier: GPL-3.0-or-later")))
            complaints << complaint(file, 1, QStringLiteral("the SPDX licence line is missing"));
    }
    return complaints;
}

QStringList lengthComplaints(const SourceTree& tree) {
    QStringList complaints;
    for (const SourceFile& file : tree.files) {
        const qsizetype count = file.text.count(QLatin1Char('\n'));
        if (count > kMaxLines)
            complaints << complaint(file, count, QStringLiteral("longer than 800 lines"));
    }
    return complaints;
}

QStringList systemMacroComplaints(const SourceTree& tree) {
    static const QRegularExpression kOwnFile(
        QStringLiteral("_(linux|macos|windows|unix|portable)\\.(cpp|h)$"));
    static const QRegularExpression kCondition(
        QStringLiteral("^\\s*#\\s*(if|ifdef|ifndef|elif)\\b.*"
                       "\\b(__linux__|__linux|__APPLE__|__MACH__|_WIN32|_WIN64|WIN32|__unix__|"
                       "__unix|__FreeBSD__|__ANDROID__|Q_OS_[A-Z0-9]+)\\b"));
    QStringList complaints;
    for (const SourceFile& file : tree.files) {
        if (!file.isCpp() || kOwnFile.match(file.path).hasMatch())
            continue;
        eachLine(file, complaints, [](const QString& line) {
            return kCondition.match(line).hasMatch()
                       ? QStringLiteral("a condition on the operating system; it belongs into a "
                                        "file of that system")
                       : QString();
        });
    }
    return complaints;
}

QStringList nameComplaints(const SourceTree& tree) {
    static const QRegularExpression kType(
        QStringLiteral("^\\s*(?:template\\s*<.*>\\s*)?(?:enum\\s+)?(?:class|struct|union|enum)\\s+"
                       "(?:\\[\\[\\w+\\]\\]\\s*)?(\\w+)"));
    static const QRegularExpression kQtName(QStringLiteral("^Q[A-Z]"));
    QStringList complaints;
    for (const SourceFile& file : tree.files) {
        if (!file.isCpp())
            continue;
        const QString baseName = file.fileName().section(QLatin1Char('.'), 0, 0);
        if (hasForbiddenWord(baseName.split(QLatin1Char('_'))))
            complaints << complaint(file, 1, QStringLiteral("a file name that says nothing"));
        eachLine(file, complaints, [](const QString& line) {
            const QString name = kType.match(line).captured(1);
            if (kQtName.match(name).hasMatch() || !hasForbiddenWord(camelCaseWords(name)))
                return QString();
            return QStringLiteral("%1 does not name a role").arg(name);
        });
    }
    return complaints;
}

QStringList privatePathComplaints(const SourceTree& tree) {
    // Put together from pieces, so that this file has no such path either.
    static const QStringList kPrivate{
        QStringLiteral("/%1/").arg(QLatin1String("work")),
        QStringLiteral("../%1/").arg(QLatin1String("shared")),
        QStringLiteral("/%1/").arg(QLatin1String("root")),
    };
    QStringList complaints;
    for (const SourceFile& file : tree.files) {
        eachLine(file, complaints, [](const QString& line) {
            for (const QString& path : kPrivate) {
                if (line.contains(path))
                    return QStringLiteral("a path of one machine: %1").arg(path);
            }
            return QString();
        });
    }
    return complaints;
}

} // namespace sotto::test
