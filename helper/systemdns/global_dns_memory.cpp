// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/global_dns_memory.h"

#include "systemdns/global_dns.h"
#include "systemdns/mechanism.h"

#include <QFile>
#include <QSaveFile>

#include <algorithm>

namespace sotto::systemdns {

namespace {

constexpr qint64 kMaxOctets = 256 * 1024;
const QString kPath = QStringLiteral("/var/lib/NetworkManager/NetworkManager-intern.conf");
const QByteArray kGlobal = ".intern.global-dns";
const QByteArray kDomain = ".intern.global-dns-domain-";

struct Group {
    QByteArray name; ///< empty: what is ahead of all groups
    QByteArrayList lines;

    bool isOfGlobalDns() const { return name == kGlobal || name.startsWith(kDomain); }
    QByteArray value(const QByteArray& key) const {
        for (const QByteArray& line : lines) {
            const qsizetype equals = line.indexOf('=');
            if (equals > 0 && line.left(equals).trimmed() == key)
                return line.mid(equals + 1).trimmed();
        }
        return {};
    }
};

QList<Group> groupsOf(const QByteArray& memory) {
    QList<Group> groups;
    groups << Group{};
    for (const QByteArray& line : memory.split('\n')) {
        const QByteArray trimmed = line.trimmed();
        if (trimmed.startsWith('[') && trimmed.endsWith(']'))
            groups << Group{trimmed.mid(1, trimmed.size() - 2), {}};
        groups.last().lines << line;
    }
    return groups;
}

/// As NetworkManager writes lists; with characters that need no escape.
QByteArray listOf(const QVariant& list) {
    QStringList items;
    for (const QString& item : list.toStringList()) {
        const bool isPlain =
            !item.isEmpty() && std::all_of(item.cbegin(), item.cend(), [](QChar c) {
                return c.unicode() > 0x20 && c.unicode() < 0x7f && c != QLatin1Char(',') &&
                       c != QLatin1Char(';') && c != QLatin1Char('\\');
            });
        if (isPlain)
            items << item;
    }
    return items.join(QLatin1Char(',')).toLatin1();
}

QByteArray line(const char* key, const QByteArray& list) {
    return list.isEmpty() ? QByteArray() : key + QByteArray("=") + list + '\n';
}

bool isGroupName(const QString& text) {
    return !text.isEmpty() && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return c.unicode() > 0x20 && c.unicode() < 0x7f && c != QLatin1Char('[') &&
               c != QLatin1Char(']');
    });
}

QByteArray written(const QVariantMap& global) {
    const QByteArray own = line("searches", listOf(global.value(QStringLiteral("searches")))) +
                           line("options", listOf(global.value(QStringLiteral("options"))));
    QByteArray text = own.isEmpty() ? QByteArray() : "\n[" + kGlobal + "]\n" + own;
    const QVariantMap domains = global.value(QStringLiteral("domains")).toMap();
    for (auto domain = domains.cbegin(); domain != domains.cend(); ++domain) {
        const QVariantMap of = domain.value().toMap();
        const QByteArray servers = listOf(of.value(QStringLiteral("servers")));
        if (isGroupName(domain.key()) && !servers.isEmpty())
            text += "\n[" + kDomain + domain.key().toLatin1() + "]\nservers=" + servers +
                    "\noptions=" + listOf(of.value(QStringLiteral("options"))) + '\n';
    }
    return text;
}

} // namespace

std::optional<QByteArray> memoryWithout(const QByteArray& memory, const Target& target,
                                        const QVariantMap& earlier) {
    const QList<Group> groups = groupsOf(memory);
    const auto isDomain = [](const Group& group) {
        return group.name.startsWith(kDomain) && group.name != kDomain + kSottosDomain;
    };
    const auto domain = std::find_if(groups.cbegin(), groups.cend(), isDomain);
    const bool leadsHere =
        std::count_if(groups.cbegin(), groups.cend(), isDomain) == 1 &&
        domain->name == kDomain + '*' &&
        domain->value("servers") == target.addresses.join(QLatin1Char(',')).toLatin1();
    if (!leadsHere)
        return std::nullopt;
    QByteArrayList kept;
    for (const Group& group : groups) {
        if (!group.isOfGlobalDns())
            kept << group.lines;
    }
    QByteArray text = kept.join('\n');
    while (text.endsWith('\n'))
        text.chop(1);
    return (text.isEmpty() ? text : text + '\n') + written(earlier);
}

std::optional<Fault> forgetTarget(const QString& root, const Target& target,
                                  const QVariantMap& earlier) {
    const auto faultOf = [](const QString& what) {
        return Fault{QStringLiteral("%1, in which NetworkManager keeps Sotto's address, %2")
                         .arg(kPath, what)};
    };
    QFile file(root + kPath);
    if (!file.exists())
        return std::nullopt;
    if (!file.open(QIODevice::ReadOnly))
        return faultOf(QStringLiteral("cannot be read: %1").arg(file.errorString()));
    if (file.size() > kMaxOctets)
        return faultOf(QStringLiteral("is too large to be read"));
    const auto memory = memoryWithout(file.readAll(), target, earlier);
    if (!memory)
        return std::nullopt;
    QSaveFile saved(file.fileName());
    if (saved.open(QIODevice::WriteOnly) && saved.setPermissions(file.permissions()) &&
        saved.write(*memory) == memory->size() && saved.commit())
        return std::nullopt;
    return faultOf(QStringLiteral("cannot be written: %1").arg(saved.errorString()));
}

} // namespace sotto::systemdns
