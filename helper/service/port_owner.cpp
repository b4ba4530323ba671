// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/port_owner.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace sotto::service {

QString PortOwner::text() const {
    QStringList inside;
    if (!unit.isEmpty() && !program.isEmpty())
        inside += program;
    if (pid != 0)
        inside += QStringLiteral("pid %1").arg(pid);
    QString name = unit.isEmpty() ? program : unit;
    if (name.isEmpty() && user)
        name = *user == 0 ? QStringLiteral("a program of root")
                          : QStringLiteral("a program of user %1").arg(*user);
    if (name.isEmpty())
        name = QStringLiteral("another program");
    return inside.isEmpty() ? name
                            : QStringLiteral("%1 (%2)").arg(name, inside.join(QLatin1String(", ")));
}

QString unitOfCgroup(const QString& path) {
    const QStringList parts = path.split(QLatin1Char('/'));
    const auto isUnit = [](const QString& part) {
        return part.endsWith(QLatin1String(".service")) || part.endsWith(QLatin1String(".scope")) ||
               part.endsWith(QLatin1String(".socket"));
    };
    const auto found = std::find_if(parts.rbegin(), parts.rend(), isUnit);
    return found == parts.rend() ? QString() : *found;
}

QString portOwnerText(const engine::Error& taken) {
    const QString subject = QString::fromStdString(taken.subject);
    const auto endpoint =
        engine::Endpoint::parse(subject.section(QLatin1Char(' '), 0, 0).toStdString(), 0);
    if (!endpoint)
        return QString::fromStdString(taken.message());
    const PortProtocol protocol =
        subject.endsWith(QLatin1String("(TCP)")) ? PortProtocol::Tcp : PortProtocol::Udp;
    const PortOwner owner = portOwner(endpoint.value(), protocol).value_or(PortOwner{});
    if (owner.pid == QCoreApplication::applicationPid())
        return QString::fromStdString(taken.message());
    return QStringLiteral("%1 is taken by %2")
        .arg(QString::fromStdString(endpoint.value().toString()), owner.text());
}

QString errorText(const engine::Error& error) {
    const QString plain = QString::fromStdString(error.message());
    const QString named =
        error.code == engine::ErrorCode::AddressInUse ? portOwnerText(error) : plain;
    return named == plain
               ? plain
               : QStringLiteral("%1. Stop that program, or set \"listen\" to a free address")
                     .arg(named);
}

} // namespace sotto::service
