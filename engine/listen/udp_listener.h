// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "listen/client_query.h"
#include "listen/query_responder.h"
#include "listen/udp_socket.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::engine {

/// One thread that serves one or more UDP sockets: drains each in batches, answers cache hits by
/// itself, hands misses over once a batch, and waits only when there is nothing to read. One file a
/// way of doing this: Linux takes and gives a batch in one call each, the portable one a datagram.
class UdpListener {
public:
    /// Starts the thread, which has no sockets yet. responder is used by it alone; misses outlives
    /// the listener. An error where the system gives no thread or no descriptor.
    static Result<std::unique_ptr<UdpListener>> start(std::unique_ptr<QueryResponder> responder,
                                                      MissSink& misses);
    /// Stops and joins.
    ~UdpListener();

    /// Serves these sockets from now on instead. Any thread.
    void setSockets(std::vector<std::shared_ptr<UdpSocket>> sockets);

    /// Wakes the thread; how often it has woken for that, or for other sockets. Any thread.
    void nudge() { wake(); }
    std::uint64_t wakes() const { return m_wakes.load(std::memory_order_relaxed); }

private:
    UdpListener(std::unique_ptr<QueryResponder> responder, MissSink& misses);

    struct Loop; ///< what the system waits with

    void run();
    void wake();
    void stop();

    std::unique_ptr<QueryResponder> m_responder;
    MissSink& m_misses;
    std::unique_ptr<Loop> m_loop;
    std::atomic<std::uint64_t> m_wakes = 0;
    std::mutex m_mutex;
    std::vector<std::shared_ptr<UdpSocket>> m_wanted; ///< under the mutex
    bool m_stopping = false;                          ///< under the mutex
    std::thread m_thread;                             ///< last: it uses all of the above
};

} // namespace sotto::engine
