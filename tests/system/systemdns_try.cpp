// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls one mechanism of the system's DNS by hand, for tests with real daemons:
//
//     systemdns_try ROOT MECHANISM VERB [ADDRESS...]
//
// ROOT is / or a folder; VERB one of detect (MECHANISM may be auto), look, capture, apply,
// standing, restore, coverage; ADDRESS the target's, 127.0.0.1 where none is given. What apply,
// standing and restore need of capture's answer is read from standard input. Prints JSON; ends
// with 1 on a fault.
#include "systemdns/detection.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTextStream>

using namespace sotto::systemdns;

namespace {

const QString kFault = QStringLiteral("fault");

QJsonObject findingJson(const Finding& finding) {
    return {{"mechanism", mechanismText(finding.id)},
            {"usable", finding.usable},
            {"reason", finding.reason},
            {"beside_resolved", finding.besideResolved}};
}

QJsonObject detectionJson(const Detection& detection) {
    QJsonArray findings;
    for (const Finding& finding : detection.findings)
        findings << findingJson(finding);
    QJsonArray chosen;
    for (const MechanismId id : detection.chosen)
        chosen << mechanismText(id);
    return {{"findings", findings}, {"chosen", chosen}, {"reason", detection.reason}};
}

QJsonObject standingJson(const Standing& standing) {
    const QStringList holders{"us", "agent", "person", "vpn"};
    QJsonObject json{{"holder", holders.at(static_cast<int>(standing.holder))},
                     {"who", standing.who}};
    if (standing.before)
        json.insert("before", *standing.before);
    return json;
}

QJsonObject coverageJson(const Coverage& coverage) {
    QJsonArray exceptions;
    for (const Exception& exception : coverage.exceptions) {
        exceptions << QJsonObject{
            {"kind", exception.kind}, {"subject", exception.subject}, {"detail", exception.detail}};
    }
    return {{"interfaces", QJsonArray::fromStringList(coverage.interfaces)},
            {"ipv4", coverage.ipv4},
            {"ipv6", coverage.ipv6},
            {"exceptions", exceptions}};
}

QJsonObject faultJson(const std::optional<Fault>& fault) {
    return fault ? QJsonObject{{kFault, fault->reason}} : QJsonObject();
}

QJsonObject readBefore() {
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(input.readAll()).object();
}

QJsonObject call(Mechanism& mechanism, const QString& verb, const Target& target) {
    if (verb == QLatin1String("look"))
        return findingJson(mechanism.look());
    if (verb == QLatin1String("coverage"))
        return coverageJson(mechanism.coverage(target));
    if (verb == QLatin1String("capture")) {
        const auto captured = mechanism.capture();
        const auto* fault = std::get_if<Fault>(&captured);
        return fault ? faultJson(*fault) : std::get<QJsonObject>(captured);
    }
    if (verb == QLatin1String("apply"))
        return faultJson(mechanism.apply(target, readBefore()));
    if (verb == QLatin1String("standing"))
        return standingJson(mechanism.standing(target, readBefore()));
    if (verb == QLatin1String("restore"))
        return faultJson(mechanism.restore(target, readBefore()));
    return faultJson(Fault{QStringLiteral("there is no such verb")});
}

QJsonObject answer(QStringList arguments) {
    if (arguments.size() < 3)
        return faultJson(Fault{QStringLiteral("ROOT MECHANISM VERB are expected")});
    QString root = arguments.takeFirst();
    if (root == QLatin1String("/"))
        root.clear();
    const auto wanted = mechanismFromText(arguments.takeFirst());
    const QString verb = arguments.takeFirst();
    Target target{arguments, Target::kDnsPort};
    if (target.addresses.isEmpty())
        target.addresses << QStringLiteral("127.0.0.1");

    const Mechanisms all = allMechanisms({root, {}});
    if (verb == QLatin1String("detect"))
        return detectionJson(detect(all, target, wanted));
    for (const auto& mechanism : all) {
        if (mechanism->id() == wanted)
            return call(*mechanism, verb, target);
    }
    return faultJson(Fault{QStringLiteral("there is no such mechanism")});
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    const QJsonObject json = answer(QCoreApplication::arguments().mid(1));
    QTextStream(stdout) << QJsonDocument(json).toJson(QJsonDocument::Compact) << '\n';
    return json.contains(kFault) ? 1 : 0;
}
