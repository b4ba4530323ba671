// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/port_owner.h"
#include "service/service.h"
#include "service/service_log.h"
#include "service/settings/setting_text.h"

#include <QDateTime>

namespace sotto::service {

namespace {

/// Whether the settings are at fault rather than the machine.
bool isSettingsFault(const engine::Error& error) {
    return error.code == engine::ErrorCode::InvalidArgument ||
           error.code == engine::ErrorCode::TlsFailure;
}

/// Where to listen while another program has 127.0.0.1:53, best first: another loopback address
/// (systemd-resolved has 53 and 54 of them); where that program has all addresses of the port,
/// another port, which not every way to set the system's DNS can name.
std::vector<std::vector<engine::Endpoint>> addressesAside() {
    constexpr std::uint16_t kDnsPort = 53;
    const engine::IpAddress loopback = *engine::IpAddress::parse("127.0.0.1");
    std::vector<std::vector<engine::Endpoint>> all;
    for (const std::uint8_t last : {1, 2, 3, 4, 5, 6, 7, 8}) {
        engine::IpAddress address = loopback;
        address.octets[3] = last;
        all.push_back({{address, kDnsPort}});
    }
    for (const std::uint16_t port : {535, 536, 537, 538})
        all.push_back({{loopback, port}, {*engine::IpAddress::parse("::1"), port}});
    return all;
}

} // namespace

std::optional<Service::StartFailure> Service::start() {
    SettingsLayer file;
    SettingsLayer app;
    if (const auto error = loadLayers(file, app))
        return StartFailure{2, error->text()};
    m_sessionKeeper.read();
    if (const auto failure = putAtStart(file, app))
        return failure;
    logListenNotices();
    m_startedAt = QDateTime::currentMSecsSinceEpoch();
    m_uptime.start();
    QMetaObject::invokeMethod(this, &Service::keepLastGood, Qt::QueuedConnection);
    return std::nullopt;
}

std::optional<Service::StartFailure> Service::putAtStart(const SettingsLayer& file,
                                                         const SettingsLayer& app) {
    auto error = put(file, app);
    if (error && error->code == engine::ErrorCode::AddressInUse)
        error = stepAside(std::move(*error), file, app);
    if (!error)
        return std::nullopt;
    const SettingsError fault = faultOf(*error, file);
    SettingsLayer lastFile;
    SettingsLayer lastApp;
    const bool hasLast = isSettingsFault(*error) && m_fileNotice.isEmpty() &&
                         m_files.readLastGood(lastFile, lastApp);
    if (hasLast && !put(lastFile, app)) {
        tellLastGood(fault);
        return std::nullopt;
    }
    SettingsLayer onlyTheSwitch;
    onlyTheSwitch.enabled = app.enabled;
    if (!app.values.isEmpty() && !put(file, onlyTheSwitch)) {
        m_appNotice = QStringLiteral("What was chosen in the app cannot take effect and is not in "
                                     "force (%1). The next change there takes its place.")
                          .arg(fault.reason);
        logLine(m_appNotice);
        return std::nullopt;
    }
    return StartFailure{isSettingsFault(*error) ? 2 : 1, fault.text()};
}

std::optional<engine::Error> Service::stepAside(engine::Error taken, const SettingsLayer& file,
                                                const SettingsLayer& app) {
    MergedSettings merged;
    if (mergeLayers(file, m_files.file(), app, m_catalog, merged) || !merged.hasUsualListen() ||
        !merged.effective.system.manage)
        return taken;
    for (const auto& listen : addressesAside()) {
        m_aside = listen;
        const auto error = put(file, app);
        if (error && error->code == engine::ErrorCode::AddressInUse)
            continue;
        if (error)
            m_aside.clear();
        if (error)
            return error;
        m_asideNotice =
            QStringLiteral("%1, so Sotto answers on %2.")
                .arg(portOwnerText(taken), m_forwarder.listening().join(QLatin1String(", ")));
        logLine(m_asideNotice);
        return std::nullopt;
    }
    m_aside.clear();
    return taken;
}

SettingsError Service::faultOf(const engine::Error& error, const SettingsLayer& file) const {
    SettingsError fault;
    if (isSettingsFault(error)) {
        fault.file = m_files.file();
        fault.position = positionIn(file, QString::fromStdString(error.subject));
    }
    fault.reason = errorText(error);
    return fault;
}

std::optional<SettingsError> Service::loadLayers(SettingsLayer& file, SettingsLayer& app) {
    bool appIsLost = false;
    if (const auto error = m_files.readApp(app)) {
        appIsLost = true;
        const QString aside = m_files.setAppAside();
        m_appNotice =
            QStringLiteral("What was chosen in the app could not be read and is not in force (%1).")
                .arg(error->text());
        if (!aside.isEmpty())
            m_appNotice += QStringLiteral(" It was kept as %1.").arg(aside);
        logLine(m_appNotice);
    }
    if (auto error = m_files.readFile(file))
        return loadLastGood(std::move(*error), file, app, appIsLost);
    return std::nullopt;
}

std::optional<SettingsError> Service::loadLastGood(SettingsError error, SettingsLayer& file,
                                                   SettingsLayer& app, bool appIsLost) {
    SettingsLayer lastApp;
    if (!m_files.readLastGood(file, lastApp))
        return error;
    if (appIsLost)
        app = lastApp;
    tellLastGood(error);
    return std::nullopt;
}

void Service::tellLastGood(const SettingsError& error) {
    m_fileNotice =
        QStringLiteral("%1; the last good settings are in force instead").arg(error.text());
    logLine(m_fileNotice);
}

} // namespace sotto::service
