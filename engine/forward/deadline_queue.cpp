// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/deadline_queue.h"

#include "observe/clocks.h"

#include <algorithm>
#include <chrono>

namespace sotto::engine {

void DeadlineQueue::put(std::size_t place, const Entry& entry) {
    m_heap[place] = entry;
    entry.waiter->m_place = place;
}

void DeadlineQueue::siftUp(std::size_t place) {
    const Entry moving = m_heap[place];
    while (place > 0 && moving.when < m_heap[(place - 1) / 2].when) {
        put(place, m_heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(place, moving);
}

void DeadlineQueue::siftDown(std::size_t place) {
    const Entry moving = m_heap[place];
    for (std::size_t child = 2 * place + 1; child < m_heap.size(); child = 2 * place + 1) {
        if (child + 1 < m_heap.size() && m_heap[child + 1].when < m_heap[child].when)
            ++child;
        if (m_heap[child].when >= moving.when)
            break;
        put(place, m_heap[child]);
        place = child;
    }
    put(place, moving);
}

void DeadlineQueue::set(Waiter& waiter, std::int64_t when) {
    if (waiter.m_place == Waiter::kNowhere) {
        waiter.m_place = m_heap.size();
        m_heap.push_back({when, &waiter});
    } else {
        m_heap[waiter.m_place].when = when;
        siftDown(waiter.m_place);
    }
    siftUp(waiter.m_place);
    arm();
}

void DeadlineQueue::clear(Waiter& waiter) {
    const std::size_t place = std::exchange(waiter.m_place, Waiter::kNowhere);
    if (place == Waiter::kNowhere)
        return;
    const Entry last = m_heap.back();
    m_heap.pop_back();
    if (last.waiter == &waiter)
        return;
    put(place, last);
    siftDown(place);
    siftUp(last.waiter->m_place);
}

/// The timer may ring too early, for somebody who is gone, but never too late.
void DeadlineQueue::arm() {
    if (m_heap.empty() || (m_armedFor != 0 && m_armedFor <= m_heap.front().when))
        return;
    m_armedFor = m_heap.front().when;
    m_timer.expires_after(
        std::chrono::microseconds(std::max<std::int64_t>(0, m_armedFor - monotonicMicros())));
    m_timer.async_wait([this](const asio::error_code& cancelled) {
        if (!cancelled)
            fire();
    });
}

void DeadlineQueue::fire() {
    m_armedFor = 0;
    const std::int64_t now = monotonicMicros();
    while (!m_heap.empty() && m_heap.front().when <= now) {
        Waiter& waiter = *m_heap.front().waiter;
        clear(waiter);
        waiter.deadlineReached(now);
    }
    arm();
}

} // namespace sotto::engine
