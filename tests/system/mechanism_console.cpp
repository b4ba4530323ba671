// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/detection.h"
#include "systemdns/os_lookup.h"
#include "systemdns/probe.h"
#include "systemdns/system_bus.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>
#include <memory>

/// The mechanisms from a shell, for the tests against real daemons:
///
///     MECHANISM look|capture|leftover
///     MECHANISM apply|standing|restore|coverage|watch ADDRESSES PORT BEFORE
///     detect ADDRESSES PORT [MECHANISM]
///     lookup|resolved-lookup NAME
///     probe NAME ADDRESS PORT udp|tcp
///
/// Each prints JSON or text; a fault goes to standard error and gives 1.

using namespace sotto::systemdns;

namespace {

constexpr std::chrono::seconds kPatience{5};

void print(const QJsonObject& object) {
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
}

int end(const std::optional<Fault>& fault) {
    if (!fault)
        return 0;
    std::fprintf(stderr, "%s\n", qPrintable(fault->reason));
    return 1;
}

int endLookup(const std::variant<QStringList, Fault>& found) {
    const auto* addresses = std::get_if<QStringList>(&found);
    if (!addresses)
        return end(*std::get_if<Fault>(&found));
    for (const QString& address : *addresses)
        std::printf("%s\n", qPrintable(address));
    return 0;
}

QString holderText(Standing::Holder holder) {
    switch (holder) {
    case Standing::Holder::Us:
        return QStringLiteral("us");
    case Standing::Holder::Agent:
        return QStringLiteral("agent");
    case Standing::Holder::Person:
        return QStringLiteral("person");
    case Standing::Holder::Vpn:
        return QStringLiteral("vpn");
    }
    Q_UNREACHABLE();
}

QJsonObject coverageJson(const Coverage& coverage) {
    QJsonArray exceptions;
    for (const Exception& exception : coverage.exceptions)
        exceptions << QJsonObject{{QStringLiteral("kind"), exception.kind},
                                  {QStringLiteral("subject"), exception.subject},
                                  {QStringLiteral("detail"), exception.detail}};
    return {{QStringLiteral("interfaces"), QJsonArray::fromStringList(coverage.interfaces)},
            {QStringLiteral("ipv4"), coverage.ipv4},
            {QStringLiteral("ipv6"), coverage.ipv6},
            {QStringLiteral("exceptions"), exceptions}};
}

Target targetOf(const QStringList& arguments) {
    return {arguments.value(0, QStringLiteral("127.0.0.1")).split(QLatin1Char(',')),
            arguments.value(1, QStringLiteral("53")).toUShort()};
}

int detectFor(const Mechanisms& mechanisms, const QStringList& arguments) {
    const Detection detection =
        detect(mechanisms, targetOf(arguments), mechanismFromText(arguments.value(2)));
    QStringList chosen;
    for (const MechanismId id : detection.chosen)
        chosen << mechanismText(id);
    print({{QStringLiteral("chosen"), chosen.join(QLatin1Char(' '))},
           {QStringLiteral("reason"), detection.reason}});
    return chosen.isEmpty() ? 1 : 0;
}

int use(Mechanism& mechanism, const QString& verb, const QStringList& arguments) {
    const Target target = targetOf(arguments);
    const QJsonObject before =
        QJsonDocument::fromJson(arguments.value(2, QStringLiteral("{}")).toUtf8()).object();
    if (verb == QLatin1String("look")) {
        const Finding finding = mechanism.look();
        print({{QStringLiteral("usable"), finding.usable},
               {QStringLiteral("reason"), finding.reason}});
        return finding.usable ? 0 : 1;
    }
    if (verb == QLatin1String("capture")) {
        const auto captured = mechanism.capture();
        const auto* json = std::get_if<QJsonObject>(&captured);
        if (!json)
            return end(*std::get_if<Fault>(&captured));
        print(*json);
        return 0;
    }
    if (verb == QLatin1String("apply"))
        return end(mechanism.apply(target, before));
    if (verb == QLatin1String("restore"))
        return end(mechanism.restore(target, before));
    if (verb == QLatin1String("standing")) {
        const Standing standing = mechanism.standing(target, before);
        QJsonObject json{{QStringLiteral("holder"), holderText(standing.holder)},
                         {QStringLiteral("who"), standing.who}};
        if (standing.before)
            json.insert(QStringLiteral("before"), *standing.before);
        print(json);
        return 0;
    }
    if (verb == QLatin1String("leftover")) {
        const auto left = mechanism.leftover();
        if (!left)
            return 1;
        print({{QStringLiteral("addresses"), left->target.addresses.join(QLatin1Char(' '))},
               {QStringLiteral("port"), left->target.port},
               {QStringLiteral("remedy"), left->remedy}});
        return 0;
    }
    if (verb == QLatin1String("coverage")) {
        print(coverageJson(mechanism.coverage(target)));
        return 0;
    }
    if (verb == QLatin1String("watch")) {
        QObject::connect(&mechanism, &Mechanism::changed, [] {
            std::puts("changed");
            std::fflush(stdout);
        });
        mechanism.watch();
        std::puts("watching");
        std::fflush(stdout);
        return QCoreApplication::exec();
    }
    return end(Fault{QStringLiteral("unknown verb: ") + verb});
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 3 && qstrcmp(argv[1], "answer-lookup") == 0)
        return answerLookup(argv[2], stdout, stderr);
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const QString first = arguments.value(0);
    const Surroundings surroundings;
    if (first == QLatin1String("lookup"))
        return endLookup(
            ChildLookup({QCoreApplication::applicationFilePath(), QStringLiteral("answer-lookup")},
                        kPatience)
                .lookUp(arguments.value(1)));
    if (first == QLatin1String("resolved-lookup")) {
        const SystemBus bus(surroundings.busAddress);
        return endLookup(ResolvedLookup(bus, kPatience).lookUp(arguments.value(1)));
    }
    if (first == QLatin1String("probe"))
        return endLookup(
            probe(arguments.value(1), arguments.value(2), arguments.value(3).toUShort(),
                  arguments.value(4) == QLatin1String("tcp") ? Transport::Tcp : Transport::Udp,
                  kPatience));
    const Mechanisms mechanisms = allMechanisms(surroundings);
    if (first == QLatin1String("detect"))
        return detectFor(mechanisms, arguments.mid(1));
    for (const auto& mechanism : mechanisms) {
        if (first == mechanismText(mechanism->id()))
            return use(*mechanism, arguments.value(1), arguments.mid(2));
    }
    return end(Fault{QStringLiteral("unknown mechanism: ") + first});
}
