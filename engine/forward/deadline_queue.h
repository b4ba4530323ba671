// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sotto::engine {

/// Many deadlines with one timer of the event loop. Resolver thread only.
class DeadlineQueue {
public:
    /// Something that has a deadline; its end takes it out of the queue.
    class Waiter {
    public:
        Waiter() = default;
        virtual ~Waiter() = default;
        Waiter(const Waiter&) = delete;
        Waiter& operator=(const Waiter&) = delete;
        /// The time has come; no deadline is set any more.
        virtual void deadlineReached(std::int64_t now) = 0;

    private:
        friend class DeadlineQueue;
        static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
        std::size_t m_place = kNowhere; ///< in the heap
    };

    explicit DeadlineQueue(asio::io_context& context)
        : m_timer(context) {}

    /// In place of the waiter's earlier deadline; monotonic microseconds.
    void set(Waiter& waiter, std::int64_t when);
    void clear(Waiter& waiter);

private:
    struct Entry {
        std::int64_t when = 0;
        Waiter* waiter = nullptr;
    };

    void put(std::size_t place, const Entry& entry);
    void siftUp(std::size_t place);
    void siftDown(std::size_t place);
    void arm();
    void fire();

    asio::steady_timer m_timer;
    std::int64_t m_armedFor = 0; ///< 0: it is not
    std::vector<Entry> m_heap;   ///< the earliest first
};

} // namespace sotto::engine
