// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/provider_test.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace sotto::app {

/// One line of a provider's report card.
struct ReportRow {
    enum class Mark {
        None,
        Good,    ///< as claimed, or as one would wish
        Bad,     ///< a person should know
        Differs, ///< not as claimed
    };

    QString key;     ///< stable, for tests and screen readers: "connect", "dnssec"
    QString section; ///< heading above it; empty: under the same as the row before
    QString title;
    QString value; ///< empty while it is not known
    QString claim; ///< what the provider says of itself; empty where it says nothing
    Mark mark = Mark::None;
};

/// The report card, always with the same rows in the same order. What is not measured yet has no
/// value. Pure.
QList<ReportRow> reportRows(const protocol::ProviderTest& test,
                            const protocol::ProviderTestReport& report, const QDateTime& now);

/// What the test does at the moment, for a line below the button.
QString reportStageText(const protocol::ProviderTestReport& report);
/// How much of it is done, 0 … 1; an estimate.
double reportProgress(const protocol::ProviderTestReport& report);
/// Why the test could not go on and what a person can do; empty where all is well.
QString reportErrorText(const protocol::ProviderTestReport& report);

/// "As claimed", "2 things differ from what it claims"; empty before the end of a test.
QString reportVerdict(const QList<ReportRow>& rows);

/// All of it as plain text, for the clipboard.
QString reportAsText(const protocol::ProviderTest& test, const protocol::ProviderTestReport& report,
                     const QDateTime& testedAt);

} // namespace sotto::app
