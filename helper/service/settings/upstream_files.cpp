// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/upstream_files.h"

#include "service/settings/certificate_text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <array>

namespace sotto::service {

namespace {

struct Member {
    const char* name;
    bool (*check)(const QByteArray& content, QString& why);
};
constexpr std::array kMembers{Member{"ca_file", checkCertificateText},
                              Member{"cert_file", checkCertificateText},
                              Member{"key_file", checkKeyText}};

void addFiles(const QJsonValue& upstreams, const QString& key, std::vector<UpstreamFile>& files) {
    const QJsonArray array = upstreams.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        for (const Member& member : kMembers) {
            const QString path = array[i].toObject().value(QLatin1String(member.name)).toString();
            if (!path.isEmpty())
                files.push_back(
                    {QStringLiteral("%1[%2].%3").arg(key).arg(i).arg(QLatin1String(member.name)),
                     path, member.check});
        }
    }
}

} // namespace

std::vector<UpstreamFile> filesNamedIn(const QJsonValue& upstreams, const QJsonValue& routes) {
    std::vector<UpstreamFile> files;
    addFiles(upstreams, QStringLiteral("upstreams"), files);
    const QJsonArray array = routes.toArray();
    for (qsizetype i = 0; i < array.size(); ++i)
        addFiles(array[i].toObject().value(QLatin1String("upstreams")),
                 QStringLiteral("route[%1].upstreams").arg(i), files);
    return files;
}

} // namespace sotto::service
