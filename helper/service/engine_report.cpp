// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_report.h"

#include <algorithm>
#include <string_view>

namespace sotto::service {

namespace {

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

protocol::UpstreamState stateReport(engine::UpstreamStatus::State state) {
    switch (state) {
    case engine::UpstreamStatus::State::Idle:
        return protocol::UpstreamState::Idle;
    case engine::UpstreamStatus::State::Connecting:
        return protocol::UpstreamState::Connecting;
    case engine::UpstreamStatus::State::Ready:
        return protocol::UpstreamState::Ready;
    case engine::UpstreamStatus::State::Failing:
        return protocol::UpstreamState::Failing;
    }
    Q_UNREACHABLE();
}

protocol::AnswerSource sourceReport(engine::AnswerSource source) {
    switch (source) {
    case engine::AnswerSource::Cache:
        return protocol::AnswerSource::Cache;
    case engine::AnswerSource::Stale:
        return protocol::AnswerSource::Stale;
    case engine::AnswerSource::Upstream:
        return protocol::AnswerSource::Upstream;
    case engine::AnswerSource::Coalesced:
        return protocol::AnswerSource::Coalesced;
    case engine::AnswerSource::Local:
        return protocol::AnswerSource::Local;
    case engine::AnswerSource::Failed:
        return protocol::AnswerSource::Failed;
    }
    Q_UNREACHABLE();
}

QString transportText(engine::Transport transport) {
    switch (transport) {
    case engine::Transport::Udp:
        return QStringLiteral("udp");
    case engine::Transport::Tcp:
        return QStringLiteral("tcp");
    case engine::Transport::Internal:
        return QStringLiteral("internal");
    }
    Q_UNREACHABLE();
}

protocol::ConnectionUse connectionReport(engine::ConnectionUse use) {
    switch (use) {
    case engine::ConnectionUse::None:
        return protocol::ConnectionUse::None;
    case engine::ConnectionUse::Reused:
        return protocol::ConnectionUse::Reused;
    case engine::ConnectionUse::New:
        return protocol::ConnectionUse::New;
    case engine::ConnectionUse::Resumed:
        return protocol::ConnectionUse::Resumed;
    case engine::ConnectionUse::EarlyData:
        return protocol::ConnectionUse::EarlyData;
    case engine::ConnectionUse::Plain:
        return protocol::ConnectionUse::Plain;
    }
    Q_UNREACHABLE();
}

QString protocolText(engine::Protocol protocol) {
    switch (protocol) {
    case engine::Protocol::Tls:
        return QStringLiteral("tls");
    case engine::Protocol::Udp:
        return QStringLiteral("udp");
    case engine::Protocol::Tcp:
        return QStringLiteral("tcp");
    }
    Q_UNREACHABLE();
}

std::optional<QString> ruleText(engine::LocalRule rule) {
    switch (rule) {
    case engine::LocalRule::None:
        return std::nullopt;
    case engine::LocalRule::SpecialName:
    case engine::LocalRule::CheckName:
        return QStringLiteral("special_name");
    case engine::LocalRule::BrowserCanary:
        return QStringLiteral("browser_canary");
    case engine::LocalRule::ForwardingOff:
        return QStringLiteral("forwarding_off");
    case engine::LocalRule::TypeRefused:
        return QStringLiteral("type_refused");
    case engine::LocalRule::Malformed:
        return QStringLiteral("malformed");
    case engine::LocalRule::TooManyAtOnce:
        return QStringLiteral("too_many_at_once");
    case engine::LocalRule::AllUpstreamsDown:
        return QStringLiteral("all_upstreams_down");
    }
    Q_UNREACHABLE();
}

double millis(std::uint32_t micros) {
    return micros / 1000.0;
}

/// Zero stands for what did not have to be waited for.
std::optional<double> waitedMillis(std::uint32_t micros) {
    return micros > 0 ? std::optional(millis(micros)) : std::nullopt;
}

std::optional<double> measuredMillis(const std::optional<std::uint32_t>& micros) {
    return micros ? std::optional(millis(*micros)) : std::nullopt;
}

std::optional<QString> knownText(const std::string& value) {
    return value.empty() ? std::nullopt : std::optional(text(value));
}

std::optional<qint64> knownTime(std::int64_t unixSeconds) {
    return unixSeconds != 0 ? std::optional<qint64>(unixSeconds * 1000) : std::nullopt;
}

QStringList addressTexts(const std::vector<engine::IpAddress>& addresses) {
    QStringList texts;
    for (const engine::IpAddress& address : addresses)
        texts += text(address.toString());
    return texts;
}

/// Where a server of this kind listens as a rule.
std::uint16_t usualPort(const engine::UpstreamConfig& config) {
    return config.isEncrypted() ? 853 : 53;
}

std::optional<int> furtherZones(const RouteName& route) {
    return route.more > 0 ? std::optional(route.more) : std::nullopt;
}

protocol::Attempt attemptReport(const engine::UpstreamAttempt& attempt, const ServerName& server) {
    protocol::Attempt report;
    report.upstream = server.label;
    report.port = server.port;
    if (attempt.address != engine::IpAddress{})
        report.address = text(attempt.address.toString());
    report.outcome = text(std::string(engine::attemptOutcomeName(attempt.outcome)));
    report.reason = text(std::string(engine::attemptOutcomeText(attempt.outcome)));
    report.connection = connectionReport(attempt.connection);
    report.startedMillis = millis(attempt.startedMicros);
    report.tookMillis = millis(attempt.tookMicros);
    report.connectMillis = waitedMillis(attempt.connectMicros);
    report.tlsMillis = waitedMillis(attempt.tlsMicros);
    if (attempt.outcome == engine::AttemptOutcome::Answered ||
        attempt.outcome == engine::AttemptOutcome::ServerFailure)
        report.rcode = text(engine::responseCodeText(attempt.rcode));
    report.raced = attempt.raced;
    return report;
}

QString typeText(std::uint16_t type) {
    constexpr std::uint16_t kWithoutOwnCounter = 0;
    return type == kWithoutOwnCounter ? QString(protocol::TypeCount::kOther)
                                      : text(engine::recordTypeText(type));
}

QList<qint64> bucketCounts(const engine::DurationHistogram& histogram) {
    return QList<qint64>(histogram.counts.begin(), histogram.counts.end());
}

double quantileMillis(const engine::DurationHistogram& histogram, double share) {
    return histogram.quantileMicros(share) / 1000.0;
}

} // namespace

QMap<std::uint32_t, ServerName> serverNames(const std::vector<engine::UpstreamStatus>& upstreams) {
    QMap<std::uint32_t, ServerName> names;
    for (const engine::UpstreamStatus& status : upstreams) {
        const engine::UpstreamConfig& config = status.config;
        const bool isMistakable = std::ranges::any_of(upstreams, [&](const auto& other) {
            return other.config.label == config.label && other.config.port != config.port;
        });
        ServerName name{text(config.label), std::nullopt};
        if (isMistakable || config.port != usualPort(config))
            name.port = config.port;
        names.insert(status.id, name);
    }
    return names;
}

protocol::Upstream upstreamReport(const engine::UpstreamStatus& status, const QString& provider,
                                  const RouteName& route) {
    const engine::UpstreamConfig& config = status.config;
    protocol::Upstream report;
    report.id = QString::number(status.id);
    report.spec = text(config.toString());
    report.addresses = addressTexts(config.addresses);
    if (status.address)
        report.address = text(status.address->toString());
    else
        report.address = report.addresses.value(0);
    report.port = config.port;
    report.name = text(config.tlsName);
    report.label = text(config.label);
    report.provider = provider;
    report.protocol = protocolText(config.protocol);
    report.encrypted = config.isEncrypted();
    if (!route.zone.isEmpty()) {
        report.route = route.zone;
        report.routeMore = furtherZones(route);
    }
    report.resolvedAddresses = addressTexts(status.resolvedAddresses);
    report.resolvedUnencrypted = status.resolvedUnencrypted;
    report.state = stateReport(status.state);
    report.tlsVersion = text(status.tlsVersion);
    report.cipher = text(status.cipher);
    report.resumed = status.resumed;
    report.earlyData = status.earlyData;
    report.certificateExpiresAt = status.certificateExpiresUnixSeconds * 1000;
    report.openConnections = static_cast<int>(status.openConnections);
    report.inFlight = static_cast<int>(status.inFlight);
    report.connections = static_cast<qint64>(status.connections);
    report.resumedConnections = static_cast<qint64>(status.resumedConnections);
    report.idleLimitSeconds = status.idleLimitSeconds;
    report.rttMillis = status.smoothedRttMillis;
    report.medianRttMillis = status.medianRttMillis;
    report.queries = static_cast<qint64>(status.queries);
    report.answers = static_cast<qint64>(status.answers);
    report.failures = static_cast<qint64>(status.failures);
    report.lastError = text(status.lastError);
    if (!status.lastError.empty())
        report.lastOutcome = text(std::string(engine::attemptOutcomeName(status.lastOutcome)));
    report.lastErrorAt = status.lastErrorUnixSeconds * 1000;
    report.warning = text(status.warning);
    return report;
}

protocol::Statistics statisticsReport(const engine::Statistics& statistics) {
    const auto count = [](std::uint64_t value) { return static_cast<qint64>(value); };
    protocol::Statistics report;
    report.queries = count(statistics.queries());
    report.queriesUdp = count(statistics.queriesUdp);
    report.queriesTcp = count(statistics.queriesTcp);
    report.cacheHits = count(statistics.cacheHits);
    report.cacheMisses = count(statistics.cacheMisses);
    report.staleAnswers = count(statistics.staleAnswers);
    report.prefetches = count(statistics.prefetches);
    report.localAnswers = count(statistics.localAnswers);
    report.coalesced = count(statistics.coalesced);
    report.upstreamQueries = count(statistics.upstreamQueries);
    report.racedQueries = count(statistics.racedQueries);
    report.upstreamFailures = count(statistics.upstreamFailures);
    report.failed = count(statistics.failed);
    report.refused = count(statistics.refused);
    report.tooManyAtOnce = count(statistics.tooManyAtOnce);
    report.malformed = count(statistics.malformed);
    report.truncated = count(statistics.truncated);
    report.logDropped = count(statistics.recordsDropped);
    report.cacheEntries = count(statistics.cacheEntries);
    report.cacheBytes = count(statistics.cacheBytes);
    report.cacheCapacityBytes = count(statistics.cacheCapacityBytes);
    report.cacheEvictions = count(statistics.cacheEvictions);
    report.hitMedianMillis = quantileMillis(statistics.hitTimes, 0.5);
    report.hitP99Millis = quantileMillis(statistics.hitTimes, 0.99);
    report.missMedianMillis = quantileMillis(statistics.missTimes, 0.5);
    report.missP99Millis = quantileMillis(statistics.missTimes, 0.99);
    report.hitTimes = bucketCounts(statistics.hitTimes);
    report.missTimes = bucketCounts(statistics.missTimes);
    for (const engine::Statistics::TypeCount& asked : statistics.queriesByType)
        report.queriesByType.append({typeText(asked.type), count(asked.queries)});
    return report;
}

std::size_t attemptsIn(const engine::QueryRecord& record) {
    return std::min<std::size_t>(record.attemptCount, engine::QueryRecord::kMaxAttempts);
}

protocol::LogEntry logEntry(const engine::QueryRecord& record, qint64 sequence,
                            const AnswerLabels& labels) {
    protocol::LogEntry entry;
    entry.sequence = sequence;
    entry.time = record.unixMicros / 1000;
    entry.name = text(record.nameText());
    entry.type = text(engine::recordTypeText(record.type));
    if (record.transport != engine::Transport::Internal)
        entry.client = text(engine::Endpoint{record.client, record.clientPort}.toString());
    entry.transport = transportText(record.transport);
    entry.rcode = text(engine::responseCodeText(record.rcode));
    entry.source = sourceReport(record.source);
    entry.upstream = labels.upstream;
    entry.durationMillis = record.durationMicros / 1000.0;
    entry.size = record.answerSize;
    entry.answers = record.answerCount;
    if (record.extendedError != engine::QueryRecord::kNoExtendedError)
        entry.extendedError = record.extendedError;
    entry.rule = ruleText(record.rule);
    if (!labels.route.zone.isEmpty()) {
        entry.route = labels.route.zone;
        entry.routeMore = furtherZones(labels.route);
    }
    if (record.source == engine::AnswerSource::Cache ||
        record.source == engine::AnswerSource::Stale)
        entry.cacheAgeSeconds = record.cacheAgeSeconds;
    const bool isMadeHere = record.source == engine::AnswerSource::Local ||
                            record.source == engine::AnswerSource::Failed;
    if (!isMadeHere && (record.answerCount > 0 || record.ttlSeconds > 0))
        entry.ttlSeconds = record.ttlSeconds;
    for (std::size_t i = 0; i < attemptsIn(record); ++i)
        entry.attempts +=
            attemptReport(record.attempts[i], labels.tried.value(static_cast<qsizetype>(i)));
    return entry;
}

protocol::ProviderTestReport testReport(const engine::UpstreamTestReport& report, qint64 test) {
    protocol::ProviderTestReport result;
    result.test = test;
    result.finished = report.finished;
    result.error = text(report.error);
    if (report.outcome != engine::AttemptOutcome::Pending)
        result.outcome = text(std::string(engine::attemptOutcomeName(report.outcome)));
    if (report.address)
        result.address = text(report.address->toString());
    result.connectMillis = measuredMillis(report.connectMicros);
    result.tlsMillis = measuredMillis(report.tlsMicros);
    result.queryMillis = measuredMillis(report.queryMicros);
    result.tlsVersion = knownText(report.tlsVersion);
    result.cipher = knownText(report.cipher);
    result.certificateNames = knownText(report.certificateNames);
    result.issuer = knownText(report.issuer);
    result.validFrom = knownTime(report.validFromUnixSeconds);
    result.validUntil = knownTime(report.validUntilUnixSeconds);
    result.pin = knownText(report.pin);
    result.resumes = report.resumes;
    result.earlyData = report.earlyData;
    if (report.earlyDataOff)
        result.earlyDataOff = true;
    result.keepalive = report.keepalive;
    if (report.keepalive.value_or(false))
        result.keepaliveMillis = report.keepaliveMillis;
    result.padding = report.padding;
    if (report.paddedTo > 0)
        result.paddedTo = static_cast<int>(report.paddedTo);
    result.validates = report.validates;
    result.refusesBad = report.refusesBad;
    result.filters = report.filters;
    result.answers = report.answers;
    result.ipv6 = report.ipv6;
    return result;
}

QStringList answerRecords(const std::vector<std::string>& records) {
    constexpr std::string_view kAnswer = "answer ";
    QStringList result;
    for (const std::string& record : records) {
        if (record.starts_with(kAnswer))
            result += text(record.substr(kAnswer.size()));
    }
    return result;
}

} // namespace sotto::service
