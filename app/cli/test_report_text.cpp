// SPDX-License-Identifier: GPL-3.0-or-later
#include "test_report_text.h"

#include "printable.h"
#include "quantity_text.h"
#include "table.h"

#include <QDateTime>
#include <QObject>

#include <algorithm>
#include <initializer_list>

namespace sotto::cli {

namespace {

using protocol::ProviderTest;
using protocol::ProviderTestReport;

const QString kUnknown = QStringLiteral("?");

QString answer(const std::optional<bool>& value) {
    if (!value)
        return kUnknown;
    return *value ? QObject::tr("yes") : QObject::tr("no");
}

QString time(const std::optional<double>& millis) {
    return millis ? durationText(*millis) : kUnknown;
}

QString day(qint64 unixMillis) {
    return QDateTime::fromMSecsSinceEpoch(unixMillis, Qt::UTC)
        .toString(QStringLiteral("yyyy-MM-dd"));
}

QString dnssecText(const ProviderTestReport& report) {
    if (!report.validates && !report.refusesBad)
        return kUnknown;
    if (report.validates.value_or(true) && report.refusesBad.value_or(true))
        return QObject::tr("yes");
    QStringList faults;
    if (report.validates && !*report.validates)
        faults += QObject::tr("a right signature is not confirmed");
    if (report.refusesBad && !*report.refusesBad)
        faults += QObject::tr("a wrong one is not refused");
    return QObject::tr("no: %1").arg(faults.join(QLatin1String(", ")));
}

QString filterText(const ProviderTest& test, const ProviderTestReport& report) {
    if (!report.filters)
        return kUnknown;
    return *report.filters ? QObject::tr("%1 is blocked").arg(test.filtered)
                           : QObject::tr("%1 is answered").arg(test.filtered);
}

QString validityText(const ProviderTestReport& report, qint64 nowMillis) {
    if (!report.validFrom || !report.validUntil)
        return kUnknown;
    constexpr qint64 kDayMillis = 24LL * 3600 * 1000;
    const qint64 days = (*report.validUntil - nowMillis) / kDayMillis;
    const QString left = days == 1 ? QObject::tr("1 day") : QObject::tr("%1 days").arg(days);
    return QObject::tr("%1 to %2 (%3 left)")
        .arg(day(*report.validFrom), day(*report.validUntil), left);
}

QString earlyDataText(const ProviderTestReport& report) {
    if (report.earlyDataOff.value_or(false))
        return QObject::tr("not tried: early data is off");
    return answer(report.earlyData);
}

QString keepaliveText(const ProviderTestReport& report) {
    if (!report.keepaliveMillis)
        return answer(report.keepalive);
    return QObject::tr("yes, for %1")
        .arg(durationText(static_cast<double>(*report.keepaliveMillis)));
}

QString paddingText(const ProviderTestReport& report) {
    if (!report.paddedTo)
        return answer(report.padding);
    return QObject::tr("yes, to multiples of %1 octets").arg(*report.paddedTo);
}

QString claimsText(const ProviderTest& test, const ProviderTestReport& report) {
    const QString cannot = QObject::tr("cannot be measured");
    const protocol::ProviderClaims& claims = test.claims;
    Table table({QString(), QObject::tr("CLAIMED"), QObject::tr("MEASURED")});
    table.addRow({QObject::tr("DNSSEC is checked"), answer(claims.dnssec), dnssecText(report)});
    table.addRow(
        {QObject::tr("Filters"), claims.filter.value_or(kUnknown), filterText(test, report)});
    table.addRow({QObject::tr("IPv6"), answer(claims.ipv6), answer(report.ipv6)});
    table.addRow({QObject::tr("Keeps no log"), answer(claims.noLog), cannot});
    table.addRow({QObject::tr("Passes your network on"), answer(claims.ecs), cannot});
    return table.text();
}

QString findingsText(const ProviderTestReport& report, qint64 nowMillis) {
    Table table;
    table.addRow({QObject::tr("TCP handshake"), time(report.connectMillis)});
    table.addRow({QObject::tr("TLS handshake"), time(report.tlsMillis)});
    table.addRow({QObject::tr("Query"), time(report.queryMillis)});
    table.addRow({QObject::tr("Answers"), answer(report.answers)});
    table.addRow({QObject::tr("TLS version"), report.tlsVersion.value_or(kUnknown)});
    table.addRow({QObject::tr("Cipher"), report.cipher.value_or(kUnknown)});
    table.addRow({QObject::tr("Certificate for"), report.certificateNames.value_or(kUnknown)});
    table.addRow({QObject::tr("Issued by"), report.issuer.value_or(kUnknown)});
    table.addRow({QObject::tr("Valid"), validityText(report, nowMillis)});
    table.addRow({QObject::tr("Key"), report.pin.value_or(kUnknown)});
    table.addRow({QObject::tr("Resumes sessions"), answer(report.resumes)});
    table.addRow({QObject::tr("Takes early data"), earlyDataText(report)});
    table.addRow({QObject::tr("Says how long it keeps idle connections"), keepaliveText(report)});
    table.addRow({QObject::tr("Pads answers"), paddingText(report)});
    return table.text();
}

/// By the kind of the failure.
QString adviceOn(const QString& outcome) {
    const auto is = [&](std::initializer_list<const char*> names) {
        return std::ranges::any_of(
            names, [&](const char* name) { return outcome == QLatin1String(name); });
    };
    if (is({"name_not_found"}))
        return QObject::tr("Its address is not known. Give it in the settings (addresses), or see "
                           "why the upstreams that look it up do not answer (sottoctl status).");
    if (is({"certificate_expired", "certificate_not_yet_valid"}))
        return QObject::tr("Look at this computer's clock, and set it if it is wrong. If it is "
                           "right, the provider's certificate is out of date.");
    if (is({"pin_mismatch"}))
        return QObject::tr("The server has another key than the settings pin. If the provider says "
                           "that it changed its key, take the new pin from there; else do not go "
                           "on: somebody may be in between.");
    if (is({"certificate_name", "certificate_untrusted", "certificate_unfit"}))
        return QObject::tr("Somebody may be in between. Compare its name and its authority with "
                           "what the provider says; if your settings are right, do not go on.");
    if (is({"tls_timeout", "tls_failed"}))
        return QObject::tr("It was reached, but no encrypted connection came about. Perhaps it "
                           "does not speak DNS over TLS on this port, or wants a certificate of "
                           "its clients.");
    if (is({"system_failure"}))
        return QObject::tr("This computer is short of memory, files or ports. Try again later.");
    return QObject::tr("It could not be reached. Its port may be closed in this network and open "
                       "in another one; or try again later.");
}

} // namespace

QString testReportText(const ProviderTest& test, const ProviderTestReport& report,
                       qint64 nowMillis) {
    QString head =
        test.label.isEmpty() ? test.spec : QObject::tr("%1 (%2)").arg(test.label, test.spec);
    if (report.address)
        head += QObject::tr(", tested at %1").arg(*report.address);
    if (!report.connectMillis && !report.tlsMillis)
        return printable(head + QObject::tr(": nothing could be measured")) + QLatin1Char('\n');
    QString text = printable(head) + QStringLiteral("\n\n") + claimsText(test, report) +
                   QLatin1Char('\n') + findingsText(report, nowMillis) +
                   QObject::tr("\n?: not known, or not tried.");
    if (!test.filtered.isEmpty())
        text += printable(QObject::tr(" A filter need not block %1.").arg(test.filtered));
    return text + QLatin1Char('\n');
}

QString testAdvice(const ProviderTestReport& report) {
    if (!report.tlsMillis)
        return adviceOn(report.outcome.value_or(QString()));
    return QObject::tr("It was reached and is who it claims to be. Try again later, or choose "
                       "another provider (sottoctl providers).");
}

QString testProgressText(const ProviderTestReport& report) {
    QStringList steps;
    if (report.connectMillis)
        steps += QObject::tr("TCP %1").arg(durationText(*report.connectMillis));
    if (report.tlsMillis)
        steps += QObject::tr("TLS %1").arg(durationText(*report.tlsMillis));
    if (report.queryMillis)
        steps += QObject::tr("query %1").arg(durationText(*report.queryMillis));
    if (report.resumes)
        steps += QObject::tr("resumption");
    if (report.validates || report.refusesBad)
        steps += QObject::tr("DNSSEC");
    if (report.filters)
        steps += QObject::tr("filter");
    return steps.isEmpty() ? QObject::tr("connecting") : steps.join(QLatin1String(", "));
}

} // namespace sotto::cli
