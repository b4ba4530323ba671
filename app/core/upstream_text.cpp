// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/upstream_text.h"

#include "core/outcome_text.h"
#include "core/texts.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace sotto::app {

namespace {

using protocol::Upstream;

const QString kPinMismatch = QStringLiteral("pin_mismatch");
const QString kOtherName = QStringLiteral("certificate_name");

/// The first "sha256/…" in the service's words.
QString pinIn(const QString& text) {
    static const QRegularExpression pin(QStringLiteral("sha256/[A-Za-z0-9+/=]+"));
    return pin.match(text).captured();
}

/// So many days is the clock behind the day on which the service was built; 0: it is not known to
/// be behind.
int daysBehind(const QString& text) {
    static const QRegularExpression behind(QStringLiteral("clock is (\\d+) days? behind"));
    return behind.match(text).captured(1).toInt();
}

QString clockNotice(const QStringList& labels, int behind, const QDateTime& now) {
    const QString today = QLocale().toString(now.date(), QLocale::LongFormat);
    if (behind > 0)
        return QCoreApplication::translate(
                   "sotto",
                   "This computer's clock is at least %n day(s) slow: it shows %1. So no "
                   "certificate can be checked, and nothing is sent to %2. Set the date.",
                   nullptr, behind)
            .arg(today, joinedText(labels));
    return QCoreApplication::translate(
               "sotto", "The certificate of %1 is not valid on the day that this computer's clock "
                        "shows, %2. Is the date wrong? Set it. Is it right? Then the certificate "
                        "must be renewed. Until then nothing is sent there.")
        .arg(joinedText(labels), today);
}

QString pinNotice(const Upstream& upstream) {
    const QString pin = pinIn(upstream.lastError);
    const QString advice = QCoreApplication::translate(
        "sotto", "Either it has a new key, or somebody stands in between. Ask its operator before "
                 "you change the pin. Until then nothing is sent there.");
    const QString what =
        pin.isEmpty()
            ? QCoreApplication::translate("sotto", "%1 shows another key than the pinned one.")
                  .arg(upstream.label)
            : QCoreApplication::translate("sotto",
                                          "%1 shows another key than the pinned one, namely %2.")
                  .arg(upstream.label, pin);
    return what + QLatin1Char(' ') + advice;
}

} // namespace

QString daysUntilText(const QDateTime& time, const QDateTime& now) {
    const int days = static_cast<int>(now.date().daysTo(time.date()));
    if (days == 0)
        return QCoreApplication::translate("sotto", "today");
    if (days < 0)
        return QCoreApplication::translate("sotto", "%n day(s) ago", nullptr, -days);
    return QCoreApplication::translate("sotto", "in %n day(s)", nullptr, days);
}

QString upstreamErrorText(const Upstream& upstream) {
    if (upstream.lastError.isEmpty())
        return {};
    if (upstream.lastOutcome == kOtherName && !upstream.name.isEmpty())
        return QCoreApplication::translate("sotto", "its certificate is not for %1")
            .arg(upstream.name);
    return outcomeText(upstream.lastOutcome, upstream.lastError);
}

/// The service decides when to warn; the certificate's end is what it warns of until now.
QString upstreamWarningText(const Upstream& upstream, const QDateTime& now) {
    constexpr int kNearDays = 60;
    if (upstream.warning.isEmpty() || upstream.certificateExpiresAt == 0)
        return upstream.warning;
    const QDateTime end = QDateTime::fromMSecsSinceEpoch(upstream.certificateExpiresAt);
    if (now.daysTo(end) > kNearDays || end < now)
        return upstream.warning;
    return QCoreApplication::translate("sotto", "its certificate ends %1")
        .arg(daysUntilText(end, now));
}

QStringList upstreamNotices(const QList<Upstream>& upstreams, const QDateTime& now) {
    QStringList notices;
    QStringList clock;
    int behind = 0;
    for (const Upstream& upstream : upstreams) {
        if (!upstream.lastError.isEmpty() && mayBeTheClock(upstream.lastOutcome)) {
            if (!clock.contains(upstream.label))
                clock.append(upstream.label);
            behind = std::max(behind, daysBehind(upstream.lastError));
        } else if (!upstream.lastError.isEmpty() && upstream.lastOutcome == kPinMismatch) {
            notices.append(pinNotice(upstream));
        }
        if (!upstream.warning.isEmpty())
            notices.append(asSentence(
                QStringLiteral("%1: %2").arg(upstream.label, upstreamWarningText(upstream, now))));
    }
    if (!clock.isEmpty())
        notices.prepend(clockNotice(clock, behind, now));
    notices.removeDuplicates();
    return notices;
}

} // namespace sotto::app
