// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/forwarder.h"

#include "service/engine_report.h"
#include "service/protection.h"

namespace sotto::service {

namespace {

engine::CheckKey checkKeyOf(const QString& digits) {
    engine::CheckKey key{};
    const QByteArray octets = QByteArray::fromHex(digits.toLatin1());
    std::copy_n(octets.begin(), std::min<qsizetype>(octets.size(), std::ssize(key)), key.begin());
    return key;
}

} // namespace

Forwarder::Forwarder(const QString& checkKey, QObject* parent)
    : QObject(parent)
    , m_checkKey(checkKeyOf(checkKey)) {
    m_drainTimer.setSingleShot(true);
    m_drainTimer.setInterval(kDrainMillis);
    connect(&m_drainTimer, &QTimer::timeout, this, &Forwarder::drain);
}

Forwarder::~Forwarder() {
    stop();
}

engine::Engine::Callbacks Forwarder::callbacks() {
    // Engine threads only post; the engine is joined before this object goes.
    return {
        .recordsAvailable =
            [this] {
                QMetaObject::invokeMethod(
                    this,
                    [this] {
                        if (!m_drainTimer.isActive())
                            m_drainTimer.start();
                    },
                    Qt::QueuedConnection);
            },
        .upstreamsChanged =
            [this] {
                QMetaObject::invokeMethod(
                    this, [this] { emit upstreamsChanged(); }, Qt::QueuedConnection);
            },
    };
}

engine::Result<void> Forwarder::apply(const EffectiveSettings& settings,
                                      std::span<const std::uint8_t> sessions) {
    // While the servers that answer now can still be asked for their labels, and their routes.
    refreshLabels();
    drain();
    engine::EngineConfig config = settings.engineConfig();
    config.checkKey = m_checkKey;
    std::vector<std::string> notices;
    if (!m_engine) {
        auto started = engine::Engine::start(config, callbacks(), sessions);
        if (!started)
            return started.error();
        notices = std::move(started.value().notices);
        m_engine = std::move(started.value().engine);
        m_sessionsFault = QString::fromStdString(started.value().sessionsFault);
    } else {
        auto changed = m_engine->reconfigure(config);
        if (!changed)
            return changed.error();
        notices = changed.take();
    }
    m_settings = settings;
    m_notices.clear();
    for (const std::string& notice : notices)
        m_notices += QString::fromStdString(notice);
    return {};
}

void Forwarder::stop() {
    if (m_engine)
        m_engine->stop();
}

QStringList Forwarder::listening() const {
    QStringList result;
    for (const engine::Endpoint& endpoint : endpoints())
        result += QString::fromStdString(endpoint.toString());
    return result;
}

std::vector<engine::Endpoint> Forwarder::endpoints() const {
    return m_engine ? m_engine->listening() : std::vector<engine::Endpoint>{};
}

QList<protocol::Upstream> Forwarder::upstreams() const {
    QList<protocol::Upstream> result;
    if (!m_engine)
        return result;
    for (const engine::UpstreamStatus& status : m_engine->upstreams()) {
        QString provider;
        for (const ChosenUpstream& chosen : m_settings.upstreams) {
            if (status.route == engine::UpstreamStatus::kNoRoute &&
                isSameServer(chosen.config, status.config))
                provider = chosen.provider;
        }
        result += upstreamReport(status, provider, routeName(status.route));
    }
    return result;
}

protocol::Protection Forwarder::protection() const {
    return protectionOf(m_settings.enabled,
                        m_engine ? m_engine->upstreams() : std::vector<engine::UpstreamStatus>{});
}

protocol::Statistics Forwarder::statistics() const {
    return m_engine ? statisticsReport(m_engine->statistics()) : protocol::Statistics{};
}

qint64 Forwarder::flush() {
    const auto removed = m_engine ? static_cast<qint64>(m_engine->flushCache()) : 0;
    emit flushed();
    return removed;
}

engine::Result<std::size_t> Forwarder::flush(const QString& name,
                                             engine::Engine::FlushScope scope) {
    if (!m_engine)
        return std::size_t{0};
    auto removed = m_engine->flushCache(name.toStdString(), scope);
    if (removed)
        emit flushed();
    return removed;
}

std::vector<std::uint8_t> Forwarder::exportCache() const {
    return m_engine ? m_engine->exportCache() : std::vector<std::uint8_t>{};
}

engine::Result<std::size_t> Forwarder::importCache(std::span<const std::uint8_t> octets) {
    return m_engine ? m_engine->importCache(octets) : engine::Result<std::size_t>(std::size_t{0});
}

std::uint64_t Forwarder::queriesAnswered() const {
    return m_engine ? m_engine->statistics().queries() : 0;
}

void Forwarder::networkChanged() {
    if (m_engine)
        m_engine->networkChanged();
}

void Forwarder::suspending() {
    if (m_engine)
        m_engine->suspending();
}

std::vector<std::uint8_t> Forwarder::exportSessions() {
    return m_engine ? m_engine->exportSessions() : std::vector<std::uint8_t>{};
}

engine::Result<void> Forwarder::test(const engine::UpstreamConfig& upstream,
                                     TestProgress progress) {
    if (!m_engine)
        return engine::Error{engine::ErrorCode::SystemFailure, {}, "not started"};
    const quint64 ticket = m_nextTicket++;
    m_tests.insert(ticket, std::move(progress));
    auto begun = m_engine->testUpstream(
        upstream, m_settings.testNames, [this, ticket](const engine::UpstreamTestReport& report) {
            QMetaObject::invokeMethod(
                this, [this, ticket, report] { passReport(ticket, report); }, Qt::QueuedConnection);
        });
    if (!begun)
        m_tests.remove(ticket);
    return begun;
}

void Forwarder::passReport(quint64 ticket, const engine::UpstreamTestReport& report) {
    const TestProgress progress = m_tests.value(ticket);
    if (report.finished)
        m_tests.remove(ticket);
    if (progress)
        progress(report);
}

QString Forwarder::filteredTestName() const {
    return QString::fromStdString(m_settings.testNames.filtered);
}

engine::Result<void> Forwarder::query(const QString& name, std::uint16_t type, QueryDone done) {
    if (!m_engine)
        return engine::Error{engine::ErrorCode::SystemFailure, {}, "not started"};
    if (m_queries.size() >= kMaxQueries)
        return engine::Error{engine::ErrorCode::SystemFailure, {}, "too many queries at a time"};
    const quint64 ticket = m_nextTicket++;
    m_queries.insert(ticket, std::move(done));
    auto asked = m_engine->resolve(name.toStdString(), type,
                                   [this, ticket](engine::Engine::Resolution resolution) {
                                       QMetaObject::invokeMethod(
                                           this,
                                           [this, ticket, resolution = std::move(resolution)] {
                                               finishQuery(ticket, resolution);
                                           },
                                           Qt::QueuedConnection);
                                   });
    if (!asked)
        m_queries.remove(ticket);
    return asked;
}

void Forwarder::finishQuery(quint64 ticket, const engine::Engine::Resolution& resolution) {
    const QueryDone done = m_queries.take(ticket);
    if (!done)
        return;
    protocol::QueryResult result;
    result.entry = logEntry(resolution.record, 0, labelsOf(resolution.record));
    result.records = answerRecords(resolution.records);
    done(result);
}

AnswerLabels Forwarder::labelsOf(const engine::QueryRecord& record) {
    AnswerLabels labels{serverName(record.upstreamId).label, {}, routeName(record.route)};
    for (std::size_t i = 0; i < attemptsIn(record); ++i)
        labels.tried += serverName(record.attempts[i].upstreamId);
    return labels;
}

RouteName Forwarder::routeName(std::uint8_t route) const {
    static_assert(engine::QueryRecord::kNoRoute == engine::UpstreamStatus::kNoRoute);
    if (route >= m_settings.routes.size())
        return {};
    const std::vector<std::string>& zones = m_settings.routes[route].zones;
    return {QString::fromStdString(zones.front()), static_cast<int>(zones.size()) - 1};
}

ServerName Forwarder::serverName(std::uint32_t id) {
    if (id == engine::QueryRecord::kNoUpstream || !m_engine)
        return {};
    const auto known = m_labels.constFind(id);
    if (known != m_labels.constEnd())
        return *known;
    refreshLabels();
    if (!m_labels.contains(id))
        m_labels.insert(id, {}); // asked for once, not with every record
    return m_labels.value(id);
}

void Forwarder::refreshLabels() {
    if (!m_engine)
        return;
    m_labels.insert(serverNames(m_engine->upstreams()));
    while (m_labels.size() > kMaxLabels)
        m_labels.erase(m_labels.begin()); // the lowest number is the oldest
}

void Forwarder::drain() {
    if (!m_engine)
        return;
    m_records.clear();
    m_engine->readRecords(m_records);
    const std::uint64_t droppedInAll = m_engine->statistics().recordsDropped;
    const auto dropped = static_cast<qint64>(droppedInAll - m_dropped);
    m_dropped = droppedInAll;
    if (m_records.empty() && dropped == 0)
        return;
    m_logged.clear();
    for (const engine::QueryRecord& record : m_records)
        m_logged.push_back({record, ++m_sequence, labelsOf(record)});
    emit queriesLogged(m_logged, dropped);
}

} // namespace sotto::service
