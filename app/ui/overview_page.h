// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/forwarding_switch.h"
#include "models/provider_live.h"
#include "models/rate_history.h"
#include "ui/page.h"

#include <QElapsedTimer>
#include <QTimer>

class QFrame;
class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace sotto::app {

class AskFirst;
class CoverageCard;
class HeroCard;
class Sparkline;
class UpstreamLine;

/// The big switch, the truth about where answers come from and who asks, and a few figures.
class OverviewPage : public Page {
    Q_OBJECT

public:
    OverviewPage(ServiceConnection& connection, ForwardingSwitch& forwarding, QWidget* parent);

    bool isSettled() const override;
    /// Said below everything; empty hides it.
    void setFootnote(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void refresh();
    void showUpstreams();
    void fitUpstreams();
    void takeStatistics(const protocol::Statistics& statistics);
    void forgetFigures();
    void showAccess();
    void arrange();
    QWidget* makeTiles();
    QWidget* makeTile(const QString& name, const QString& title, const QString& hint,
                      QLabel*& value);

    ServiceConnection& m_connection;
    RateHistory m_history;
    QElapsedTimer m_clock;
    QTimer m_poll{this};
    QList<UpstreamLine*> m_lines;

    HeroCard* m_hero = nullptr;
    CoverageCard* m_coverage = nullptr;
    AskFirst* m_askFirst = nullptr;
    QGridLayout* m_tiles = nullptr;
    QList<QWidget*> m_tileCards;
    QLabel* m_queries = nullptr;
    QLabel* m_hitRate = nullptr;
    QLabel* m_hitTime = nullptr;
    QLabel* m_missTime = nullptr;
    QLabel* m_upstreamTitle = nullptr;
    QFrame* m_upstreamCard = nullptr;
    QVBoxLayout* m_upstreams = nullptr;
    QWidget* m_upstreamList = nullptr;
    QLabel* m_noUpstreams = nullptr;
    Sparkline* m_sparkline = nullptr;
    QLabel* m_rate = nullptr;
    QLabel* m_footnote = nullptr;
};

} // namespace sotto::app
