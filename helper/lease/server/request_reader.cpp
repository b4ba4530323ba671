// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/server/request_reader.h"

#include <QJsonDocument>

namespace sotto::lease {

namespace {

constexpr qsizetype kMostAddresses = 16; // more are refused before anything looks at them
constexpr qsizetype kLongestText = 100;

RequestFault fault(const char* reason) {
    return {QString::fromLatin1(reason)};
}

bool isFlat(const QJsonObject& object) {
    for (const QJsonValue& value : object) {
        if (value.isObject())
            return false;
        for (const QJsonValue& item : value.toArray()) {
            if (!item.isString())
                return false;
        }
    }
    return true;
}

bool isShort(const Request& request) {
    for (const QString& address : request.addresses) {
        if (address.size() > kLongestText)
            return false;
    }
    return request.addresses.size() <= kMostAddresses && request.mechanism.size() <= kLongestText &&
           request.checkKey.size() <= kLongestText;
}

template <class Message>
QByteArray packet(const Message& message) {
    return QJsonDocument(json::toJson(message).toObject()).toJson(QJsonDocument::Compact);
}

} // namespace

std::variant<Request, RequestFault> readRequest(const QByteArray& packet) {
    static const QStringList kMembers = json::toJson(Request()).toObject().keys();
    if (packet.size() > kMaxPacket)
        return fault("the request is too large");
    const QJsonDocument document = QJsonDocument::fromJson(packet);
    if (!document.isObject() || !isFlat(document.object()))
        return fault("the request is not a flat JSON object");
    const QJsonObject object = document.object();
    if (object.value(QLatin1String("version")) != QJsonValue(kContractVersion))
        return fault("the request is of another version; sottod and sotto-lease must be of the "
                     "same version of Sotto");
    for (const QString& member : object.keys()) {
        if (!kMembers.contains(member))
            return fault("the request has a member that is not known");
    }
    Request request;
    QString why;
    if (!json::fromJson(object, request, why))
        return RequestFault{QStringLiteral("the request is malformed: %1").arg(why)};
    if (!isShort(request))
        return fault("the request is too large");
    return request;
}

QByteArray packetOf(const Request& request) {
    return packet(request);
}

QByteArray packetOf(const Report& report) {
    return packet(report);
}

} // namespace sotto::lease
