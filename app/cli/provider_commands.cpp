// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "printable.h"
#include "route_text.h"
#include "table.h"
#include "unencrypted.h"

#include <QJsonArray>

namespace sotto::cli {

namespace {

using protocol::Provider;

bool atMostOne(const QStringList& arguments) {
    return arguments.size() <= 1;
}

bool atLeastOne(const QStringList& arguments) {
    return !arguments.isEmpty();
}

bool matches(const Provider& provider, const QString& search) {
    for (const QString& field : {provider.id, provider.name, provider.description, provider.tlsName,
                                 provider.country, provider.filter}) {
        if (field.contains(search, Qt::CaseInsensitive))
            return true;
    }
    return (provider.ipv4 + provider.ipv6).contains(search);
}

QString claim(const std::optional<bool>& value) {
    if (!value)
        return QStringLiteral("?");
    return *value ? QObject::tr("yes") : QObject::tr("no");
}

/// What is in use beside the list; empty where there is nothing.
QString otherServersText(const protocol::Status& status) {
    Table table;
    for (const protocol::Upstream& upstream : status.upstreams) {
        if (upstream.provider.isEmpty())
            table.addRow(
                {upstream.encrypted ? QString() : QObject::tr("UNENCRYPTED"), upstream.spec,
                 upstream.route
                     ? QObject::tr("for %1").arg(routeText(*upstream.route, upstream.routeMore))
                     : QString()});
    }
    QString text;
    if (!table.isEmpty())
        text += QObject::tr("\nIn use beside the list:\n") + table.text();
    if (!status.bootstrap.isEmpty())
        text +=
            QObject::tr("\nBootstrap: %1\n").arg(printable(unencryptedLookUps(status.bootstrap)));
    return text;
}

ExitCode listProviders(Session& session, const QStringList& arguments) {
    const auto list = session.call<protocol::ListProviders>({});
    if (!list)
        return session.failure();
    protocol::ProviderList found;
    found.changeable = list->changeable;
    for (const Provider& provider : list->providers) {
        if (arguments.isEmpty() || matches(provider, arguments.first()))
            found.providers += provider;
    }
    if (session.json()) {
        session.printJson(protocol::toJson(found));
        return Done;
    }
    const auto status = session.call<protocol::GetStatus>({});
    if (!status)
        return session.failure();
    if (found.providers.isEmpty()) {
        Session::complain(QObject::tr("No provider matches."));
        return Done;
    }
    Table table({QStringLiteral(" "), QObject::tr("ID"), QObject::tr("NAME"),
                 QObject::tr("COUNTRY"), QObject::tr("FILTERS"), QObject::tr("DNSSEC"),
                 QObject::tr("NO LOG"), QObject::tr("TLS NAME")});
    for (const Provider& provider : found.providers)
        table.addRow({provider.selected ? QStringLiteral("*") : QString(), provider.id,
                      provider.name, provider.country, provider.filter, claim(provider.dnssec),
                      claim(provider.noLog), provider.tlsName});
    session.print(table.text());
    session.print(QObject::tr("\n* in use. DNSSEC and NO LOG are the operators' own claims.\n"));
    session.print(otherServersText(*status));
    if (!found.changeable)
        session.print(QObject::tr("The administrator's file decides which servers are used.\n"));
    return Done;
}

ExitCode useProviders(Session& session, const QStringList& arguments) {
    const auto status = session.call<protocol::UseProviders>({arguments});
    if (!status)
        return session.failure();
    if (session.json())
        session.printJson(protocol::toJson(*status));
    else
        session.print(QObject::tr("In use: %1\n")
                          .arg(printable(status->providers.join(QLatin1String(", ")))));
    return Done;
}

} // namespace

std::vector<Command> providerCommands() {
    return {
        {"providers", "[SEARCH]", "List the shipped providers",
         "Lists the providers that come with Sotto. SEARCH keeps those with that text in their\n"
         "id, name, description, TLS name, country or filter, or with that address.",
         atMostOne, listProviders},
        {"use", "PROVIDER...", "Choose one or several providers",
         "Uses these providers (ids of \"sottoctl providers\") in this order, in place of those\n"
         "and of the upstreams that were chosen before.",
         atLeastOne, useProviders},
    };
}

} // namespace sotto::cli
