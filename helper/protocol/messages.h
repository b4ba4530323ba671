// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/answer_path.h"
#include "protocol/system_dns.h"
#include "json/json_fields.h"

#include <QtGlobal>

/// What travels over the local socket, as plain values. Times are Unix milliseconds unless named
/// otherwise; durations carry their unit in the name.
namespace sotto::protocol {

/// Raised when a change breaks older peers. Additions do not.
inline constexpr int kProtocolVersion = 1;

struct Empty {
    template <class Self, class Visitor>
    static void fields(Self&, Visitor&) {}
};

struct HelloParams {
    int protocol = kProtocolVersion;
    QString client; ///< name and version of the program, for people

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("protocol", self.protocol);
        visit("client", self.client);
    }
};

/// Whether a peer may do something.
enum class Permission {
    Yes,
    Ask, ///< the system asks the person for a password at the first use, which takes as long as it
         ///< takes
    No,
};
QString enumText(Permission permission);
bool enumFromText(const QString& text, Permission& permission);

struct HelloResult {
    int protocol = 0;
    QString server;  ///< "sottod"
    QString version; ///< of the service
    qint64 pid = 0;
    Permission mayToggle = Permission::No;    ///< switch, pause, choose providers of the list
    Permission mayReadLog = Permission::No;   ///< query log, statistics
    Permission mayConfigure = Permission::No; ///< settings, own servers

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("protocol", self.protocol);
        visit("server", self.server);
        visit("version", self.version);
        visit("pid", self.pid);
        visit("may_toggle", self.mayToggle);
        visit("may_read_log", self.mayReadLog);
        visit("may_configure", self.mayConfigure);
    }
};

enum class UpstreamState { Idle, Connecting, Ready, Failing };
QString enumText(UpstreamState state);
bool enumFromText(const QString& text, UpstreamState& state);

/// One upstream in use: a server, or several that answer alike under one name.
struct Upstream {
    QString id;            ///< stable while it stays configured
    QString spec;          ///< "tls://ADDRESS[%NAME][:PORT]", with the first address
    QString address;       ///< of the last connection; before, the first; without the port
    QStringList addresses; ///< as configured; empty where the name is looked up
    int port = 853;
    QString name;     ///< the verified TLS name; empty: the address is verified
    QString label;    ///< for people: the provider's name, or the address
    QString provider; ///< id in the provider list; empty for one's own upstream
    QString protocol = QStringLiteral("tls"); ///< "tls", "udp", "tcp"
    bool encrypted = true;                    ///< false: everybody on the way can read its queries
    std::optional<QString> route;             ///< the first zone of the route that it serves
    std::optional<int> routeMore;             ///< further zones of it
    QStringList resolvedAddresses;            ///< found where its name was looked up
    bool resolvedUnencrypted = false;         ///< that look-up was in clear text
    UpstreamState state = UpstreamState::Idle;
    QString tlsVersion;
    QString cipher;
    bool resumed = false;            ///< the last connection, with a ticket of an earlier one
    bool earlyData = false;          ///< queries went with its first flight and were accepted
    qint64 certificateExpiresAt = 0; ///< 0 before the first connection
    int openConnections = 0;
    int inFlight = 0;       ///< queries that wait for an answer
    qint64 connections = 0; ///< handshakes that were finished
    qint64 resumedConnections = 0;
    double idleLimitSeconds = 0; ///< for so long an idle connection is used; 0: not known
    double rttMillis = 0;        ///< smoothed; 0 before the first answer
    double medianRttMillis = 0;  ///< an estimate; 0 before the first answer
    qint64 queries = 0;
    qint64 answers = 0;
    qint64 failures = 0;
    QString lastError;   ///< empty when the last attempt succeeded
    QString lastOutcome; ///< its kind, as in Attempt::outcome; empty likewise
    qint64 lastErrorAt = 0;
    QString warning; ///< works, but will not for long; empty else

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("id", self.id);
        visit("spec", self.spec);
        visit("address", self.address);
        visit("addresses", self.addresses);
        visit("port", self.port);
        visit("name", self.name);
        visit("label", self.label);
        visit("provider", self.provider);
        visit("protocol", self.protocol);
        visit("encrypted", self.encrypted);
        visit("route", self.route);
        visit("route_more", self.routeMore);
        visit("resolved_addresses", self.resolvedAddresses);
        visit("resolved_unencrypted", self.resolvedUnencrypted);
        visit("state", self.state);
        visit("tls_version", self.tlsVersion);
        visit("cipher", self.cipher);
        visit("resumed", self.resumed);
        visit("early_data", self.earlyData);
        visit("certificate_expires_at", self.certificateExpiresAt);
        visit("open_connections", self.openConnections);
        visit("in_flight", self.inFlight);
        visit("connections", self.connections);
        visit("resumed_connections", self.resumedConnections);
        visit("idle_limit_s", self.idleLimitSeconds);
        visit("rtt_ms", self.rttMillis);
        visit("median_rtt_ms", self.medianRttMillis);
        visit("queries", self.queries);
        visit("answers", self.answers);
        visit("failures", self.failures);
        visit("last_error", self.lastError);
        visit("last_outcome", self.lastOutcome);
        visit("last_error_at", self.lastErrorAt);
        visit("warning", self.warning);
    }
};

/// The one answer to "am I protected?".
enum class Protection {
    Off,       ///< forwarding is disabled
    Starting,  ///< no upstream was tried yet
    Protected, ///< at least one upstream answers over an authenticated connection
    Trouble,   ///< every upstream fails
};
QString enumText(Protection protection);
bool enumFromText(const QString& text, Protection& protection);

struct Status {
    bool enabled = false;
    Protection protection = Protection::Off;
    QStringList listen; ///< open addresses, "127.0.0.1:53"
    QString policy;
    QList<Upstream> upstreams;
    QStringList providers; ///< ids in use, in order; empty where own upstreams are used
    /// Servers that are asked in clear text for the names of providers without addresses.
    QStringList bootstrap;
    /// Forwarding is off until then, Unix milliseconds; 0: until the service starts anew; absent:
    /// it is not paused. A service that starts is never paused.
    std::optional<qint64> pausedUntil;
    /// Forwarding is off or paused, but questions are answered until the system's DNS has been
    /// given back.
    bool stillAnswers = false;
    SystemDns systemDns;
    bool queryLog = true; ///< false: the settings say that no query is recorded
    QStringList notices;  ///< what the person should know, e.g. an ignored settings file
    qint64 startedAt = 0;
    QString version;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("enabled", self.enabled);
        visit("protection", self.protection);
        visit("listen", self.listen);
        visit("policy", self.policy);
        visit("upstreams", self.upstreams);
        visit("providers", self.providers);
        visit("bootstrap", self.bootstrap);
        visit("paused_until", self.pausedUntil);
        visit("still_answers", self.stillAnswers);
        visit("system_dns", self.systemDns);
        visit("query_log", self.queryLog);
        visit("notices", self.notices);
        visit("started_at", self.startedAt);
        visit("version", self.version);
    }
};

/// One key of the effective settings.
struct Setting {
    QString key;             ///< dotted, as in the file: "cache.size"
    QJsonValue value;        ///< in the file's own notation: "32MiB", ["127.0.0.1:53"]
    QString origin;          ///< "default", "app", or the path of the administrator's file
    bool changeable = false; ///< settings.set may change it: it is not set in the file

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("key", self.key);
        visit("value", self.value);
        visit("origin", self.origin);
        visit("changeable", self.changeable);
    }
};

struct Settings {
    QString file; ///< the administrator's file, for display; may not exist
    QList<Setting> settings;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("file", self.file);
        visit("settings", self.settings);
    }
};

struct SettingsChange {
    QJsonObject values; ///< dotted key to value; null returns a key to its default

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("values", self.values);
    }
};

/// A provider of the shipped list. Claims are the operator's own words, not measurements.
struct Provider {
    QString id;
    QString name;
    QString description; ///< one sentence: what it does and filters
    QString country;     ///< ISO 3166-1 alpha-2 of the operator; empty where unknown
    QString website;
    QString tlsName;
    QStringList ipv4;
    QStringList ipv6;
    int port = 853;
    QString filter;             ///< "none", "malware", "ads", "family", "unknown"
    std::optional<bool> dnssec; ///< claims to validate
    std::optional<bool> noLog;  ///< claims to keep no logs
    std::optional<bool> ecs;    ///< claims to send the client's subnet on
    bool confirmed = false;     ///< name and address stand together in one published source
    bool selected = false;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("id", self.id);
        visit("name", self.name);
        visit("description", self.description);
        visit("country", self.country);
        visit("website", self.website);
        visit("tls_name", self.tlsName);
        visit("ipv4", self.ipv4);
        visit("ipv6", self.ipv6);
        visit("port", self.port);
        visit("filter", self.filter);
        visit("dnssec", self.dnssec);
        visit("no_log", self.noLog);
        visit("ecs", self.ecs);
        visit("confirmed", self.confirmed);
        visit("selected", self.selected);
    }
};

struct ProviderList {
    QList<Provider> providers;
    bool changeable = true; ///< false: the administrator's file fixes the upstreams

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("providers", self.providers);
        visit("changeable", self.changeable);
    }
};

struct ProviderChoice {
    QStringList ids;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("ids", self.ids);
    }
};

struct ForwardingParams {
    bool enabled = false;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("enabled", self.enabled);
    }
};

struct PauseParams {
    /// When forwarding goes on, Unix milliseconds; absent: when the service starts anew.
    std::optional<qint64> until;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("until", self.until);
    }
};

struct FlushParams {
    std::optional<QString> name; ///< absent: everything
    bool subtree = false;        ///< with all names below it

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("name", self.name);
        visit("subtree", self.subtree);
    }
};

struct FlushResult {
    qint64 removed = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("removed", self.removed);
    }
};

/// How many questions were for records of one type.
struct TypeCount {
    static constexpr QLatin1String kOther{"other"}; ///< types that are not counted one by one

    QString type; ///< its mnemonic, or kOther
    qint64 queries = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("type", self.type);
        visit("queries", self.queries);
    }
};

/// Counters since the service started; the meanings are those of engine/statistics.h.
struct Statistics {
    qint64 uptimeSeconds = 0;
    qint64 queries = 0;
    qint64 queriesUdp = 0;
    qint64 queriesTcp = 0;
    qint64 cacheHits = 0;
    qint64 cacheMisses = 0;
    qint64 staleAnswers = 0;
    qint64 prefetches = 0;
    qint64 localAnswers = 0;
    qint64 coalesced = 0;
    qint64 upstreamQueries = 0;
    qint64 racedQueries = 0;
    qint64 upstreamFailures = 0;
    qint64 failed = 0;
    qint64 refused = 0;
    qint64 tooManyAtOnce = 0;
    qint64 malformed = 0;
    qint64 truncated = 0;
    qint64 logDropped = 0;
    qint64 cacheEntries = 0;
    qint64 cacheBytes = 0;
    qint64 cacheCapacityBytes = 0;
    qint64 cacheEvictions = 0;
    double hitMedianMillis = 0;
    double hitP99Millis = 0;
    double missMedianMillis = 0;
    double missP99Millis = 0;
    /// Answer times in power-of-two buckets: element i counts [2^i, 2^(i+1)) microseconds.
    QList<qint64> hitTimes;
    QList<qint64> missTimes;
    QList<TypeCount> queriesByType;

    /// Hits among all answered from cache or upstream, 0…1; 0 where nothing was asked.
    double hitRate() const {
        const qint64 answered = cacheHits + cacheMisses;
        return answered > 0 ? static_cast<double>(cacheHits) / static_cast<double>(answered) : 0;
    }

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("uptime_s", self.uptimeSeconds);
        visit("queries", self.queries);
        visit("queries_udp", self.queriesUdp);
        visit("queries_tcp", self.queriesTcp);
        visit("cache_hits", self.cacheHits);
        visit("cache_misses", self.cacheMisses);
        visit("stale_answers", self.staleAnswers);
        visit("prefetches", self.prefetches);
        visit("local_answers", self.localAnswers);
        visit("coalesced", self.coalesced);
        visit("upstream_queries", self.upstreamQueries);
        visit("raced_queries", self.racedQueries);
        visit("upstream_failures", self.upstreamFailures);
        visit("failed", self.failed);
        visit("refused", self.refused);
        visit("too_many_at_once", self.tooManyAtOnce);
        visit("malformed", self.malformed);
        visit("truncated", self.truncated);
        visit("log_dropped", self.logDropped);
        visit("cache_entries", self.cacheEntries);
        visit("cache_bytes", self.cacheBytes);
        visit("cache_capacity_bytes", self.cacheCapacityBytes);
        visit("cache_evictions", self.cacheEvictions);
        visit("hit_median_ms", self.hitMedianMillis);
        visit("hit_p99_ms", self.hitP99Millis);
        visit("miss_median_ms", self.missMedianMillis);
        visit("miss_p99_ms", self.missP99Millis);
        visit("hit_times", self.hitTimes);
        visit("miss_times", self.missTimes);
        visit("queries_by_type", self.queriesByType);
    }
};

/// How a query was answered; the meanings are those of engine/query_record.h.
enum class AnswerSource { Cache, Stale, Upstream, Coalesced, Local, Failed };
QString enumText(AnswerSource source);
bool enumFromText(const QString& text, AnswerSource& source);

struct LogEntry {
    qint64 sequence = 0; ///< rises by one an entry, since the service started
    qint64 time = 0;
    QString name; ///< presentation form; control and non-ASCII octets are escaped as \DDD
    QString type;
    QString client;    ///< address and port; empty for questions asked over the IPC
    QString transport; ///< "udp", "tcp", "internal"
    QString rcode;
    AnswerSource source = AnswerSource::Local;
    QString upstream; ///< label of the upstream that answered; empty where none did
    double durationMillis = 0;
    int size = 0;                     ///< octets of the answer
    int answers = 0;                  ///< records in its answer section
    std::optional<int> extendedError; ///< RFC 8914 code
    /// Why the service answered itself, for programs: "special_name", "forwarding_off" …
    std::optional<QString> rule;
    std::optional<QString> route;          ///< the first zone of the route that it took
    std::optional<int> routeMore;          ///< further zones of it
    std::optional<qint64> cacheAgeSeconds; ///< from the cache: since the answer came
    std::optional<qint64> ttlSeconds;      ///< the shortest in the answer
    SparseList<Attempt> attempts; ///< upstreams that were tried, in that order; the first four

    /// The upstream that answered, as Attempt::server(); empty where none did.
    QString answerer() const;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("sequence", self.sequence);
        visit("time", self.time);
        visit("name", self.name);
        visit("type", self.type);
        visit("client", self.client);
        visit("transport", self.transport);
        visit("rcode", self.rcode);
        visit("source", self.source);
        visit("upstream", self.upstream);
        visit("duration_ms", self.durationMillis);
        visit("size", self.size);
        visit("answers", self.answers);
        visit("extended_error", self.extendedError);
        visit("rule", self.rule);
        visit("route", self.route);
        visit("route_more", self.routeMore);
        visit("cache_age_s", self.cacheAgeSeconds);
        visit("ttl_s", self.ttlSeconds);
        visit("attempts", self.attempts);
    }
};

struct LogSubscription {
    int backlog = 0; ///< how many kept entries to give first; the service caps it to a message

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("backlog", self.backlog);
    }
};

struct LogBatch {
    QList<LogEntry> entries; ///< oldest first
    qint64 dropped = 0;      ///< entries lost since the last batch because nobody kept up

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("entries", self.entries);
        visit("dropped", self.dropped);
    }
};

struct QueryParams {
    QString name;
    QString type = QStringLiteral("A");

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("name", self.name);
        visit("type", self.type);
    }
};

struct QueryResult {
    LogEntry entry;      ///< how it was answered
    QStringList records; ///< of the answer section, "owner TTL class type rdata"

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("entry", self.entry);
        visit("records", self.records);
    }
};

} // namespace sotto::protocol
