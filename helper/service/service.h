// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/check_name.h"
#include "network/network_watch.h"
#include "protocol/messages.h"
#include "service/cache_keeper.h"
#include "service/forwarder.h"
#include "service/pause.h"
#include "service/provider_tests.h"
#include "service/query_log.h"
#include "service/refusal.h"
#include "service/session_keeper.h"
#include "service/settings/settings_files.h"
#include "service/sleep_watch.h"
#include "service/state/install_salt.h"
#include "service/system_dns/system_dns.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>
#include <optional>

namespace sotto::service {

/// The service without its socket: settings in their layers, the forwarder that they drive, the
/// system's DNS, and the query log. Every change is checked, put in force, and only then kept.
///
/// While the system may still be asking us, questions are answered, whatever the switch says: it
/// goes off once the earlier settings are back.
///
/// Thread: the main thread.
class Service : public QObject {
    Q_OBJECT

public:
    struct StartFailure {
        int exitCode; ///< 1: cannot run here; 2: the settings are wrong
        QString reason;
    };

    /// file: the administrator's file, or empty. The state directory must be held already.
    /// leaseSocket: the lease keeper's; empty: there is none.
    Service(QString file, const QString& stateDirectory, const ProviderCatalog& catalog,
            const QString& leaseSocket = {}, QObject* parent = nullptr);

    /// Reads the settings and starts the forwarder.
    [[nodiscard]] std::optional<StartFailure> start();
    /// Reads the administrator's file again. A wrong one is refused and told in the notices.
    void reload();
    /// For a watchdog; see Engine.
    bool takePulse() { return m_forwarder.takePulse(); }
    /// Gives the system's DNS back; readyToStop() comes once that is done, or takes too long.
    void beginStop();
    void stop();

    protocol::Status status() const;
    protocol::Settings settings() const;
    protocol::ProviderList providers() const;
    protocol::Statistics statistics() const;
    const QueryLog& log() const { return m_log; }
    Forwarder& forwarder() { return m_forwarder; }

    /// Changes keys of the app's layer, all or none; null removes a key from it.
    [[nodiscard]] std::optional<Refusal> changeSettings(const QJsonObject& values);
    /// Refused where it would take servers that were set by hand, unless those may be replaced.
    [[nodiscard]] std::optional<Refusal> useProviders(const QStringList& ids,
                                                      bool mayReplaceServers);
    [[nodiscard]] std::optional<Refusal> setForwarding(bool enabled);
    /// until: as protocol::PauseParams has it.
    [[nodiscard]] std::optional<Refusal> pauseForwarding(std::optional<qint64> until);
    [[nodiscard]] std::optional<Refusal> takeSystemDns();
    SystemDns& systemDns() { return m_systemDns; }
    /// Whether useProviders() would take servers that were set by hand.
    bool hasServersByHand() const { return m_appLayer.values.contains(kUpstreamsKey); }
    /// Whether a test would be of a provider in the list, or of a configured upstream.
    bool isKnownSubject(const protocol::ProviderTestParams& params) const;

    /// Begins a test of a provider for a user. Refused for an upstream that is neither of the list
    /// nor configured, unless the user may bring such ones.
    [[nodiscard]] std::variant<protocol::ProviderTest, Refusal>
    testProvider(const protocol::ProviderTestParams& params, quint32 user, bool mayBringOwn,
                 ProviderTests::Progress progress);

signals:
    void statusChanged();
    void readyToStop();
    void logged(const std::vector<sotto::service::LoggedQuery>& queries, qint64 dropped);

private:
    [[nodiscard]] std::optional<SettingsError> loadLayers(SettingsLayer& file, SettingsLayer& app);
    [[nodiscard]] std::optional<SettingsError>
    loadLastGood(SettingsError error, SettingsLayer& file, SettingsLayer& app, bool appIsLost);
    void tellLastGood(const SettingsError& error);
    /// Puts the layers in force; where that fails the last good settings, and where that fails the
    /// file without what was chosen in the app.
    [[nodiscard]] std::optional<StartFailure> putAtStart(const SettingsLayer& file,
                                                         const SettingsLayer& app);
    /// Why put failed, with the place in FILE where it is one's.
    SettingsError faultOf(const engine::Error& error, const SettingsLayer& file) const;
    [[nodiscard]] std::optional<engine::Error> put(const SettingsLayer& file,
                                                   const SettingsLayer& app);
    /// Whether a change that cannot be written to the disk is refused, or holds for this run.
    enum class Keeping { Needed, IfPossible };
    /// changed: the values that are new in app, which must be right as they stand.
    [[nodiscard]] std::optional<Refusal> changeApp(const SettingsLayer& app,
                                                   const SettingsLayer& changed = {},
                                                   Keeping keeping = Keeping::Needed);
    /// Starts on other addresses than the usual ones, which another program has.
    [[nodiscard]] std::optional<engine::Error>
    stepAside(engine::Error taken, const SettingsLayer& file, const SettingsLayer& app);
    bool wantsForwarding() const;
    /// The settings with the addresses in use, and with forwarding as it is to be now.
    EffectiveSettings inForce(const MergedSettings& merged) const;
    void applySwitch();
    void wishSystemDns();
    void watchSystem();
    const ProviderCatalog& catalogInForce() const;
    std::optional<Refusal> refusedByFile(const QString& key) const;
    void addSalt(EffectiveSettings& settings);
    void keepLastGood();
    QStringList notices() const;

    const ProviderCatalog& m_catalog;
    SettingsFiles m_files;
    SettingsLayer m_fileLayer;
    SettingsLayer m_appLayer;
    MergedSettings m_merged;
    InstallSalt m_salt;
    const QString m_checkKey = lease::newCheckKey(); ///< by which the lease keeper knows us
    Forwarder m_forwarder{m_checkKey};
    SessionKeeper m_sessionKeeper;
    std::unique_ptr<network::NetworkWatch> m_network; ///< made once answers are given
    std::unique_ptr<SleepWatch> m_sleep;              ///< likewise
    ProviderTests m_tests{m_forwarder};
    Pause m_pause;
    SystemDns m_systemDns;
    CacheKeeper m_cacheKeeper;
    QueryLog m_log;
    QString m_fileNotice;                  ///< why the administrator's file is not in force
    QString m_appNotice;                   ///< why settings.toml is not in force
    QString m_unkeptNotice;                ///< why the switch is not in settings.toml
    QString m_keepNotice;                  ///< why last-good.toml could not be written
    QString m_asideNotice;                 ///< why other addresses than the usual ones are in use
    std::vector<engine::Endpoint> m_aside; ///< those addresses; empty where the usual ones are
    qint64 m_startedAt = 0;
    QElapsedTimer m_uptime;
};

} // namespace sotto::service
