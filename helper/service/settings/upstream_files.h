// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

#include <vector>

namespace sotto::service {

/// A file that an upstream's table names.
struct UpstreamFile {
    QString key; ///< "upstreams[1].ca_file", "route[0].upstreams[2].key_file"
    QString path;
    /// Whether its content is right; else why not.
    bool (*check)(const QByteArray& content, QString& why);
};

/// The files that "upstreams" and "route" name.
std::vector<UpstreamFile> filesNamedIn(const QJsonValue& upstreams, const QJsonValue& routes);

} // namespace sotto::service
