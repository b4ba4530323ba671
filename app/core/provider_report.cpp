// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/provider_report.h"

#include "core/outcome_text.h"
#include "core/texts.h"
#include "core/upstream_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>

namespace sotto::app {

namespace {

using protocol::ProviderClaims;
using protocol::ProviderTestReport;
using Mark = ReportRow::Mark;

QString say(const char* text) {
    return QCoreApplication::translate("sotto", text);
}

QString yesOrNo(const std::optional<bool>& value) {
    if (!value)
        return {};
    return *value ? QCoreApplication::translate("sotto", "Yes")
                  : QCoreApplication::translate("sotto", "No");
}

QString duration(const std::optional<double>& millis) {
    return millis ? durationText(*millis) : QString();
}

QString encryption(const ProviderTestReport& report) {
    QStringList parts;
    if (report.tlsVersion)
        parts.append(tlsVersionText(*report.tlsVersion));
    if (report.cipher)
        parts.append(*report.cipher);
    return parts.join(QStringLiteral(", "));
}

QString validity(const ProviderTestReport& report, const QDateTime& now) {
    if (!report.validUntil)
        return {};
    const QDateTime until = QDateTime::fromMSecsSinceEpoch(*report.validUntil);
    return QStringLiteral("%1 (%2)").arg(QLocale().toString(until.date(), QLocale::ShortFormat),
                                         daysUntilText(until, now));
}

Mark validityMark(const ProviderTestReport& report, const QDateTime& now) {
    constexpr int kNearDays = 14;
    if (!report.validUntil)
        return Mark::None;
    const QDateTime until = QDateTime::fromMSecsSinceEpoch(*report.validUntil);
    const bool begun =
        !report.validFrom || QDateTime::fromMSecsSinceEpoch(*report.validFrom) <= now;
    return begun && now.daysTo(until) >= kNearDays ? Mark::Good : Mark::Bad;
}

QString keepalive(const ProviderTestReport& report) {
    if (report.keepalive.value_or(false) && report.keepaliveMillis)
        return QCoreApplication::translate("sotto", "Yes, %1")
            .arg(durationText(static_cast<double>(*report.keepaliveMillis)));
    return yesOrNo(report.keepalive);
}

QString earlyData(const ProviderTestReport& report) {
    if (report.earlyDataOff.value_or(false))
        return QCoreApplication::translate("sotto", "Not tried: early data is off");
    return yesOrNo(report.earlyData);
}

QString padding(const ProviderTestReport& report) {
    if (report.padding.value_or(false) && report.paddedTo)
        return QCoreApplication::translate("sotto", "Yes, to %n octet(s)", nullptr,
                                           *report.paddedTo);
    return yesOrNo(report.padding);
}

QString dnssecMeasured(const ProviderTestReport& report) {
    if (!report.validates || !report.refusesBad)
        return {};
    if (*report.validates && *report.refusesBad)
        return QCoreApplication::translate("sotto", "Good signature confirmed, wrong one refused");
    if (*report.validates)
        return QCoreApplication::translate("sotto", "Good signature confirmed, wrong one accepted");
    if (*report.refusesBad)
        return QCoreApplication::translate("sotto", "Wrong signature refused, good one not marked");
    return QCoreApplication::translate("sotto", "Signatures are not checked");
}

QString filteringMeasured(const protocol::ProviderTest& test, const ProviderTestReport& report) {
    if (!report.filters)
        return {};
    return (*report.filters ? QCoreApplication::translate("sotto", "Blocks %1", "a name")
                            : QCoreApplication::translate("sotto", "Answers %1", "a name"))
        .arg(test.filtered);
}

QString claimed(const std::optional<bool>& claim, const char* yes, const char* no) {
    return !claim ? QString() : say(*claim ? yes : no);
}

Mark compared(const std::optional<bool>& claim, const std::optional<bool>& measured) {
    if (!claim || !measured)
        return Mark::None;
    return *claim == *measured ? Mark::Good : Mark::Differs;
}

/// Absent where the list does not say whether something is filtered.
std::optional<bool> claimsToFilter(const ProviderClaims& claims) {
    if (!claims.filter || *claims.filter == QLatin1String("unknown"))
        return std::nullopt;
    return *claims.filter != QLatin1String("none");
}

Mark wished(const std::optional<bool>& value) {
    return value.value_or(false) ? Mark::Good : Mark::None;
}

std::optional<bool> both(const std::optional<bool>& a, const std::optional<bool>& b) {
    return a && b ? std::optional(*a && *b) : std::nullopt;
}

/// What a person can do about a test that failed: by the kind of the failure, and where that says
/// nothing by how far it came.
QString adviceOn(const ProviderTestReport& report) {
    const QString outcome = report.outcome.value_or(QString());
    const auto is = [&](const char* name) { return outcome == QLatin1String(name); };
    if (is("name_not_found"))
        return QCoreApplication::translate(
            "sotto", "Give its address in the settings, or look why the providers that look up its "
                     "name do not answer.");
    if (is("pin_mismatch"))
        return QCoreApplication::translate(
            "sotto", "Either it has a new key, or somebody stands in between. Ask its operator "
                     "before you change the pin. Until then nothing is sent there.");
    if (is("tls_failed") || is("tls_timeout"))
        return QCoreApplication::translate(
            "sotto", "It was reached, but no encrypted connection came about, so nothing was "
                     "asked. Perhaps it does not speak DNS over TLS on this port.");
    if (obstacleOf(outcome) == Obstacle::Untrusted && !mayBeTheClock(outcome))
        return QCoreApplication::translate(
            "sotto", "It was reached but did not prove who it is, so nothing was asked. Do not use "
                     "this provider on this network.");
    if (!report.connectMillis)
        return QCoreApplication::translate(
            "sotto", "Look whether this computer is online. If other providers can be reached, "
                     "this one is down or its port is blocked here: try another network, or choose "
                     "another provider.");
    if (!report.tlsMillis)
        return QCoreApplication::translate(
            "sotto", "It was reached but did not prove who it is, so nothing was asked. Look "
                     "whether this computer's date is right. If it is, do not use this provider "
                     "on this network.");
    return QCoreApplication::translate(
        "sotto", "It proved who it is but did not answer as it should. Test it again later, or "
                 "choose another provider.");
}

QString markText(Mark mark) {
    switch (mark) {
    case Mark::Differs:
        return QCoreApplication::translate("sotto", "differs from the claim");
    case Mark::Bad:
        return QCoreApplication::translate("sotto", "attention");
    default:
        return {};
    }
}

} // namespace

QList<ReportRow> reportRows(const protocol::ProviderTest& test, const ProviderTestReport& report,
                            const QDateTime& now) {
    const ProviderClaims& claims = test.claims;
    const auto row = [](const char* key, const QString& title, const QString& value,
                        Mark mark = Mark::None) {
        return ReportRow{QLatin1String(key), {}, title, value, {}, mark};
    };
    const auto beside = [](const char* key, const QString& title, const QString& claim,
                           const QString& value, Mark mark) {
        return ReportRow{QLatin1String(key), {}, title, value, claim, mark};
    };
    QList<ReportRow> rows;
    const auto section = [&](const QString& heading, const QList<ReportRow>& members) {
        rows += members;
        rows[rows.size() - members.size()].section = heading;
    };

    const bool claimsSomething = claims.filter || claims.dnssec || claims.ipv6 || claims.noLog;
    section(
        claimsSomething ? QCoreApplication::translate("sotto", "Claimed and measured")
                        : QCoreApplication::translate("sotto", "Answers"),
        {beside("dnssec", QCoreApplication::translate("sotto", "DNSSEC"),
                claimed(claims.dnssec, QT_TRANSLATE_NOOP("sotto", "Checks signatures"),
                        QT_TRANSLATE_NOOP("sotto", "Does not check signatures")),
                dnssecMeasured(report),
                compared(claims.dnssec, both(report.validates, report.refusesBad))),
         beside("filter", QCoreApplication::translate("sotto", "Filtering"),
                claims.filter ? filterText(*claims.filter) : QString(),
                filteringMeasured(test, report), compared(claimsToFilter(claims), report.filters)),
         beside("ipv6", QCoreApplication::translate("sotto", "IPv6"),
                claimed(claims.ipv6, QT_TRANSLATE_NOOP("sotto", "Has an IPv6 address"),
                        QT_TRANSLATE_NOOP("sotto", "Has no IPv6 address")),
                !report.ipv6   ? (report.finished && report.error.isEmpty()
                                      ? QCoreApplication::translate(
                                            "sotto", "Not tried: no IPv6 on one of both sides")
                                      : QString())
                : *report.ipv6 ? QCoreApplication::translate("sotto", "Reached over IPv6")
                               : QCoreApplication::translate("sotto", "Not reached over IPv6"),
                compared(claims.ipv6, report.ipv6)),
         beside("logs", QCoreApplication::translate("sotto", "Logs"),
                claimed(claims.noLog, QT_TRANSLATE_NOOP("sotto", "Keeps none"),
                        QT_TRANSLATE_NOOP("sotto", "Keeps some")),
                claims.noLog && report.finished && report.error.isEmpty()
                    ? QCoreApplication::translate("sotto", "Cannot be measured")
                    : QString(),
                Mark::None)});
    section(QCoreApplication::translate("sotto", "Times"),
            {row("connect", QCoreApplication::translate("sotto", "TCP handshake"),
                 duration(report.connectMillis)),
             row("tls", QCoreApplication::translate("sotto", "TLS handshake"),
                 duration(report.tlsMillis)),
             row("query", QCoreApplication::translate("sotto", "First answer"),
                 duration(report.queryMillis)),
             row("address", QCoreApplication::translate("sotto", "Address"),
                 report.address.value_or(QString()))});
    section(
        QCoreApplication::translate("sotto", "Certificate"),
        {row("names", QCoreApplication::translate("sotto", "Names"),
             report.certificateNames.value_or(QString())),
         row("issuer", QCoreApplication::translate("sotto", "Issuer"),
             report.issuer.value_or(QString())),
         row("until", QCoreApplication::translate("sotto", "Ends"), validity(report, now),
             validityMark(report, now)),
         row("pin", QCoreApplication::translate("sotto", "Pin"), report.pin.value_or(QString()))});
    section(
        QCoreApplication::translate("sotto", "Connection"),
        {row("encryption", QCoreApplication::translate("sotto", "Encryption"), encryption(report)),
         row("resumption", QCoreApplication::translate("sotto", "Resumption"),
             yesOrNo(report.resumes), wished(report.resumes)),
         row("early_data", QCoreApplication::translate("sotto", "Early data"), earlyData(report)),
         row("keepalive", QCoreApplication::translate("sotto", "Keepalive"), keepalive(report),
             wished(report.keepalive)),
         row("padding", QCoreApplication::translate("sotto", "Padding"), padding(report),
             wished(report.padding)),
         row("answers", QCoreApplication::translate("sotto", "Ordinary name"),
             !report.answers   ? QString()
             : *report.answers ? QCoreApplication::translate("sotto", "Answered")
                               : QCoreApplication::translate("sotto", "No address given"),
             !report.answers   ? Mark::None
             : *report.answers ? Mark::Good
                               : Mark::Bad)});
    return rows;
}

QString reportStageText(const ProviderTestReport& report) {
    if (report.finished)
        return {};
    if (!report.connectMillis)
        return QCoreApplication::translate("sotto", "Connecting …");
    if (!report.tlsMillis)
        return QCoreApplication::translate("sotto", "Checking who it is …");
    if (!report.queryMillis)
        return QCoreApplication::translate("sotto", "Asking the first question …");
    return QCoreApplication::translate("sotto", "Trying what it can do …");
}

double reportProgress(const ProviderTestReport& report) {
    if (report.finished)
        return 1;
    const std::array known{report.connectMillis.has_value(),
                           report.tlsMillis.has_value(),
                           report.queryMillis.has_value(),
                           report.resumes.has_value(),
                           report.earlyData || report.earlyDataOff,
                           report.keepalive.has_value(),
                           report.padding.has_value(),
                           report.validates.has_value(),
                           report.refusesBad.has_value(),
                           report.filters.has_value(),
                           report.answers.has_value()};
    return static_cast<double>(std::ranges::count(known, true)) / (known.size() + 1.0);
}

QString reportErrorText(const ProviderTestReport& report) {
    if (report.error.isEmpty())
        return {};
    const QString what = outcomeText(report.outcome.value_or(QString()), report.error);
    return asSentence(what.at(0).toUpper() + what.mid(1)) + QLatin1Char(' ') + adviceOn(report);
}

QString reportVerdict(const QList<ReportRow>& rows) {
    const auto differing =
        static_cast<int>(std::ranges::count(rows, Mark::Differs, &ReportRow::mark));
    if (differing > 0)
        return QCoreApplication::translate("sotto", "%n thing(s) differ from what it claims.",
                                           nullptr, differing);
    const bool compared = std::ranges::any_of(
        rows, [](const ReportRow& row) { return !row.claim.isEmpty() && row.mark == Mark::Good; });
    return compared ? QCoreApplication::translate("sotto", "It does what it claims.") : QString();
}

QString reportAsText(const protocol::ProviderTest& test, const ProviderTestReport& report,
                     const QDateTime& testedAt) {
    QStringList lines{
        QCoreApplication::translate("sotto", "Test of %1 (%2), %3", "provider, its address, time")
            .arg(test.label, test.spec, QLocale().toString(testedAt, QLocale::ShortFormat))};
    if (!report.error.isEmpty())
        lines.append(reportErrorText(report));
    for (const ReportRow& row : reportRows(test, report, testedAt)) {
        if (!row.section.isEmpty()) {
            lines.append(QString());
            lines.append(row.section);
        }
        QStringList parts;
        if (!row.claim.isEmpty())
            parts.append(QCoreApplication::translate("sotto", "claimed: %1").arg(row.claim));
        if (!row.claim.isEmpty() && !row.value.isEmpty())
            parts.append(QCoreApplication::translate("sotto", "measured: %1").arg(row.value));
        else if (!row.value.isEmpty())
            parts.append(row.value);
        if (const QString mark = markText(row.mark); !mark.isEmpty())
            parts.append(mark);
        lines.append(QStringLiteral("  %1: %2")
                         .arg(row.title, parts.isEmpty()
                                             ? QCoreApplication::translate("sotto", "not measured")
                                             : parts.join(QStringLiteral("; "))));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace sotto::app
