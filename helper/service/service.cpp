// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/service.h"

#include "service/port_owner.h"
#include "service/service_log.h"
#include "service/settings/coredns_options.h"
#include "service/settings/kept_keys.h"
#include "service/settings/setting_text.h"
#include "service/test_subject.h"
#include "service/version.h"

#include <QDateTime>
#include <QJsonArray>
#include <QTimer>

#include <algorithm>

namespace sotto::service {

namespace {

/// What was set over the socket is shown in one message.
constexpr qsizetype kMaxAppBytes = 200 * 1024;

/// Whether what was kept under the one may not be used under the other.
bool keepsOtherwise(const EffectiveSettings& before, const EffectiveSettings& now) {
    return before.upstreams != now.upstreams || before.routes != now.routes ||
           before.forward.clientSubnet != now.forward.clientSubnet || before.cache != now.cache ||
           before.browserCanary != now.browserCanary;
}

QString whyNoSetting(const QString& name) {
    if (const QString reason = reasonAgainstKey(name); !reason.isEmpty())
        return name + QLatin1String(": ") + reason;
    if (const auto idle = idleOption(name, {}))
        return QStringLiteral("%1 has no effect: %2").arg(name, idle->reason);
    for (const SettingKey& key : settingKeys()) {
        const QString table = QLatin1String(key.name);
        if (name.startsWith(table + QLatin1Char('.')) && key.defaultValue().isObject())
            return QStringLiteral("%1 is a part of %2, a table that is set as a whole")
                .arg(name, table);
    }
    return QStringLiteral("there is no setting \"%1\"%2")
        .arg(name, didYouMean(name, settingKeyNames()));
}

} // namespace

Service::Service(QString file, const QString& stateDirectory, const ProviderCatalog& catalog,
                 const QString& leaseSocket, QObject* parent)
    : QObject(parent)
    , m_catalog(catalog)
    , m_files(std::move(file), stateDirectory, catalog)
    , m_salt(stateDirectory)
    , m_sessionKeeper(stateDirectory)
    , m_systemDns(leaseSocket)
    , m_cacheKeeper(stateDirectory, {[this] { return m_forwarder.exportCache(); },
                                     [this](std::span<const std::uint8_t> octets) {
                                         return m_forwarder.importCache(octets);
                                     },
                                     [this] { return m_forwarder.queriesAnswered(); }}) {
    QTimer::singleShot(0, this, &Service::watchSystem);
    connect(&m_pause, &Pause::over, this, [this] {
        logLine(QStringLiteral("the pause is over"));
        applySwitch();
    });
    connect(&m_systemDns, &SystemDns::changed, this, &Service::statusChanged);
    connect(&m_systemDns, &SystemDns::givenBack, this, &Service::applySwitch);
    connect(&m_systemDns, &SystemDns::released, this, &Service::readyToStop);
    connect(&m_forwarder, &Forwarder::upstreamsChanged, this, &Service::statusChanged);
    // Where no records are written, new connections tell that there are questions.
    connect(&m_forwarder, &Forwarder::upstreamsChanged, &m_cacheKeeper, &CacheKeeper::noteActivity);
    connect(&m_forwarder, &Forwarder::queriesLogged, &m_cacheKeeper, &CacheKeeper::noteActivity);
    connect(&m_forwarder, &Forwarder::flushed, &m_cacheKeeper, &CacheKeeper::forget);
    connect(&m_cacheKeeper, &CacheKeeper::noticeChanged, this, &Service::statusChanged);
    connect(&m_forwarder, &Forwarder::queriesLogged, this,
            [this](const std::vector<LoggedQuery>& queries, qint64 dropped) {
                m_log.append(queries);
                emit logged(queries, dropped);
            });
}

void Service::watchSystem() {
    using network::NetworkWatch;
    m_network = std::make_unique<NetworkWatch>();
    connect(m_network.get(), &NetworkWatch::changed, &m_forwarder, &Forwarder::networkChanged);
    connect(m_network.get(), &NetworkWatch::changed, &m_systemDns, &SystemDns::noteNetworkChange);
    m_sleep = std::make_unique<SleepWatch>();
    connect(m_sleep.get(), &SleepWatch::aboutToSleep, &m_forwarder, &Forwarder::suspending);
    connect(m_sleep.get(), &SleepWatch::wokeUp, m_network.get(), &NetworkWatch::noteWaking);
}

std::optional<engine::Error> Service::put(const SettingsLayer& file, const SettingsLayer& app) {
    MergedSettings merged;
    if (const auto error = mergeLayers(file, m_files.file(), app, m_catalog, merged))
        return engine::Error{engine::ErrorCode::InvalidArgument, error->key.toStdString(),
                             error->reason.toStdString()};
    addSalt(merged.effective);
    if (const auto applied = m_forwarder.apply(inForce(merged), m_sessionKeeper.octets()); !applied)
        return applied.error();
    m_sessionKeeper.noteTaken(m_forwarder.sessionsFault());
    if (keepsOtherwise(m_merged.effective, merged.effective))
        m_cacheKeeper.forget();
    m_fileLayer = file;
    m_appLayer = app;
    m_merged = std::move(merged);
    m_log.setCapacity(m_merged.effective.logEntries);
    m_cacheKeeper.apply(m_merged.effective.cacheSnapshot, m_merged.effective.cache.sizeBytes);
    wishSystemDns();
    emit statusChanged();
    return std::nullopt;
}

bool Service::wantsForwarding() const {
    return m_merged.effective.enabled && !m_pause.isOn();
}

EffectiveSettings Service::inForce(const MergedSettings& merged) const {
    EffectiveSettings settings = merged.effective;
    if (!m_aside.empty() && merged.hasUsualListen())
        settings.listen = m_aside;
    settings.enabled = (settings.enabled && !m_pause.isOn()) || m_systemDns.mayHold();
    return settings;
}

void Service::applySwitch() {
    EffectiveSettings settings = inForce(m_merged);
    if (settings.enabled != m_forwarder.settings().enabled) {
        if (const auto applied = m_forwarder.apply(settings); !applied)
            logLine(errorText(applied.error()));
    }
    wishSystemDns();
    emit statusChanged();
}

void Service::wishSystemDns() {
    const SystemDnsSettings& system = m_merged.effective.system;
    m_systemDns.want({system.manage, wantsForwarding(), leaseTarget(m_forwarder.endpoints()),
                      system.mechanism, system.keepClosed, m_checkKey});
}

void Service::addSalt(EffectiveSettings& settings) {
    const auto isHashed = [](const engine::Route& route) {
        return route.policy == engine::Policy::Hashed;
    };
    if (settings.policy != engine::Policy::Hashed &&
        std::ranges::none_of(settings.routes, isHashed))
        return;
    QString why;
    settings.forward.salt = m_salt.octets(why);
    if (!why.isEmpty())
        logLine(QStringLiteral("names go to other servers after a restart: %1").arg(why));
}

void Service::reload() {
    SettingsLayer file;
    QString reason;
    if (const auto error = m_files.readFile(file)) {
        reason = error->text();
    } else if (const auto refused = put(file, m_appLayer)) {
        SettingsError fault = faultOf(*refused, file);
        fault.file = m_files.file();
        reason = fault.text();
    }
    if (reason.isEmpty()) {
        m_fileNotice.clear();
        keepLastGood();
        logLine(QStringLiteral("settings read again, listening on ") +
                m_forwarder.listening().join(QLatin1String(", ")));
    } else {
        m_fileNotice = reason + QLatin1String("; the earlier settings stay in force");
        logLine(m_fileNotice);
    }
    emit statusChanged();
}

void Service::beginStop() {
    m_systemDns.release();
}

void Service::stop() {
    m_cacheKeeper.stop(); // while questions are still answered, for a disk may be slow
    m_sessionKeeper.keep(m_forwarder.exportSessions());
    m_forwarder.stop();
}

void Service::keepLastGood() {
    QString why;
    m_keepNotice.clear();
    if (!m_fileNotice.isEmpty() || m_files.writeLastGood(m_merged, why))
        return;
    m_keepNotice = QStringLiteral("The settings could not be kept for the next start: %1").arg(why);
    logLine(m_keepNotice);
}

QStringList Service::notices() const {
    QStringList result;
    for (const QString& notice :
         {m_fileNotice, m_appNotice, m_unkeptNotice, m_keepNotice, m_cacheKeeper.notice()}) {
        if (!notice.isEmpty())
            result += notice;
    }
    if (m_merged.hasUsualListen() && !m_asideNotice.isEmpty())
        result += m_asideNotice;
    if (!wantsForwarding() && m_forwarder.settings().enabled)
        result += QStringLiteral("Sotto is off, but answers until the system's DNS has been given "
                                 "back.");
    result += m_merged.notices;
    result += m_forwarder.notices();
    for (const engine::Endpoint& endpoint : m_merged.effective.listen) {
        if (!endpoint.address.isLoopback())
            result += QStringLiteral("%1 can be asked by other machines.")
                          .arg(QString::fromStdString(endpoint.toString()));
    }
    return result;
}

protocol::Status Service::status() const {
    protocol::Status status;
    status.enabled = m_merged.effective.enabled;
    status.protection = wantsForwarding() ? m_forwarder.protection() : protocol::Protection::Off;
    status.pausedUntil = m_pause.until();
    status.systemDns = m_systemDns.status();
    status.listen = m_forwarder.listening();
    status.policy = policyText(m_merged.effective.policy);
    status.upstreams = m_forwarder.upstreams();
    for (const engine::Endpoint& server : m_merged.effective.forward.bootstrap)
        status.bootstrap += QString::fromStdString(server.toString());
    status.providers = m_merged.effective.providers;
    status.notices = notices();
    status.startedAt = m_startedAt;
    status.queryLog = m_merged.effective.logEntries > 0;
    status.version = versionText();
    return status;
}

protocol::Settings Service::settings() const {
    return {m_files.file(), m_merged.settings};
}

const ProviderCatalog& Service::catalogInForce() const {
    return m_fileLayer.providerList ? *m_fileLayer.providerList : m_catalog;
}

protocol::ProviderList Service::providers() const {
    protocol::ProviderList list;
    list.providers = catalogInForce().providers();
    for (protocol::Provider& provider : list.providers)
        provider.selected = m_merged.effective.providers.contains(provider.id);
    list.changeable = !refusedByFile(kProvidersKey);
    return list;
}

protocol::Statistics Service::statistics() const {
    protocol::Statistics statistics = m_forwarder.statistics();
    statistics.uptimeSeconds = m_uptime.elapsed() / 1000;
    return statistics;
}

std::optional<Refusal> Service::refusedByFile(const QString& key) const {
    const QStringList deciding = key == kProvidersKey || key == kUpstreamsKey
                                     ? QStringList{kProvidersKey, kUpstreamsKey}
                                     : QStringList{key};
    for (const QString& name : deciding) {
        if (m_fileLayer.values.contains(name))
            return Refusal{protocol::SetInFile,
                           QStringLiteral("%1 is set in %2").arg(name, m_files.file())};
    }
    return std::nullopt;
}

std::optional<Refusal> Service::changeSettings(const QJsonObject& values) {
    if (values.isEmpty())
        return Refusal{protocol::InvalidParams, QStringLiteral("\"values\" is empty")};
    SettingsLayer app = m_appLayer;
    SettingsLayer changed;
    for (auto it = values.begin(); it != values.end(); ++it) {
        if (!findSettingKey(it.key()))
            return Refusal{protocol::Rejected, whyNoSetting(it.key())};
        if (auto refused = refusedByFile(it.key()))
            return refused;
        if (it.value().isNull()) {
            app.values.remove(it.key());
            continue;
        }
        const QJsonValue value = withKeptKeys(it.value(), m_appLayer.values.value(it.key()));
        app.values.insert(it.key(), value);
        changed.values.insert(it.key(), value);
    }
    return changeApp(app, changed);
}

std::optional<Refusal> Service::useProviders(const QStringList& ids, bool mayReplaceServers) {
    if (auto refused = refusedByFile(kProvidersKey))
        return refused;
    if (ids.isEmpty())
        return Refusal{protocol::Rejected, QStringLiteral("at least one provider is needed")};
    if (!mayReplaceServers && m_appLayer.values.contains(kUpstreamsKey))
        return Refusal{protocol::NotAuthorized,
                       QStringLiteral("the servers were set by hand (\"upstreams\"), and only root "
                                      "or the service's own user may replace them")};
    SettingsLayer app = m_appLayer;
    SettingsLayer changed;
    changed.values.insert(kProvidersKey, QJsonArray::fromStringList(ids));
    app.values.insert(changed.values);
    app.values.remove(kUpstreamsKey);
    return changeApp(app, changed);
}

std::optional<Refusal> Service::setForwarding(bool enabled) {
    SettingsLayer app = m_appLayer;
    app.enabled = enabled;
    if (auto refused = changeApp(app, {}, Keeping::IfPossible))
        return refused;
    if (m_pause.isOn()) {
        m_pause.end();
        applySwitch();
    }
    return std::nullopt;
}

std::optional<Refusal> Service::pauseForwarding(std::optional<qint64> until) {
    if (!m_merged.effective.enabled)
        return Refusal{protocol::Rejected,
                       QStringLiteral("Sotto is off; there is nothing to pause")};
    if (until && *until <= QDateTime::currentMSecsSinceEpoch())
        return Refusal{protocol::Rejected,
                       QStringLiteral("the end of the pause (\"until\") must lie ahead")};
    m_pause.begin(until);
    applySwitch();
    return std::nullopt;
}

std::optional<Refusal> Service::takeSystemDns() {
    if (const QString why = m_systemDns.take(); !why.isEmpty())
        return Refusal{protocol::Rejected, why};
    return std::nullopt;
}

bool Service::isKnownSubject(const protocol::ProviderTestParams& params) const {
    const auto found = testSubject(params, m_merged.effective, catalogInForce());
    const auto* subject = std::get_if<TestSubject>(&found);
    return !subject || subject->isKnown; // what cannot be found is refused for that
}

std::variant<protocol::ProviderTest, Refusal>
Service::testProvider(const protocol::ProviderTestParams& params, quint32 user, bool mayBringOwn,
                      ProviderTests::Progress progress) {
    const auto found = testSubject(params, m_merged.effective, catalogInForce());
    if (const auto* refusal = std::get_if<Refusal>(&found))
        return *refusal;
    const auto& subject = std::get<TestSubject>(found);
    if (!subject.isKnown && !mayBringOwn)
        return Refusal{protocol::NotAuthorized,
                       QStringLiteral("this upstream is neither in the list nor configured, and "
                                      "only root or the service's own user may have it tested")};
    return m_tests.begin(subject, user, std::move(progress));
}

std::optional<Refusal> Service::changeApp(const SettingsLayer& app, const SettingsLayer& changed,
                                          Keeping keeping) {
    auto error = checkLayer(changed, SettingSource::App, catalogInForce());
    if (!error)
        error = checkLayer(app, SettingSource::Kept, catalogInForce());
    if (error)
        return Refusal{protocol::Rejected, error->text()};
    if (tomlText(app.values).size() > kMaxAppBytes)
        return Refusal{protocol::Rejected,
                       QStringLiteral("all that is set over the socket may have %1 KiB together")
                           .arg(kMaxAppBytes / 1024)};
    if (app == m_appLayer && m_appNotice.isEmpty() && m_unkeptNotice.isEmpty())
        return std::nullopt;
    const SettingsLayer before = m_appLayer;
    if (const auto refused = put(m_fileLayer, app))
        return Refusal{protocol::Rejected, errorText(*refused)};
    QString why;
    const bool isKept = m_files.writeApp(app, why);
    if (!isKept && keeping == Keeping::IfPossible) {
        m_unkeptNotice = QStringLiteral("The switch holds only until sottod is started anew, as it "
                                        "cannot be kept on disk: %1")
                             .arg(why);
        logLine(m_unkeptNotice);
        emit statusChanged();
        return std::nullopt;
    }
    if (!isKept) {
        if (const auto stuck = put(m_fileLayer, before))
            logLine(errorText(*stuck));
        return Refusal{protocol::Rejected,
                       QStringLiteral("the change cannot be kept on disk: %1").arg(why)};
    }
    m_appNotice.clear();
    m_unkeptNotice.clear();
    keepLastGood();
    return std::nullopt;
}

} // namespace sotto::service
