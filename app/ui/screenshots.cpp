// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screenshots.h"

#include "core/command_line.h"
#include "core/service_connection.h"
#include "ui/main_window.h"
#include "ui/page.h"
#include "ui/theme.h"

#include <QDir>
#include <QPixmap>
#include <QTableView>

#include <cstdio>

namespace sotto::app {

namespace {

constexpr int kTickMillis = 100;
constexpr qint64 kServiceMillis = 10'000;
constexpr qint64 kPageMillis = 10'000;
constexpr qint64 kPaintMillis = 300; ///< for what follows from a new size or theme
constexpr QSize kLarge{1200, 760};
constexpr QSize kSmall{800, 560};

} // namespace

Screenshots::Screenshots(MainWindow& window, ServiceConnection& connection, const QString& folder,
                         QObject* parent)
    : QObject(parent)
    , m_window(window)
    , m_connection(connection)
    , m_folder(folder) {
    for (const QSize size : {kLarge, kSmall}) {
        for (const ThemeChoice theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            for (const QString& page : CommandLine::pageNames()) {
                m_shots.append({page, theme, size,
                                QStringLiteral("%1-%2%3.png")
                                    .arg(page, themeChoiceText(theme),
                                         size == kSmall ? QStringLiteral("-small") : QString())});
            }
        }
    }
    connect(&m_tick, &QTimer::timeout, this, &Screenshots::step);
}

void Screenshots::start() {
    if (!QDir().mkpath(m_folder)) {
        fail(tr("The folder %1 cannot be made.").arg(m_folder));
        return;
    }
    m_since.start();
    m_tick.start(kTickMillis);
}

void Screenshots::step() {
    if (!m_connection.isReady()) {
        if (m_begun || m_since.elapsed() > kServiceMillis)
            fail(tr("The Sotto service does not answer at %1. %2")
                     .arg(m_connection.socketPath(), m_connection.failure()));
        return;
    }
    const Shot& shot = m_shots.at(m_next);
    if (!m_begun) {
        begin(shot);
        return;
    }
    if (m_since.elapsed() < kPaintMillis)
        return;
    if (!m_window.currentPage()->isSettled()) {
        if (m_since.elapsed() > kPageMillis)
            fail(tr("The page %1 did not come.").arg(shot.page));
        return;
    }
    if (selectNewestQuery())
        return; // the page needs a moment to make room for what it says of the query
    if (!take(shot)) {
        fail(tr("%1 cannot be written.").arg(QDir(m_folder).filePath(shot.file)));
        return;
    }
    m_begun = false;
    if (++m_next == m_shots.size()) {
        m_tick.stop();
        emit finished(true);
    }
}

void Screenshots::begin(const Shot& shot) {
    Theme::instance().setChoice(shot.theme);
    m_window.resize(shot.size);
    m_window.showPage(shot.page);
    m_window.show();
    m_since.restart();
    m_begun = true;
}

bool Screenshots::selectNewestQuery() {
    auto* table = m_window.currentPage()->findChild<QTableView*>(QStringLiteral("logTable"));
    if (!table || table->model()->rowCount() == 0 || table->selectionModel()->hasSelection())
        return false;
    table->selectRow(table->model()->rowCount() - 1);
    m_since.restart();
    return true;
}

bool Screenshots::take(const Shot& shot) {
    const QString path = QDir(m_folder).absoluteFilePath(shot.file);
    if (!m_window.grab().save(path))
        return false;
    std::printf("%s\n", qUtf8Printable(path));
    std::fflush(stdout);
    return true;
}

void Screenshots::fail(const QString& reason) {
    m_tick.stop();
    std::fprintf(stderr, "sotto: %s\n", qUtf8Printable(reason));
    emit finished(false);
}

} // namespace sotto::app
