// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/outcome_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace sotto::app {

namespace {

struct Outcome {
    QLatin1String name;
    const char* text;
    Obstacle obstacle;
};

const std::array kOutcomes{
    Outcome{QLatin1String("pending"), QT_TRANSLATE_NOOP("sotto", "no answer yet"), Obstacle::None},
    Outcome{QLatin1String("answered"), QT_TRANSLATE_NOOP("sotto", "it answered"), Obstacle::None},
    Outcome{QLatin1String("name_not_found"),
            QT_TRANSLATE_NOOP("sotto", "its own name could not be looked up"),
            Obstacle::Unreachable},
    Outcome{QLatin1String("unreachable"),
            QT_TRANSLATE_NOOP("sotto", "the network has no way to it"), Obstacle::Unreachable},
    Outcome{QLatin1String("refused"), QT_TRANSLATE_NOOP("sotto", "nothing listens on its port"),
            Obstacle::Unreachable},
    Outcome{QLatin1String("connect_timeout"),
            QT_TRANSLATE_NOOP("sotto", "no answer on its port: it is down, or the network blocks "
                                       "the port"),
            Obstacle::Unreachable},
    Outcome{QLatin1String("tls_timeout"),
            QT_TRANSLATE_NOOP("sotto", "the TLS handshake did not finish in time"),
            Obstacle::Unusable},
    Outcome{QLatin1String("tls_failed"), QT_TRANSLATE_NOOP("sotto", "the TLS handshake failed"),
            Obstacle::Untrusted},
    Outcome{QLatin1String("certificate_name"),
            QT_TRANSLATE_NOOP("sotto", "its certificate is for another name"), Obstacle::Untrusted},
    Outcome{QLatin1String("certificate_expired"),
            QT_TRANSLATE_NOOP("sotto",
                              "its certificate has expired, or this computer's clock is wrong"),
            Obstacle::Untrusted},
    Outcome{QLatin1String("certificate_not_yet_valid"),
            QT_TRANSLATE_NOOP(
                "sotto", "its certificate is not valid yet, or this computer's clock is wrong"),
            Obstacle::Untrusted},
    Outcome{QLatin1String("certificate_untrusted"),
            QT_TRANSLATE_NOOP("sotto", "no trusted authority has signed its certificate"),
            Obstacle::Untrusted},
    Outcome{QLatin1String("certificate_unfit"),
            QT_TRANSLATE_NOOP("sotto", "its certificate was refused"), Obstacle::Untrusted},
    Outcome{QLatin1String("pin_mismatch"),
            QT_TRANSLATE_NOOP("sotto", "its key is none of the pinned ones"), Obstacle::Untrusted},
    Outcome{QLatin1String("connection_lost"),
            QT_TRANSLATE_NOOP("sotto", "the connection ended before the answer"),
            Obstacle::Unusable},
    Outcome{QLatin1String("silent"), QT_TRANSLATE_NOOP("sotto", "no answer in time"),
            Obstacle::Unusable},
    Outcome{QLatin1String("bad_answer"), QT_TRANSLATE_NOOP("sotto", "its answer could not be used"),
            Obstacle::Unusable},
    Outcome{QLatin1String("server_failure"),
            QT_TRANSLATE_NOOP("sotto", "it answered that it failed"), Obstacle::Unusable},
    Outcome{QLatin1String("held"),
            QT_TRANSLATE_NOOP("sotto", "it failed a moment ago and was not tried again"),
            Obstacle::Unreachable},
    Outcome{QLatin1String("system_failure"),
            QT_TRANSLATE_NOOP("sotto", "this computer ran out of memory, files or ports"),
            Obstacle::Unreachable},
};

const Outcome* find(const QString& name) {
    const auto found = std::ranges::find_if(
        kOutcomes, [&](const Outcome& outcome) { return name == outcome.name; });
    return found == kOutcomes.end() ? nullptr : &*found;
}

} // namespace

Obstacle obstacleOf(const QString& outcome) {
    const Outcome* known = find(outcome);
    if (known)
        return known->obstacle;
    return outcome.isEmpty() ? Obstacle::None : Obstacle::Unusable;
}

bool mayBeTheClock(const QString& outcome) {
    return outcome == QLatin1String("certificate_expired") ||
           outcome == QLatin1String("certificate_not_yet_valid");
}

QString outcomeText(const QString& outcome, const QString& fallback) {
    const Outcome* known = find(outcome);
    return known ? QCoreApplication::translate("sotto", known->text) : fallback;
}

} // namespace sotto::app
