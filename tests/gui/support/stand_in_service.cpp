// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/stand_in_service.h"

#include <QDateTime>
#include <QLocalSocket>

#include <algorithm>

namespace sotto::test {

using namespace protocol;

StandInService::StandInService(QString socketPath, QObject* parent)
    : QObject(parent)
    , m_socketPath(std::move(socketPath)) {
    hello.protocol = kProtocolVersion;
    hello.server = QStringLiteral("stand-in");
    hello.version = QStringLiteral("1.2.3");
    hello.mayToggle = protocol::Permission::Yes;
    hello.mayConfigure = protocol::Permission::Yes;
    hello.mayReadLog = protocol::Permission::Yes;
}

StandInService::~StandInService() {
    stop();
}

bool StandInService::start() {
    QLocalServer::removeServer(m_socketPath);
    m_server = std::make_unique<QLocalServer>();
    connect(m_server.get(), &QLocalServer::newConnection, this, &StandInService::welcome);
    return m_server->listen(m_socketPath);
}

void StandInService::stop() {
    m_server.reset();
    for (const auto& peer : m_peers) {
        peer->channel->disconnect(this);
        peer->channel->cut();
        delete peer->channel;
    }
    m_peers.clear();
    m_held.clear();
}

void StandInService::welcome() {
    while (QLocalSocket* socket = m_server->nextPendingConnection()) {
        m_peers.push_back(std::make_unique<Peer>(Peer{new Channel(socket, this)}));
        Peer* peer = m_peers.back().get();
        connect(peer->channel, &Channel::messageReceived, this,
                [this, peer](const QJsonObject& message) { receive(*peer, message); });
        connect(peer->channel, &Channel::closed, this, [this, peer] {
            m_held.removeIf([peer](const Held& held) { return held.channel == peer->channel; });
            peer->channel->deleteLater();
            std::erase_if(m_peers, [peer](const auto& other) { return other.get() == peer; });
        });
    }
}

void StandInService::announce() {
    for (const auto& peer : m_peers)
        peer->channel->sendNotification(QLatin1String(kStatusChanged), toJson(status));
}

void StandInService::record(QList<LogEntry> entries) {
    for (LogEntry& entry : entries) {
        entry.sequence = m_log.isEmpty() ? 1 : m_log.last().sequence + 1;
        m_log.append(entry);
    }
    LogBatch batch;
    batch.entries = entries;
    for (const auto& peer : m_peers) {
        if (peer->subscribed)
            peer->channel->sendNotification(QLatin1String(kLogEntries), toJson(batch));
    }
}

int StandInService::subscribers() const {
    return static_cast<int>(std::count_if(m_peers.begin(), m_peers.end(),
                                          [](const auto& peer) { return peer->subscribed; }));
}

void StandInService::receive(Peer& peer, const QJsonObject& message) {
    const QJsonValue id = message.value(QLatin1String("id"));
    const QString method = message.value(QLatin1String("method")).toString();
    const QJsonObject params = message.value(QLatin1String("params")).toObject();
    if (method != QLatin1String(GetStatistics::kName))
        calls.append(method);
    if (method == QLatin1String(Hello::kName))
        return peer.channel->sendResult(id, toJson(hello));
    if (method == QLatin1String(GetStatus::kName))
        return peer.channel->sendResult(id, toJson(status));
    if (method == QLatin1String(ListProviders::kName))
        return peer.channel->sendResult(id, toJson(providers));
    if (method == QLatin1String(GetSettings::kName))
        return peer.channel->sendResult(id, toJson(settings));
    if (method == QLatin1String(ExplainSystemDns::kName))
        return peer.channel->sendResult(id,
                                        toJson(SystemDnsExplanation{status.systemDns, findings}));
    if (holdChanges && method != QLatin1String(UnsubscribeLog::kName)) {
        m_held.append({peer.channel, id, method, params});
        return;
    }
    answerChange(peer, id, method, params);
}

void StandInService::release() {
    holdChanges = false;
    const QList<Held> held = std::exchange(m_held, {});
    for (const Held& one : held) {
        for (const auto& peer : m_peers) {
            if (peer->channel == one.channel)
                answerChange(*peer, one.id, one.method, one.params);
        }
    }
}

void StandInService::answerChange(Peer& peer, const QJsonValue& id, const QString& method,
                                  const QJsonObject& params) {
    if (method == QLatin1String(GetStatistics::kName))
        return peer.channel->sendResult(id, toJson(statistics));
    if (method == QLatin1String(SubscribeLog::kName)) {
        peer.subscribed = true;
        LogBatch batch;
        const qsizetype backlog = params.value(QLatin1String("backlog")).toInt();
        batch.entries =
            m_log.mid(std::max<qsizetype>(0, m_log.size() - std::min<qsizetype>(backlog, 500)));
        return peer.channel->sendResult(id, toJson(batch));
    }
    if (method == QLatin1String(UnsubscribeLog::kName)) {
        peer.subscribed = false;
        return peer.channel->sendResult(id, QJsonObject());
    }
    if (refuseNextChange) {
        const Refusal refusal = *std::exchange(refuseNextChange, std::nullopt);
        return peer.channel->sendError(id, refusal.code, refusal.message);
    }
    if (method == QLatin1String(TestProvider::kName))
        return beginTest(peer, id, params);
    const QJsonValue result = change(method, params);
    if (result.isUndefined())
        return peer.channel->sendError(id, MethodNotFound, QStringLiteral("no such method"));
    peer.channel->sendResult(id, result);
    announce();
}

void StandInService::beginTest(Peer& peer, const QJsonValue& id, const QJsonObject& params) {
    ProviderTestParams asked;
    if (QString why; !fromJson(params, asked, why) || !asked.target)
        qFatal("providers.test: %s", qPrintable(why));
    tested.append(*asked.target);
    testBegins.test = tested.size();
    peer.channel->sendResult(id, toJson(testBegins));
}

void StandInService::reportTest(ProviderTestReport report) {
    report.test = tested.size();
    for (const auto& peer : m_peers)
        peer->channel->sendNotification(QLatin1String(kTestProgress), toJson(report));
}

QJsonValue StandInService::changeSwitch(const QString& method, const QJsonObject& params) {
    if (method == QLatin1String(SetForwarding::kName)) {
        status.enabled = params.value(QLatin1String("enabled")).toBool();
        status.pausedUntil.reset();
    } else if (method == QLatin1String(PauseForwarding::kName)) {
        PauseParams pause;
        if (QString why; !fromJson(params, pause, why))
            qFatal("forwarding.pause: %s", qPrintable(why));
        lastPause = pause;
        status.pausedUntil = pause.until.value_or(0);
    }
    const bool on = status.enabled && !status.pausedUntil;
    status.protection = on ? Protection::Protected : Protection::Off;
    if (switchesSystem)
        status.systemDns.state = on ? SystemDnsState::On : SystemDnsState::Off;
    return toJson(status);
}

QJsonValue StandInService::change(const QString& method, const QJsonObject& params) {
    if (method == QLatin1String(SetForwarding::kName) ||
        method == QLatin1String(PauseForwarding::kName) ||
        method == QLatin1String(TakeSystemDns::kName))
        return changeSwitch(method, params);
    if (method == QLatin1String(UseProviders::kName)) {
        ProviderChoice choice;
        QString reason;
        if (!fromJson(params, choice, reason))
            return QJsonValue::Undefined;
        status.providers = choice.ids;
        status.upstreams.clear();
        for (const QString& chosen : choice.ids) {
            for (Provider& provider : providers.providers) {
                provider.selected = choice.ids.contains(provider.id);
                if (provider.id != chosen)
                    continue;
                Upstream upstream;
                upstream.id = provider.id;
                upstream.provider = provider.id;
                upstream.label = provider.name;
                upstream.address = provider.ipv4.value(0);
                upstream.name = provider.tlsName;
                upstream.state = UpstreamState::Ready;
                upstream.tlsVersion = QStringLiteral("TLSv1.3");
                upstream.rttMillis = 14.2;
                upstream.answers = 3;
                status.upstreams.append(upstream);
            }
        }
        return toJson(status);
    }
    if (method == QLatin1String(SetSettings::kName)) {
        const QJsonObject values = params.value(QLatin1String("values")).toObject();
        for (Setting& setting : settings.settings) {
            if (values.contains(setting.key)) {
                setting.value = values.value(setting.key);
                setting.origin = QStringLiteral("app");
                if (setting.key == QLatin1String("policy"))
                    status.policy = setting.value.toString();
            }
        }
        return toJson(settings);
    }
    if (method == QLatin1String(FlushCache::kName)) {
        lastFlush = {};
        if (QString why; !fromJson(params, lastFlush, why))
            qFatal("cache.flush: %s", qPrintable(why));
        FlushResult result;
        result.removed = flushRemoves;
        return toJson(result);
    }
    return QJsonValue::Undefined;
}

void makeOrdinary(StandInService& service) {
    const auto provider = [](const char* id, const char* name, const char* country,
                             const char* tlsName, const char* address, const char* filter) {
        Provider made;
        made.id = QLatin1String(id);
        made.name = QLatin1String(name);
        made.description = QStringLiteral("What %1 does.").arg(made.name);
        made.country = QLatin1String(country);
        made.tlsName = QLatin1String(tlsName);
        made.ipv4 = {QLatin1String(address)};
        made.filter = QLatin1String(filter);
        made.dnssec = true;
        made.confirmed = true;
        return made;
    };
    service.providers.providers = {
        provider("quad9", "Quad9", "CH", "dns.quad9.net", "9.9.9.9", "malware"),
        provider("cloudflare", "Cloudflare", "US", "cloudflare-dns.com", "1.1.1.1", "none"),
        provider("mullvad-ads", "Mullvad <b>ads</b> & co", "SE", "adblock.dns.mullvad.net",
                 "194.242.2.3", "ads"),
        provider("family", "Family filter", "", "family.example", "192.0.2.7", "family"),
    };
    service.providers.providers[1].noLog = true;
    Setting policy;
    policy.key = QStringLiteral("policy");
    policy.value = QStringLiteral("fastest");
    policy.origin = QStringLiteral("default");
    policy.changeable = true;
    service.settings.settings = {policy};
    for (const char* key : {"forward.early_data", "forward.tcp_fast_open"}) {
        Setting off = policy;
        off.key = QLatin1String(key);
        off.value = false;
        service.settings.settings.append(off);
    }
    const auto setting = [&](const char* key, const QJsonValue& value) {
        Setting made = policy;
        made.key = QLatin1String(key);
        made.value = value;
        service.settings.settings.append(made);
    };
    setting("system.manage", false);
    setting("system.mechanism", QStringLiteral("auto"));
    setting("system.when_lost", QStringLiteral("open"));
    service.status.policy = QStringLiteral("fastest");
    service.status.enabled = true;
    service.status.protection = Protection::Protected;
    service.status.listen = {QStringLiteral("127.0.0.1:5300")};
    service.status.providers = {QStringLiteral("quad9")};
    Upstream upstream;
    upstream.id = QStringLiteral("1");
    upstream.provider = QStringLiteral("quad9");
    upstream.label = QStringLiteral("Quad9");
    upstream.state = UpstreamState::Ready;
    upstream.tlsVersion = QStringLiteral("TLSv1.3");
    upstream.rttMillis = 12.4;
    upstream.answers = 10;
    service.status.upstreams = {upstream};
}

void makeSystemWide(StandInService& service) {
    makeOrdinary(service);
    service.switchesSystem = true;
    service.status.listen = {QStringLiteral("127.0.0.1:53"), QStringLiteral("[::1]:53")};
    SystemDns& system = service.status.systemDns;
    system.state = SystemDnsState::On;
    system.mechanisms = {QStringLiteral("systemd-resolved")};
    system.addresses = {QStringLiteral("127.0.0.1"), QStringLiteral("::1")};
    system.port = 53;
    system.interfaces = {QStringLiteral("eth0"), QStringLiteral("wlan0")};
    system.ipv4 = true;
    system.ipv6 = true;
}

LogEntry logEntry(const QString& name, AnswerSource source, const QString& rcode) {
    LogEntry entry;
    entry.time = QDateTime::currentMSecsSinceEpoch();
    entry.name = name;
    entry.type = QStringLiteral("A");
    entry.client = QStringLiteral("127.0.0.1:40000");
    entry.transport = QStringLiteral("udp");
    entry.rcode = rcode;
    entry.source = source;
    if (source == AnswerSource::Upstream || source == AnswerSource::Coalesced)
        entry.upstream = QStringLiteral("Quad9");
    entry.durationMillis = source == AnswerSource::Cache ? 0.02 : 12.5;
    entry.answers = rcode == QLatin1String("NOERROR") ? 1 : 0;
    entry.size = 64;
    return entry;
}

ProviderTestReport goodReport() {
    ProviderTestReport report;
    report.finished = true;
    report.address = QStringLiteral("9.9.9.9");
    report.connectMillis = 12.4;
    report.tlsMillis = 26.1;
    report.queryMillis = 13.7;
    report.tlsVersion = QStringLiteral("TLSv1.3");
    report.cipher = QStringLiteral("TLS_AES_256_GCM_SHA384");
    report.certificateNames = QStringLiteral("dns.quad9.net, quad9.net, 9.9.9.9, 2620:fe::fe");
    report.issuer = QStringLiteral("DigiCert Global G3 TLS ECC SHA384 2020 CA1");
    const QDateTime now = QDateTime::currentDateTime();
    report.validFrom = now.addDays(-30).toMSecsSinceEpoch();
    report.validUntil = now.addDays(60).toMSecsSinceEpoch();
    report.pin = QStringLiteral("sha256/i2kObfz0qIKCGNWt7MjBUeSrh0Dyjb0/zWINImZES+I=");
    report.resumes = true;
    report.earlyData = false;
    report.keepalive = true;
    report.keepaliveMillis = 10000;
    report.padding = true;
    report.paddedTo = 468;
    report.validates = true;
    report.refusesBad = true;
    report.filters = true;
    report.answers = true;
    return report;
}

} // namespace sotto::test
