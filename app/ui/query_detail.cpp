// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/query_detail.h"

#include "core/texts.h"
#include "ui/fitted_scroll.h"
#include "ui/labels.h"
#include "ui/theme.h"

#include <QClipboard>
#include <QDateTime>
#include <QEvent>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QScrollBar>
#include <QVBoxLayout>

namespace sotto::app {

namespace {

QString factsText(const protocol::LogEntry& entry) {
    QStringList facts{
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(entry.time), QLocale::ShortFormat),
        entry.rcode, QueryDetail::tr("%n record(s)", nullptr, entry.answers),
        QueryDetail::tr("%n octet(s)", nullptr, entry.size), durationText(entry.durationMillis)};
    if (!entry.client.isEmpty())
        facts.append(
            QueryDetail::tr("asked by %1 over %2").arg(entry.client, entry.transport.toUpper()));
    else
        facts.append(QueryDetail::tr("asked through Sotto itself"));
    return facts.join(QStringLiteral(" · "));
}

} // namespace

QueryDetail::QueryDetail(QWidget* parent)
    : QFrame(parent)
    , m_name(plainLabel(QStringLiteral("logDetailName"), TextRole::Heading, this))
    , m_copy(new QPushButton(tr("Copy details"), this))
    , m_scroll(new FittedScroll(this)) {
    setObjectName(QStringLiteral("logDetail"));
    setProperty("card", true);
    m_name->setWordWrap(true);
    m_copy->setObjectName(QStringLiteral("copyDetailsButton"));
    m_copy->setAccessibleDescription(tr("Copies why this query was answered so, with every step"));
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(asText()); });

    m_scroll->setObjectName(QStringLiteral("logDetailScroll"));
    m_scroll->setAccessibleName(tr("Why this answer"));
    auto* content = new QWidget(m_scroll);
    m_why = plainLabel(QStringLiteral("logDetailWhy"), TextRole::Body, content);
    m_steps = new QWidget(content);
    m_steps->setObjectName(QStringLiteral("logDetailSteps"));
    m_grid = new QGridLayout(m_steps);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(kSpace * 2);
    m_grid->setVerticalSpacing(2);
    m_grid->setColumnStretch(1, 1);
    m_facts = plainLabel(QStringLiteral("logDetailFacts"), TextRole::Muted, content);
    for (QLabel* label : {m_name, m_why, m_facts})
        makeSelectable(label);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kSpace / 2);
    column->addWidget(m_why);
    column->addWidget(m_steps);
    column->addWidget(m_facts);
    column->addStretch(1);
    m_scroll->setWidget(content);

    auto* head = new QHBoxLayout;
    head->setSpacing(kSpace);
    head->addWidget(m_name, 1);
    head->addWidget(m_copy, 0, Qt::AlignTop);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace * 2, kSpace * 1.5, kSpace * 2, kSpace * 1.5);
    layout->setSpacing(kSpace / 2);
    layout->addLayout(head);
    layout->addWidget(m_scroll);
    // Not on PaletteChange: while that goes round, Qt holds the widgets that would be replaced.
    connect(&Theme::instance(), &Theme::changed, this, &QueryDetail::showSteps);
}

void QueryDetail::show(const protocol::LogEntry& entry) {
    m_name->setText(QStringLiteral("%1  %2").arg(entry.name, entry.type));
    m_why->setText(answerExplanation(entry));
    m_facts->setText(factsText(entry));
    m_shownSteps = answerSteps(entry);
    showSteps();
    m_copy->show();
    m_scroll->show();
    m_scroll->verticalScrollBar()->setValue(0);
    m_scroll->fit();
}

void QueryDetail::showNothing(const QString& text) {
    m_name->setText(text);
    m_copy->hide();
    m_scroll->hide();
}

void QueryDetail::showSteps() {
    while (QLayoutItem* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (int row = 0; row < m_shownSteps.size(); ++row) {
        const AnswerStep& step = m_shownSteps.at(row);
        const QString name = QStringLiteral("logStep%1").arg(row);
        QLabel* at = plainLabel(name + QStringLiteral("At"), TextRole::Muted, m_steps,
                                stepTimeText(step.atMillis));
        QLabel* text = plainLabel(name, TextRole::Body, m_steps, step.text);
        QLabel* took = plainLabel(name + QStringLiteral("Took"), TextRole::Muted, m_steps,
                                  step.tookMillis ? durationText(*step.tookMillis) : QString());
        if (step.failed) {
            QPalette palette = text->palette();
            palette.setColor(QPalette::WindowText, Theme::colors().bad);
            text->setPalette(palette);
        }
        for (QLabel* figure : {at, took}) {
            figure->setWordWrap(false);
            figure->setAlignment(Qt::AlignTrailing | Qt::AlignTop);
        }
        makeSelectable(text);
        m_grid->addWidget(at, row, 0);
        m_grid->addWidget(text, row, 1);
        m_grid->addWidget(took, row, 2);
    }
    m_steps->setVisible(!m_shownSteps.isEmpty());
}

void QueryDetail::setTallest(int height) {
    m_scroll->setTallest(height);
}

QString QueryDetail::asText() const {
    QStringList parts{m_name->text(), m_why->text(), answerStepsText(m_shownSteps),
                      m_facts->text()};
    parts.removeAll(QString());
    return parts.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace sotto::app
