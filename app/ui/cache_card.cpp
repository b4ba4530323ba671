// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cache_card.h"

#include "core/texts.h"
#include "ui/labels.h"
#include "ui/meters.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace sotto::app {

namespace {

const QString kUnknown = QStringLiteral("—");

/// An internationalised name as DNS knows it (RFC 5890 §2.3.2.1); every other one as it is, for
/// the service to judge.
QString asciiName(const QString& name) {
    const bool plain =
        std::all_of(name.begin(), name.end(), [](QChar letter) { return letter.unicode() < 0x80; });
    const QByteArray ascii = plain ? QByteArray() : QUrl::toAce(name);
    return ascii.isEmpty() ? name : QString::fromLatin1(ascii);
}

} // namespace

CacheCard::CacheCard(ServiceConnection& connection, QWidget* parent)
    : QFrame(parent)
    , m_connection(connection) {
    setObjectName(QStringLiteral("cacheCard"));
    setProperty("card", true);
    m_fill = new FillBar(this);
    m_fill->setObjectName(QStringLiteral("cacheFill"));
    m_fill->setAccessibleName(tr("How full the cache is"));
    m_fillText = plainLabel(QStringLiteral("cacheFillText"), TextRole::Muted, this, kUnknown);
    m_fillText->setAccessibleDescription(tr("How full the cache is"));
    QLabel* pushedOut = plainLabel(QStringLiteral("cacheEvictionsTitle"), TextRole::Muted, this,
                                   tr("Pushed out of memory"));
    pushedOut->setWordWrap(false);
    pushedOut->setToolTip(tr("Forgotten early because the cache was full"));
    m_evictions = plainLabel(QStringLiteral("cacheEvictionsCount"), TextRole::Body, this, kUnknown);
    m_evictions->setWordWrap(false);
    m_evictions->setAccessibleDescription(tr("Pushed out of memory"));

    auto* figures = new QHBoxLayout;
    figures->setSpacing(kSpace);
    figures->addWidget(m_fillText, 1);
    figures->addWidget(pushedOut);
    figures->addWidget(m_evictions);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kSpace * 2, kSpace * 2, kSpace * 2, kSpace * 2);
    layout->setSpacing(kSpace);
    layout->addWidget(plainLabel(QStringLiteral("cacheTitle"), TextRole::Heading, this,
                                 tr("Memory of answers (cache)")));
    layout->addWidget(m_fill);
    layout->addLayout(figures);
    layout->addSpacing(kSpace / 2);
    layout->addWidget(makeForms());
    connect(&connection, &ServiceConnection::flushed, this, &CacheCard::tell);
}

QWidget* CacheCard::makeForms() {
    auto* box = new QWidget(this);
    m_name = new QLineEdit(box);
    m_name->setObjectName(QStringLiteral("flushName"));
    m_name->setPlaceholderText(tr("Forget one name, e.g. example.com"));
    m_name->setAccessibleName(tr("Name to forget"));
    m_name->setMaxLength(1024);
    m_name->setClearButtonEnabled(true);
    m_subtree = new QCheckBox(tr("and all names below it"), box);
    m_subtree->setObjectName(QStringLiteral("flushSubtree"));
    m_subtree->setAccessibleDescription(
        tr("Forgets the cached answers for all names below this one too"));
    m_flushName = new QPushButton(tr("Forget"), box);
    m_flushName->setObjectName(QStringLiteral("flushNameButton"));
    m_flushName->setAccessibleDescription(tr("Forgets the cached answers for this name"));
    m_flushAll = new QPushButton(tr("Forget all cached answers"), box);
    m_flushAll->setObjectName(QStringLiteral("flushAllButton"));
    m_flushAll->setAccessibleDescription(
        tr("The next question for each name goes to a provider again"));
    connect(m_name, &QLineEdit::textChanged, this, &CacheCard::enableForget);
    connect(m_name, &QLineEdit::returnPressed, m_flushName, &QPushButton::click);
    connect(m_flushName, &QPushButton::clicked, this, &CacheCard::forget);
    connect(m_flushAll, &QPushButton::clicked, this, [this] { m_connection.flush(std::nullopt); });

    auto* layout = new QGridLayout(box);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kSpace);
    layout->addWidget(m_name, 0, 0);
    layout->addWidget(m_flushName, 0, 1);
    layout->setColumnMinimumWidth(2, kSpace);
    layout->addWidget(m_flushAll, 0, 3);
    layout->addWidget(m_subtree, 1, 0, 1, 4);
    layout->setColumnStretch(0, 1);
    QWidget::setTabOrder(m_name, m_subtree);
    QWidget::setTabOrder(m_subtree, m_flushName);
    return box;
}

void CacheCard::enableForget() {
    m_flushName->setEnabled(m_connection.mayToggle() && !m_name->text().trimmed().isEmpty());
}

void CacheCard::forget() {
    const QString name = m_name->text().trimmed();
    if (!name.isEmpty())
        m_connection.flush(asciiName(name), m_subtree->isChecked());
}

void CacheCard::tell(const QString& name, bool subtree, qint64 removed) {
    const int count = static_cast<int>(removed);
    if (name.isEmpty())
        emit done(tr("Forgot %n cached answer(s).", nullptr, count));
    else if (removed == 0)
        emit done(subtree ? tr("No answer for %1 or a name below it was kept.").arg(name)
                          : tr("No answer for %1 was kept.").arg(name));
    else if (subtree)
        emit done(
            tr("Forgot %n cached answer(s) for %1 and names below it.", nullptr, count).arg(name));
    else
        emit done(tr("Forgot %n cached answer(s) for %1.", nullptr, count).arg(name));
}

void CacheCard::take(const protocol::Statistics& s) {
    m_evictions->setText(countText(s.cacheEvictions));
    m_fill->setShare(s.cacheCapacityBytes > 0 ? static_cast<double>(s.cacheBytes) /
                                                    static_cast<double>(s.cacheCapacityBytes)
                                              : 0);
    m_fillText->setText(tr("%n answer(s) kept, %1 of %2", nullptr, static_cast<int>(s.cacheEntries))
                            .arg(bytesText(s.cacheBytes), bytesText(s.cacheCapacityBytes)));
}

void CacheCard::reset() {
    m_evictions->setText(kUnknown);
    m_fill->setShare(0);
    m_fillText->setText(kUnknown);
    const bool may = m_connection.mayToggle();
    const QString reason =
        m_connection.isReady() && !may ? tr("This account may not change Sotto.") : QString();
    for (QWidget* control : QList<QWidget*>{m_name, m_subtree, m_flushAll})
        control->setEnabled(may);
    enableForget();
    for (QWidget* control : QList<QWidget*>{m_name, m_subtree, m_flushAll, m_flushName})
        control->setToolTip(reason);
}

} // namespace sotto::app
