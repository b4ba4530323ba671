// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json/json_fields.h"

/// How a query was answered, step by step; the meanings are those of engine/upstream_attempt.h.
namespace sotto::protocol {

/// What an attempt's connection was.
enum class ConnectionUse {
    None,      ///< there was none
    Reused,    ///< open before
    New,       ///< with a full handshake
    Resumed,   ///< with a ticket from an earlier connection
    EarlyData, ///< resumed, and the query went with the first flight
    Plain,     ///< in clear text
};
QString enumText(ConnectionUse use);
bool enumFromText(const QString& text, ConnectionUse& use);

/// One upstream's part in answering a query.
struct Attempt {
    static constexpr QLatin1String kAnswered{"answered"}; ///< gave the client's answer
    static constexpr QLatin1String kPending{"pending"};   ///< given up, another one was faster

    QString upstream; ///< its label
    /// Its port, where that tells it apart: another one than usual, or one of several that
    /// upstreams of this label have.
    std::optional<int> port;
    QString address; ///< where it went, or was tried last; empty where there was none
    QString outcome; ///< a name for programs: kAnswered, kPending, "pin_mismatch" …
    QString reason;  ///< the same in English, as a phrase
    ConnectionUse connection = ConnectionUse::None;
    double startedMillis = 0;            ///< after the query arrived
    double tookMillis = 0;               ///< until its outcome, or until it was given up
    std::optional<double> connectMillis; ///< TCP handshake, where it had to be waited for
    std::optional<double> tlsMillis;     ///< TLS handshake, where it had to be waited for
    std::optional<QString> rcode;        ///< where there was an answer
    bool raced = false;                  ///< sent because the first was later than usual

    /// "Quad9", or with its port "Quad9:8853".
    QString server() const;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("upstream", self.upstream);
        visit("port", self.port);
        visit("address", self.address);
        visit("outcome", self.outcome);
        visit("reason", self.reason);
        visit("connection", self.connection);
        visit("started_ms", self.startedMillis);
        visit("took_ms", self.tookMillis);
        visit("connect_ms", self.connectMillis);
        visit("tls_ms", self.tlsMillis);
        visit("rcode", self.rcode);
        visit("raced", self.raced);
    }
};

} // namespace sotto::protocol
