// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/recorded_network.h"

#include "systemdns/resolved_bus.h"

#include <QJsonArray>

#include <algorithm>

#include <arpa/inet.h>

namespace sotto::systemdns {

namespace {

constexpr qsizetype kMaxItems = 32;
constexpr qsizetype kMaxLength = 255;

const QString kServers = QStringLiteral("servers");
const QString kSearches = QStringLiteral("searches");
const QString kOptions = QStringLiteral("options");

/// A word that can stand in a line of resolv.conf.
bool isWord(const QString& text) {
    return !text.isEmpty() && text.size() <= kMaxLength &&
           std::all_of(text.cbegin(), text.cend(),
                       [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7f; });
}

bool isServer(const QString& text) {
    in6_addr octets{};
    const QByteArray latin = text.toLatin1();
    if (::inet_pton(AF_INET, latin.constData(), &octets) == 1)
        return addressText(QByteArray(reinterpret_cast<const char*>(&octets), 4)) == text;
    return ::inet_pton(AF_INET6, latin.constData(), &octets) == 1 &&
           addressText(QByteArray(reinterpret_cast<const char*>(&octets), 16)) == text &&
           !IN6_IS_ADDR_LINKLOCAL(&octets);
}

void append(const QStringList& items, bool (*isGood)(const QString&), QStringList& list) {
    for (const QString& item : items) {
        if (isGood(item) && !list.contains(item) && list.size() < kMaxItems)
            list << item;
    }
}

std::optional<QStringList> readList(const QJsonObject& json, const QString& name,
                                    bool (*isGood)(const QString&)) {
    const QJsonArray items = json.value(name).toArray();
    if (!json.value(name).isArray() || items.size() > kMaxItems)
        return std::nullopt;
    QStringList list;
    for (const QJsonValue& item : items) {
        if (!isGood(item.toString()))
            return std::nullopt;
        list << item.toString();
    }
    return list;
}

QByteArray line(const char* keyword, const QStringList& words) {
    return words.isEmpty()
               ? QByteArray()
               : keyword + QByteArray(" ") + words.join(QLatin1Char(' ')).toLatin1() + '\n';
}

} // namespace

RecordedNetwork RecordedNetwork::of(const QList<ConnectionDns>& connections) {
    RecordedNetwork network;
    for (const ConnectionDns& connection : connections) {
        // A priority below 0 hides those above it, and the list is in their order.
        if (connections.constFirst().priority < 0 &&
            connection.priority > connections.constFirst().priority)
            break;
        append(connection.servers, isServer, network.servers);
        append(connection.searches, isWord, network.searches);
        append(connection.options, isWord, network.options);
    }
    return network;
}

QJsonObject RecordedNetwork::toJson() const {
    return {{kServers, QJsonArray::fromStringList(servers)},
            {kSearches, QJsonArray::fromStringList(searches)},
            {kOptions, QJsonArray::fromStringList(options)}};
}

std::optional<RecordedNetwork> RecordedNetwork::fromJson(const QJsonValue& json) {
    const QJsonObject object = json.toObject();
    const auto servers = readList(object, kServers, isServer);
    const auto searches = readList(object, kSearches, isWord);
    const auto options = readList(object, kOptions, isWord);
    if (!servers || !searches || !options)
        return std::nullopt;
    return RecordedNetwork{*servers, *searches, *options};
}

QByteArray RecordedNetwork::resolvConf() const {
    QByteArray text = "# The servers of the last network. NetworkManager, which had written this "
                      "file, was gone\n# when Sotto went off.\n";
    text += line("search", searches);
    for (const QString& server : servers)
        text += line("nameserver", {server});
    return text + line("options", options);
}

} // namespace sotto::systemdns
