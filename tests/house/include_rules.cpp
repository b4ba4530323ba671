// SPDX-License-Identifier: GPL-3.0-or-later
#include "house_rules.h"

#include <QDir>
#include <QRegularExpression>

namespace sotto::test {

namespace {

/// A part of the tree and the parts whose headers it may include. The longest folder counts.
struct Part {
    QString folder;
    QStringList mayInclude; ///< folders of parts, itself included
    bool mayUseQt = true;
};

const QList<Part>& parts() {
    static const QString kEngineApi = QStringLiteral("engine/include");
    static const QString kEngine = QStringLiteral("engine");
    static const QString kJson = QStringLiteral("helper/json");
    static const QString kProcess = QStringLiteral("helper/process");
    static const QString kProtocol = QStringLiteral("helper/protocol");
    static const QString kNetwork = QStringLiteral("helper/network");
    static const QString kSystemDns = QStringLiteral("helper/systemdns");
    static const QString kLeaseContract = QStringLiteral("helper/lease/contract");
    static const QString kLease = QStringLiteral("helper/lease");
    static const QString kService = QStringLiteral("helper/service");
    static const QString kCli = QStringLiteral("app/cli");
    static const QString kCore = QStringLiteral("app/core");
    static const QString kModels = QStringLiteral("app/models");
    static const QString kUi = QStringLiteral("app/ui");
    static const QString kApp = QStringLiteral("app");
    static const QString kResources = QStringLiteral("resources");
    static const QList<Part> kParts{
        {kEngineApi, {kEngineApi}, false},
        {kEngine, {kEngine, kEngineApi}, false},
        {kJson, {kJson}},
        {kProcess, {kProcess}},
        {kProtocol, {kProtocol, kJson}},
        {kNetwork, {kNetwork}},
        {kSystemDns, {kSystemDns}},
        {kLeaseContract, {kLeaseContract, kJson}},
        {kLease, {kLease, kLeaseContract, kSystemDns, kNetwork, kProcess, kJson}},
        {kService,
         {kService, kProtocol, kEngineApi, kResources, kLeaseContract, kNetwork, kProcess, kJson}},
        {kCli, {kCli, kProtocol}},
        {kCore, {kCore, kProtocol, kResources}},
        {kModels, {kModels, kCore, kProtocol}},
        {kUi, {kUi, kModels, kCore, kProtocol, kResources}},
        {kApp, {kApp, kUi, kModels, kCore, kProtocol, kResources}},
        {kResources, {kResources}},
    };
    return kParts;
}

/// The part that a path belongs to; null where the map knows none.
const Part* partOf(const QString& path) {
    const Part* best = nullptr;
    for (const Part& part : parts()) {
        if (path.startsWith(part.folder + QLatin1Char('/')) &&
            (!best || part.folder.size() > best->folder.size()))
            best = &part;
    }
    return best;
}

bool isQtHeader(const QString& header) {
    static const QRegularExpression kQt(QStringLiteral("^(Qt[A-Z]\\w*/|Q[A-Za-z]|q[a-z]+\\.h$)"));
    return kQt.match(header).hasMatch();
}

/// The project's files that an include in that file could mean: its neighbour, else every file
/// whose path ends so.
QStringList candidates(const SourceFile& file, const QString& header, const SourceTree& tree) {
    const QString neighbour = QDir::cleanPath(file.folder() + QLatin1Char('/') + header);
    QStringList found;
    for (const SourceFile& other : tree.files) {
        if (other.path == neighbour)
            return {neighbour};
        if (other.path == header || other.path.endsWith(QLatin1Char('/') + header))
            found << other.path;
    }
    return found;
}

/// What is wrong with an include; empty where nothing is.
QString judge(const SourceFile& file, const Part& part, const QString& header,
              const SourceTree& tree) {
    if (isQtHeader(header)) {
        return part.mayUseQt ? QString()
                             : QStringLiteral("%1 includes Qt: %2").arg(part.folder, header);
    }
    const QStringList targets = candidates(file, header, tree);
    if (targets.isEmpty())
        return {};
    for (const QString& target : targets) {
        const Part* targetPart = partOf(target);
        if (targetPart && part.mayInclude.contains(targetPart->folder))
            return {};
    }
    return QStringLiteral("%1 may not include %2").arg(part.folder, targets.first());
}

} // namespace

QStringList includeComplaints(const SourceTree& tree) {
    static const QRegularExpression kInclude(
        QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"));
    QStringList complaints;
    for (const SourceFile& file : tree.files) {
        if (!file.isCpp() || file.path.startsWith(QLatin1String("tests/")))
            continue;
        const Part* part = partOf(file.path);
        if (!part) {
            complaints << file.path +
                              QStringLiteral(":1: this folder has no place in the map of parts");
            continue;
        }
        const QStringList lines = file.lines();
        for (qsizetype i = 0; i < lines.size(); ++i) {
            const auto match = kInclude.match(lines.at(i));
            const QString what =
                match.hasMatch() ? judge(file, *part, match.captured(1), tree) : QString();
            if (!what.isEmpty())
                complaints << QStringLiteral("%1:%2: %3").arg(file.path).arg(i + 1).arg(what);
        }
    }
    return complaints;
}

} // namespace sotto::test
