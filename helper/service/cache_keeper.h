// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/result.h"
#include "service/state/cache_snapshot_file.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace sotto::service {

/// Keeps the cache over a restart, where the settings say so; where they do not, nothing of it is
/// left on disk. The file is written on stop and, while questions are answered, every interval; an
/// idle service has no timer. A damaged file is passed over and removed; a write that failed is a
/// notice until one succeeds.
///
/// Thread: main. Files are written on a thread of its own, as a disk may be slow; only stop() and
/// a switch off wait for it.
class CacheKeeper : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kInterval = std::chrono::minutes(15);

    /// The cache that is kept.
    struct Cache {
        std::function<std::vector<std::uint8_t>()> octets;
        std::function<engine::Result<std::size_t>(std::span<const std::uint8_t>)> take;
        /// How many questions were answered until now.
        std::function<std::uint64_t()> answered;
    };

    CacheKeeper(const QString& stateDirectory, Cache cache,
                std::chrono::milliseconds interval = kInterval, QObject* parent = nullptr);
    ~CacheKeeper() override;

    /// Puts the setting in force. The first time, when the cache is still empty, it is filled from
    /// the file. cacheBytes is the bound of the cache, which no honest file exceeds by far.
    void apply(bool wanted, std::size_t cacheBytes);
    /// Questions may have been answered since the last call.
    void noteActivity();
    /// Something was to be forgotten: nothing of it may stay on disk.
    void forget();
    /// Writes what has changed. Nothing is written afterwards.
    void stop();

    /// What the person should know; empty where all is well.
    const QString& notice() const { return m_notice; }

signals:
    void noticeChanged();

private:
    enum class State { New, On, Off, Stopped };

    void restore(std::size_t cacheBytes);
    void removeFile();
    void writeIfChanged();
    void write();
    void finishWrite(bool ok, const QString& why);
    void setNotice(const QString& notice);

    CacheSnapshotFile m_file;
    Cache m_cache;
    QTimer m_timer{this};
    QThreadPool m_writer;
    State m_state = State::New;
    bool m_changed = false; ///< since the last write, without a question
    bool m_writing = false;
    std::uint64_t m_answeredThen = 0; ///< at the last write
    QString m_notice;
};

} // namespace sotto::service
