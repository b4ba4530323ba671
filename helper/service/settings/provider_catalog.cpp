// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/provider_catalog.h"

#include "service/settings/provider_entry.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

namespace sotto::service {

namespace {

constexpr int kFormatVersion = 1;

QString placeOf(const QByteArray& text, qsizetype offset) {
    const QByteArray before = text.left(offset);
    return QStringLiteral("line %1, column %2")
        .arg(before.count('\n') + 1)
        .arg(before.size() - before.lastIndexOf('\n'));
}

/// The reason why the list as a whole is wrong; empty where it is not.
QString faultOfList(const QJsonObject& list) {
    static const QStringList kMembers{QStringLiteral("$schema"), QStringLiteral("version"),
                                      QStringLiteral("updated"), QStringLiteral("providers")};
    for (auto it = list.begin(); it != list.end(); ++it) {
        if (!kMembers.contains(it.key()))
            return QStringLiteral("%1: unknown member").arg(it.key());
    }
    if (list.value(kMembers[1]) != kFormatVersion)
        return QStringLiteral("version: %1 is expected").arg(kFormatVersion);
    if (!list.value(kMembers[3]).isArray() || list.value(kMembers[3]).toArray().isEmpty())
        return QStringLiteral("providers: an array of at least one provider is expected");
    return {};
}

const protocol::Provider* findIn(const QList<protocol::Provider>& providers, const QString& id) {
    const auto found = std::ranges::find(providers, id, &protocol::Provider::id);
    return found == providers.end() ? nullptr : &*found;
}

} // namespace

bool ProviderCatalog::read(const QByteArray& json, QString& error) {
    if (json.size() > kMaxListBytes) {
        error = QStringLiteral("larger than 256 KiB");
        return false;
    }
    QJsonParseError parseError{};
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (parseError.error != QJsonParseError::NoError) {
        error = placeOf(json, parseError.offset) + QLatin1String(": ") + parseError.errorString();
        return false;
    }
    if (error = faultOfList(document.object()); !error.isEmpty())
        return false;
    Contents result;
    const QJsonArray list = document.object().value(QLatin1String("providers")).toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
        ProviderEntry entry;
        auto fault = readProviderEntry(list[i], entry);
        if (!fault && findIn(result.providers, entry.provider.id))
            fault = ProviderFault{QStringLiteral("id"),
                                  QStringLiteral("\"%1\" is listed twice").arg(entry.provider.id)};
        if (fault) {
            const QString member =
                fault->member.isEmpty() ? QString() : QLatin1Char('.') + fault->member;
            error = QStringLiteral("providers[%1]%2: %3").arg(i).arg(member, fault->reason);
            return false;
        }
        if (!entry.authorities.isEmpty())
            result.authorities.insert(entry.provider.id, entry.authorities);
        result.providers += entry.provider;
    }
    const QJsonDocument reply(protocol::toJson(result.providers).toArray());
    if (reply.toJson(QJsonDocument::Compact).size() > kMaxReplyBytes) {
        error = QStringLiteral("too many providers");
        return false;
    }
    result.source = document.toJson(QJsonDocument::Compact);
    m_contents = std::move(result);
    m_shippedIsDue = false;
    return true;
}

bool ProviderCatalog::readShipped(QString& error) {
    QFile file(QStringLiteral(":/sotto/providers.json"));
    if (!file.open(QIODevice::ReadOnly)) {
        error = file.errorString();
        return false;
    }
    return read(file.readAll(), error);
}

ProviderCatalog ProviderCatalog::shipped() {
    ProviderCatalog catalog;
    catalog.m_shippedIsDue = true;
    return catalog;
}

const ProviderCatalog::Contents& ProviderCatalog::contents() const {
    if (std::exchange(m_shippedIsDue, false)) {
        ProviderCatalog list;
        QString why;
        if (!list.readShipped(why))
            qFatal("the list of providers in this program is damaged: %s", qPrintable(why));
        m_contents = std::move(list.m_contents);
    }
    return m_contents;
}

const protocol::Provider* ProviderCatalog::find(const QString& id) const {
    return findIn(providers(), id);
}

QStringList ProviderCatalog::ids() const {
    QStringList result;
    for (const protocol::Provider& provider : providers())
        result += provider.id;
    return result;
}

} // namespace sotto::service
