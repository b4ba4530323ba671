// SPDX-License-Identifier: GPL-3.0-or-later
#include "house_rules.h"

#include <QDir>
#include <QRegularExpression>
#include <QSet>

namespace sotto::test {

namespace {

/// The anchor that forges make of a heading: lower case, spaces to hyphens, punctuation dropped.
QString anchorOf(const QString& heading) {
    QString anchor;
    for (const QChar c : heading.trimmed().toLower()) {
        if (c.isLetterOrNumber() || c == QLatin1Char('-') || c == QLatin1Char('_'))
            anchor += c;
        else if (c.isSpace())
            anchor += QLatin1Char('-');
    }
    return anchor;
}

/// Lines of a page outside code blocks; those inside are empty, so that numbers stay right.
QStringList proseLines(const SourceFile& file) {
    QStringList lines = file.lines();
    bool inCode = false;
    for (QString& line : lines) {
        const bool fence = line.trimmed().startsWith(QLatin1String("```"));
        if (fence)
            inCode = !inCode;
        if (fence || inCode)
            line.clear();
    }
    return lines;
}

QSet<QString> anchorsOf(const SourceFile& file) {
    static const QRegularExpression kHeading(QStringLiteral("^#{1,6}\\s+(.*)$"));
    QSet<QString> anchors;
    for (const QString& line : proseLines(file)) {
        const auto match = kHeading.match(line);
        if (match.hasMatch())
            anchors << anchorOf(match.captured(1));
    }
    return anchors;
}

const SourceFile* find(const SourceTree& tree, const QString& path) {
    for (const SourceFile& file : tree.files) {
        if (file.path == path)
            return &file;
    }
    return nullptr;
}

/// What is wrong with a link from that page; empty where nothing is.
QString judge(const SourceTree& tree, const SourceFile& page, const QString& link) {
    static const QRegularExpression kElsewhere(QStringLiteral("^[a-z][a-z0-9+.-]*:"));
    if (kElsewhere.match(link).hasMatch())
        return {};
    const QString target = link.section(QLatin1Char('#'), 0, 0);
    const QString anchor = link.section(QLatin1Char('#'), 1);
    const QString path =
        target.isEmpty() ? page.path : QDir::cleanPath(page.folder() + QLatin1Char('/') + target);
    const QString clean = path.startsWith(QLatin1Char('/')) ? path.mid(1) : path;
    if (!tree.paths.contains(clean))
        return QStringLiteral("the link leads nowhere: %1").arg(link);
    const SourceFile* other = find(tree, clean);
    if (!anchor.isEmpty() && other && !anchorsOf(*other).contains(anchor))
        return QStringLiteral("the page has no such heading: %1").arg(link);
    return {};
}

} // namespace

QStringList linkComplaints(const SourceTree& tree) {
    static const QRegularExpression kLink(
        QStringLiteral("\\]\\(([^)\\s]+)[^)]*\\)|(?:src|href|srcset)=\"([^\"]+)\""));
    static const QRegularExpression kCode(QStringLiteral("`[^`]*`"));
    QStringList complaints;
    for (const SourceFile& page : tree.files) {
        if (!page.isMarkdown())
            continue;
        const QStringList lines = proseLines(page);
        for (qsizetype i = 0; i < lines.size(); ++i) {
            QString line = lines.at(i);
            line.remove(kCode);
            for (auto matches = kLink.globalMatch(line); matches.hasNext();) {
                const auto match = matches.next();
                const QString link = match.captured(1) + match.captured(2);
                const QString what = judge(tree, page, link);
                if (!what.isEmpty())
                    complaints << QStringLiteral("%1:%2: %3").arg(page.path).arg(i + 1).arg(what);
            }
        }
    }
    return complaints;
}

} // namespace sotto::test
