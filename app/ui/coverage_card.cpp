// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/coverage_card.h"

#include "ui/labels.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

/// deleteLater() would leave them in view, and findable by name, for a moment.
void empty(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

} // namespace

CoverageCard::CoverageCard(QWidget* parent)
    : QFrame(parent)
    , m_facts(new QWidget(this))
    , m_factGrid(new QGridLayout(m_facts))
    , m_gaps(new QWidget(this))
    , m_gapList(new QVBoxLayout(m_gaps)) {
    setObjectName(QStringLiteral("coverageCard"));
    setProperty("card", true);
    m_factGrid->setContentsMargins(0, 0, 0, 0);
    m_factGrid->setHorizontalSpacing(kSpace * 2);
    m_factGrid->setVerticalSpacing(kSpace / 2);
    m_factGrid->setColumnStretch(1, 1);
    m_gapList->setContentsMargins(0, 0, 0, 0);
    m_gapList->setSpacing(kSpace);
    m_gaps->setObjectName(QStringLiteral("coverageGaps"));

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    layout->setSpacing(kSpace * 1.5);
    layout->addWidget(plainLabel(QStringLiteral("coverageTitle"), TextRole::Heading, this,
                                 tr("This computer's DNS")));
    layout->addWidget(m_facts);
    layout->addWidget(m_gaps);
    layout->addWidget(plainLabel(QStringLiteral("coverageNote"), TextRole::Muted, this,
                                 tr("Programs with an encrypted DNS of their own, as some browsers "
                                    "have, do not ask the system.")));
    hide();
}

void CoverageCard::show(const protocol::Status& status) {
    const protocol::SystemDns& system = status.systemDns;
    const bool same = m_hasShown && m_listen == status.listen &&
                      protocol::toJson(m_shown) == protocol::toJson(system);
    if (!same) {
        m_shown = system;
        m_listen = status.listen;
        m_hasShown = true;
        showFacts(coverageFacts(system));
        showGaps(coverageGaps(system, status.listen));
    }
    setVisible(system.state != protocol::SystemDnsState::ByHand &&
               (m_factGrid->count() > 0 || m_gapList->count() > 0));
}

void CoverageCard::showFacts(const QList<CoverageFact>& facts) {
    empty(m_factGrid);
    int row = 0;
    for (const CoverageFact& fact : facts) {
        const QString name = QStringLiteral("coverage") + fact.name;
        QLabel* title =
            plainLabel(name + QStringLiteral("Title"), TextRole::Muted, m_facts, fact.title);
        title->setWordWrap(false);
        QLabel* text = plainLabel(name, TextRole::Body, m_facts, fact.text);
        text->setAccessibleDescription(fact.title);
        makeSelectable(text);
        m_factGrid->addWidget(title, row, 0, Qt::AlignTop);
        m_factGrid->addWidget(text, row, 1);
        ++row;
    }
    m_facts->setVisible(!facts.isEmpty());
}

void CoverageCard::showGaps(const QList<CoverageGap>& gaps) {
    empty(m_gapList);
    if (!gaps.isEmpty())
        m_gapList->addWidget(
            plainLabel(QStringLiteral("gapsTitle"), TextRole::Heading, m_gaps, tr("Exceptions")));
    for (int i = 0; i < gaps.size(); ++i)
        m_gapList->addWidget(makeGap(i, gaps.at(i)));
    m_gaps->setVisible(!gaps.isEmpty());
}

QWidget* CoverageCard::makeGap(int place, const CoverageGap& gap) {
    const QString name = QStringLiteral("gap%1").arg(place);
    auto* box = new QFrame(m_gaps);
    box->setObjectName(name);
    box->setProperty("inset", true);
    auto* words = new QVBoxLayout;
    words->setSpacing(kSpace / 2);
    QLabel* title = plainLabel(name + QStringLiteral("Title"), TextRole::Heading, box, gap.title);
    title->setWordWrap(true);
    words->addWidget(title);
    QLabel* text = plainLabel(name + QStringLiteral("Text"), TextRole::Body, box, gap.text);
    makeSelectable(text);
    words->addWidget(text);
    text->setVisible(!gap.text.isEmpty());
    if (!gap.setting.isEmpty()) {
        auto* line = new QLineEdit(gap.setting, box);
        line->setObjectName(name + QStringLiteral("Setting"));
        line->setAccessibleName(tr("Line for the settings file"));
        line->setReadOnly(true);
        line->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        line->setCursorPosition(0);
        auto* copy = new QPushButton(tr("Copy"), box);
        copy->setObjectName(name + QStringLiteral("Copy"));
        copy->setAccessibleDescription(tr("Copies the line for the settings file"));
        connect(copy, &QPushButton::clicked, box,
                [setting = gap.setting] { QGuiApplication::clipboard()->setText(setting); });
        auto* row = new QHBoxLayout;
        row->setSpacing(kSpace);
        row->addWidget(line, 1);
        row->addWidget(copy);
        words->addLayout(row);
    }
    auto* layout = new QHBoxLayout(box);
    layout->setContentsMargins(kSpace * 1.5, kSpace, kSpace * 1.5, kSpace);
    layout->setSpacing(kSpace);
    layout->addWidget(new IconLabel(QStringLiteral("warning"), IconLabel::Tint::Warning, 20, box),
                      0, Qt::AlignTop);
    layout->addLayout(words, 1);
    return box;
}

} // namespace sotto::app
