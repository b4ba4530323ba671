// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

namespace sotto::engine {

/// An immutable value that one thread replaces and others read. Each reading thread holds its own
/// reference and looks at one relaxed number to see whether there is a newer one.
template <class T>
class Snapshot {
public:
    explicit Snapshot(T value)
        : m_value(std::make_shared<const T>(std::move(value))) {}

    void publish(T value) {
        auto fresh = std::make_shared<const T>(std::move(value));
        const std::lock_guard lock(m_mutex);
        m_value = std::move(fresh);
        m_generation.fetch_add(1, std::memory_order_release);
    }

    /// One thread's view of the snapshot.
    class Reader {
    public:
        explicit Reader(const Snapshot& source)
            : m_source(source) {
            refresh();
        }
        /// Call between batches; what get() gave before is gone afterwards.
        void refresh() {
            const auto generation = m_source.m_generation.load(std::memory_order_acquire);
            if (m_value && generation == m_seen)
                return;
            const std::lock_guard lock(m_source.m_mutex);
            m_value = m_source.m_value;
            m_seen = m_source.m_generation.load(std::memory_order_relaxed);
        }
        const T& get() const { return *m_value; }

    private:
        const Snapshot& m_source;
        std::shared_ptr<const T> m_value;
        std::uint64_t m_seen = 0;
    };

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const T> m_value;
    std::atomic<std::uint64_t> m_generation{0};
};

} // namespace sotto::engine
