// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json/json_fields.h"

/// The test of a provider: what it claims beside what was measured.
namespace sotto::protocol {

/// What to test: one of both.
struct ProviderTestParams {
    /// The id of a provider in the list, or the label, the spec or an address of a configured
    /// upstream; else the spec of one of one's own.
    std::optional<QString> target;
    /// An upstream on one's own terms, as in the setting "upstreams", without files. What is not
    /// configured so needs the right to change settings.
    std::optional<QJsonValue> upstream;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("target", self.target);
        visit("upstream", self.upstream);
    }
};

/// What the list says of a provider; absent: nothing.
struct ProviderClaims {
    std::optional<QString> filter; ///< "none", "malware", "ads", "family", "unknown"
    std::optional<bool> dnssec;
    std::optional<bool> noLog; ///< cannot be measured
    std::optional<bool> ecs;
    std::optional<bool> ipv6; ///< it has an IPv6 address

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("filter", self.filter);
        visit("dnssec", self.dnssec);
        visit("no_log", self.noLog);
        visit("ecs", self.ecs);
        visit("ipv6", self.ipv6);
    }
};

/// A test that has begun. Reports follow as test.progress, on this connection only.
struct ProviderTest {
    qint64 test = 0;  ///< its number, which the reports carry
    QString label;    ///< of what is tested, for people
    QString spec;     ///< "tls://ADDRESS[%NAME][:PORT]"
    QString provider; ///< id in the list; empty for one's own upstream
    QString filtered; ///< the name that tells whether it filters; empty: not tried
    ProviderClaims claims;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("test", self.test);
        visit("label", self.label);
        visit("spec", self.spec);
        visit("provider", self.provider);
        visit("filtered", self.filtered);
        visit("claims", self.claims);
    }
};

/// What has been measured until now. What is absent is not known (yet), or was not tried.
struct ProviderTestReport {
    qint64 test = 0;
    bool finished = false;          ///< the last report of this test
    QString error;                  ///< why the test could not go on; empty while all is well
    std::optional<QString> outcome; ///< the same for programs, as in Attempt::outcome

    std::optional<QString> address;
    std::optional<double> connectMillis; ///< TCP handshake
    std::optional<double> tlsMillis;     ///< full TLS handshake
    std::optional<double> queryMillis;   ///< the first query's answer
    std::optional<QString> tlsVersion;
    std::optional<QString> cipher;

    std::optional<QString> certificateNames; ///< separated by commas
    std::optional<QString> issuer;
    std::optional<qint64> validFrom;
    std::optional<qint64> validUntil;
    std::optional<QString> pin; ///< of the server's key, "sha256/BASE64"

    std::optional<bool> resumes;
    std::optional<bool> earlyData;
    std::optional<bool> earlyDataOff; ///< true: not tried, because the settings do not allow it
    std::optional<bool> keepalive;
    std::optional<qint64> keepaliveMillis; ///< how long it keeps an idle connection
    std::optional<bool> padding;
    std::optional<int> paddedTo; ///< to a multiple of so many octets; absent: another way
    std::optional<bool> validates;
    std::optional<bool> refusesBad;
    std::optional<bool> filters;
    std::optional<bool> answers;
    std::optional<bool> ipv6;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("test", self.test);
        visit("finished", self.finished);
        visit("error", self.error);
        visit("outcome", self.outcome);
        visit("address", self.address);
        visit("connect_ms", self.connectMillis);
        visit("tls_ms", self.tlsMillis);
        visit("query_ms", self.queryMillis);
        visit("tls_version", self.tlsVersion);
        visit("cipher", self.cipher);
        visit("certificate_names", self.certificateNames);
        visit("issuer", self.issuer);
        visit("valid_from", self.validFrom);
        visit("valid_until", self.validUntil);
        visit("pin", self.pin);
        visit("resumes", self.resumes);
        visit("early_data", self.earlyData);
        visit("early_data_off", self.earlyDataOff);
        visit("keepalive", self.keepalive);
        visit("keepalive_ms", self.keepaliveMillis);
        visit("padding", self.padding);
        visit("padded_to", self.paddedTo);
        visit("validates", self.validates);
        visit("refuses_bad", self.refusesBad);
        visit("filters", self.filters);
        visit("answers", self.answers);
        visit("ipv6", self.ipv6);
    }
};

} // namespace sotto::protocol
