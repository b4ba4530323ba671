// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/engine_report.h"

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

protocol::Upstream upstreamReport(const engine::UpstreamStatus& status, const QString& provider) {
    protocol::Upstream report;
    report.id = QString::number(status.id);
    report.spec = text(status.config.toString());
    report.address = text(status.config.endpoint.address.toString());
    report.port = status.config.endpoint.port;
    report.name = text(status.config.tlsName);
    report.label = text(status.config.label);
    report.provider = provider;
    report.state = stateReport(status.state);
    report.tlsVersion = text(status.tlsVersion);
    report.cipher = text(status.cipher);
    report.rttMillis = status.smoothedRttMillis;
    report.queries = static_cast<qint64>(status.queries);
    report.answers = static_cast<qint64>(status.answers);
    report.failures = static_cast<qint64>(status.failures);
    report.lastError = text(status.lastError);
    report.lastErrorAt = status.lastErrorUnixSeconds * 1000;
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
    report.upstreamFailures = count(statistics.upstreamFailures);
    report.failed = count(statistics.failed);
    report.refused = count(statistics.refused);
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

protocol::LogEntry logEntry(const engine::QueryRecord& record, qint64 sequence,
                            const QString& upstream) {
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
    entry.upstream = upstream;
    entry.durationMillis = record.durationMicros / 1000.0;
    entry.size = record.answerSize;
    entry.answers = record.answerCount;
    if (record.extendedError != engine::QueryRecord::kNoExtendedError)
        entry.extendedError = record.extendedError;
    return entry;
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
