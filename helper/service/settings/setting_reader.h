// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/settings/effective_settings.h"
#include "service/settings/provider_catalog.h"

#include <QHash>
#include <QJsonValue>
#include <QString>

namespace sotto::service {

/// Who wrote a value, which decides what it may contain.
enum class SettingSource {
    Administrator, ///< FILE: may name certificate files
    App,           ///< what programs set over the socket: certificates come as text
    Kept,          ///< the same from an earlier time: providers may have left the list since
};

/// The reading of one value: what a reader may look at, and where it says what is wrong.
struct SettingReader {
    const ProviderCatalog& catalog;
    SettingSource source = SettingSource::App;
    /// Contents of the certificate and key files by their path; without an entry they are not used.
    const QHash<QString, QString>& files;

    QString path{};   ///< of the value that is being read
    QString reason{}; ///< why it was refused

    /// Notes why the value at this path is refused; gives false.
    bool fail(const QString& at, const QString& why) {
        path = at;
        reason = why;
        return false;
    }
    bool fail(const QString& why) { return fail(path, why); }
};

/// One key that settings know.
struct SettingKey {
    const char* name; ///< dotted
    /// What holds where no layer sets it.
    QJsonValue (*defaultValue)();
    /// Checks a value and puts it among the effective settings.
    bool (*read)(SettingReader& reader, const QJsonValue& value, EffectiveSettings& out);
};

/// Every key of FILE and settings.set, in the order of the documentation.
const std::vector<SettingKey>& settingKeys();
const SettingKey* findSettingKey(const QString& name);
QStringList settingKeyNames();

/// The two keys that decide together which servers are asked.
inline const QString kProvidersKey = QStringLiteral("providers");
inline const QString kUpstreamsKey = QStringLiteral("upstreams");
/// Where questions are answered.
inline const QString kListenKey = QStringLiteral("listen");
/// Names that go to servers of their own.
inline const QString kRouteKey = QStringLiteral("route");
/// Which list of providers there is to choose from.
inline const QString kProviderListKey = QStringLiteral("provider_list");

/// What an upstream is for, which decides whether it may be in clear text.
enum class UpstreamUse {
    General, ///< all names: encrypted
    Route,   ///< the names of a route: as the administrator wants
};

/// Reads one element of "upstreams", be it a route's: the text form or a table.
[[nodiscard]] bool readUpstream(SettingReader& reader, const QJsonValue& value, UpstreamUse use,
                                engine::UpstreamConfig& out);

/// A provider as an upstream: with its IPv4 addresses, then its IPv6 addresses.
ChosenUpstream upstreamOf(const protocol::Provider& provider, const ProviderCatalog& catalog);

} // namespace sotto::service
