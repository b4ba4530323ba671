// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/system_dns_text.h"

#include <QFrame>

class QGridLayout;
class QVBoxLayout;

namespace sotto::app {

/// What of this computer asks Sotto, by which mechanism, and what does not. A line of the settings
/// file that would cover more can be copied.
class CoverageCard : public QFrame {
    Q_OBJECT

public:
    explicit CoverageCard(QWidget* parent);

    /// Hides itself where the system's DNS is set by hand.
    void show(const protocol::Status& status);

private:
    void showFacts(const QList<CoverageFact>& facts);
    void showGaps(const QList<CoverageGap>& gaps);
    QWidget* makeGap(int place, const CoverageGap& gap);

    QWidget* m_facts;
    QGridLayout* m_factGrid;
    QWidget* m_gaps;
    QVBoxLayout* m_gapList;
    protocol::SystemDns m_shown;
    QStringList m_listen;
    bool m_hasShown = false;
};

} // namespace sotto::app
