// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/coredns_options.h"

#include <array>

namespace sotto::service {

namespace {

struct Refused {
    QLatin1String key;
    const char* reason;
};

constexpr std::array kRefused{
    Refused{QLatin1String("cache.success.capacity"),
            "there is no such setting; one bound in bytes holds for all answers: cache.size"},
    Refused{QLatin1String("cache.denial.capacity"),
            "there is no such setting; one bound in bytes holds for all answers: cache.size"},
    Refused{QLatin1String("cache.ttl"),
            "there is no such setting; set cache.success.ttl and cache.denial.ttl"},
    Refused{QLatin1String("cache.serve_stale_policy"),
            "there is no such setting; set \"policy\" in cache.serve_stale"},
    Refused{QLatin1String("forward.to"),
            "there is no such setting; the servers stand in \"upstreams\" at the top"},
    Refused{QLatin1String("forward.upstreams"),
            "there is no such setting; the servers stand in \"upstreams\" at the top"},
    Refused{QLatin1String("forward.policy"),
            "there is no such setting; \"policy\" stands at the top, or in a [[route]]"},
    Refused{QLatin1String("forward.except"),
            "there is no such setting; a [[route]] says where the names of such zones go"},
    Refused{QLatin1String("forward.tls"),
            "there is no such setting; \"ca\", \"cert\" and \"key\" (or their files) belong to an "
            "upstream"},
    Refused{QLatin1String("forward.tls_servername"),
            "there is no such setting; the name belongs to an upstream: \"tls://1.1.1.1%NAME\""},
    Refused{QLatin1String("forward.resolver"),
            "there is no such setting; names of upstreams are looked up through the other "
            "upstreams, or by forward.bootstrap"},
    Refused{QLatin1String("forward.doh_method"), "DNS over HTTPS is not spoken here"},
    Refused{QLatin1String("forward.next"),
            "there is no chain of plugins; forward.failover asks another upstream after such an "
            "answer"},
    Refused{QLatin1String("forward.next_on_nodata"),
            "there is no chain of plugins, and an empty answer is an answer: asking others until "
            "one says otherwise would let the least honest decide"},
};

struct Idle {
    QLatin1String key;
    QJsonValue::Type type;
    const char* expected;
    const char* reason;
};

constexpr std::array kIdle{
    Idle{QLatin1String("forward.max_idle_conns"), QJsonValue::Double, "a number is expected",
         "queries share a connection, and forward.max_connections bounds them, idle or not"},
    Idle{QLatin1String("forward.force_tcp"), QJsonValue::Bool, "true or false is expected",
         "TLS goes over TCP anyway, and in a [[route]] \"tcp://\" says so for a server"},
    Idle{QLatin1String("forward.prefer_udp"), QJsonValue::Bool, "true or false is expected",
         "TLS goes over TCP, and in a [[route]] \"dns://\" begins with UDP"},
};

} // namespace

QString reasonAgainstKey(const QString& name) {
    for (const Refused& refused : kRefused) {
        if (name == refused.key)
            return QString::fromUtf8(refused.reason);
    }
    return {};
}

std::optional<IdleOption> idleOption(const QString& name, const QJsonValue& value) {
    for (const Idle& idle : kIdle) {
        if (name != idle.key)
            continue;
        const bool right = value.type() == idle.type && value.toInteger(0) >= 0;
        return IdleOption{right ? QString() : QString::fromUtf8(idle.expected),
                          QString::fromUtf8(idle.reason)};
    }
    return std::nullopt;
}

} // namespace sotto::service
