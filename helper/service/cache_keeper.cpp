// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/cache_keeper.h"

#include "service/service_log.h"

namespace sotto::service {

namespace {

/// How many octets a file of a cache with this bound may have: some more than the cache itself.
qint64 largestFile(std::size_t cacheBytes) {
    constexpr qint64 kMebibyte = 1024 * 1024;
    return 2 * static_cast<qint64>(cacheBytes) + kMebibyte;
}

QByteArray viewOf(const std::vector<std::uint8_t>& octets) {
    return QByteArray::fromRawData(reinterpret_cast<const char*>(octets.data()),
                                   static_cast<qsizetype>(octets.size()));
}

} // namespace

CacheKeeper::CacheKeeper(const QString& stateDirectory, Cache cache,
                         std::chrono::milliseconds interval, QObject* parent)
    : QObject(parent)
    , m_file(stateDirectory)
    , m_cache(std::move(cache)) {
    m_writer.setMaxThreadCount(1);
    m_timer.setObjectName(QStringLiteral("cacheSnapshotTimer"));
    m_timer.setSingleShot(true);
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &CacheKeeper::writeIfChanged);
}

CacheKeeper::~CacheKeeper() {
    m_writer.waitForDone();
}

void CacheKeeper::apply(bool wanted, std::size_t cacheBytes) {
    if (m_state == State::Stopped)
        return;
    const State before = std::exchange(m_state, wanted ? State::On : State::Off);
    if (m_state == before)
        return;
    if (!wanted) {
        m_timer.stop();
        removeFile();
    } else if (before == State::New) {
        restore(cacheBytes);
    } else {
        m_changed = true;
        m_timer.start();
    }
}

void CacheKeeper::restore(std::size_t cacheBytes) {
    m_file.removeUnfinished();
    m_answeredThen = m_cache.answered();
    if (!m_file.exists())
        return;
    QByteArray octets;
    QString why;
    if (m_file.read(largestFile(cacheBytes), octets, why)) {
        const auto taken = m_cache.take({reinterpret_cast<const std::uint8_t*>(octets.constData()),
                                         static_cast<std::size_t>(octets.size())});
        if (taken) {
            logLine(QStringLiteral("cached answers kept from the last run: %1").arg(taken.value()));
            return;
        }
        why = QString::fromStdString(taken.error().detail);
    }
    logLine(QStringLiteral("%1 is not used: %2").arg(m_file.path(), why));
    m_changed = !m_file.remove(); // then it is written over as soon as that is possible
}

void CacheKeeper::removeFile() {
    m_writer.waitForDone();
    if (m_file.remove()) {
        setNotice({});
        return;
    }
    setNotice(QStringLiteral("%1 could not be removed. It may hold names that were looked up.")
                  .arg(m_file.path()));
}

void CacheKeeper::noteActivity() {
    if (m_state == State::On && !m_timer.isActive())
        m_timer.start();
}

void CacheKeeper::forget() {
    if (m_state != State::On)
        return;
    removeFile();
    m_changed = true;
    noteActivity();
}

void CacheKeeper::writeIfChanged() {
    if (!m_changed && m_cache.answered() == m_answeredThen)
        return; // the next question starts the timer again
    m_timer.start();
    if (!m_writing)
        write();
}

void CacheKeeper::write() {
    m_answeredThen = m_cache.answered();
    m_changed = false;
    m_writing = true;
    m_writer.start([this, octets = m_cache.octets()] {
        QString why;
        const bool ok = m_file.write(viewOf(octets), why);
        QMetaObject::invokeMethod(
            this, [this, ok, why] { finishWrite(ok, why); }, Qt::QueuedConnection);
    });
}

void CacheKeeper::finishWrite(bool ok, const QString& why) {
    m_writing = false;
    if (m_state != State::On)
        return;
    m_changed = m_changed || !ok;
    setNotice(
        ok ? QString()
           : QStringLiteral("The cache could not be kept on disk and is tried again: %1").arg(why));
}

void CacheKeeper::stop() {
    const State before = std::exchange(m_state, State::Stopped);
    m_timer.stop();
    m_writer.waitForDone();
    // How a write that has just ended went is not known yet.
    if (before != State::On || (!m_writing && !m_changed && m_cache.answered() == m_answeredThen))
        return;
    if (QString why; !m_file.write(viewOf(m_cache.octets()), why))
        logLine(QStringLiteral("%1: %2").arg(m_file.path(), why));
}

void CacheKeeper::setNotice(const QString& notice) {
    if (m_notice == notice)
        return;
    m_notice = notice;
    if (!notice.isEmpty())
        logLine(notice);
    emit noticeChanged();
}

} // namespace sotto::service
