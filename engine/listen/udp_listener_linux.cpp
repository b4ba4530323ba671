// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_listener.h"

#include "listen/udp_batch_linux.h"
#include "listen/udp_socket_linux.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace sotto::engine {

namespace {

/// Serves what waits at a socket, as much as its turn allows. True where there may be more.
bool serveTurn(UdpBatch& batch, const std::shared_ptr<UdpSocket>& socket) {
    constexpr int kBatchesInTurn = 16; // then the next socket
    int turns = kBatchesInTurn;
    while (turns > 0 && batch.serve(socket))
        --turns;
    return turns == 0;
}

} // namespace

/// The descriptor by which other threads end the wait.
struct UdpListener::Loop {
    Loop()
        : descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~Loop() {
        if (descriptor >= 0)
            ::close(descriptor);
    }
    int descriptor;
};

UdpListener::UdpListener(std::unique_ptr<QueryResponder> responder, MissSink& misses)
    : m_responder(std::move(responder))
    , m_misses(misses)
    , m_loop(std::make_unique<Loop>()) {}

Result<std::unique_ptr<UdpListener>> UdpListener::start(std::unique_ptr<QueryResponder> responder,
                                                        MissSink& misses) {
    std::unique_ptr<UdpListener> listener(new UdpListener(std::move(responder), misses));
    if (listener->m_loop->descriptor < 0)
        return Error{ErrorCode::SystemFailure, "no event descriptor", std::strerror(errno)};
    try {
        listener->m_thread = std::thread([self = listener.get()] { self->run(); });
    } catch (const std::system_error& error) {
        return Error{ErrorCode::SystemFailure, "no thread for a worker", error.what()};
    }
    return listener;
}

UdpListener::~UdpListener() {
    stop();
}

void UdpListener::wake() {
    const std::uint64_t one = 1;
    (void)!::write(m_loop->descriptor, &one, sizeof one);
}

void UdpListener::run() {
    const auto batch = std::make_unique<UdpBatch>(*m_responder, m_misses);
    std::vector<std::shared_ptr<UdpSocket>> sockets;
    std::vector<pollfd> polled(1, {m_loop->descriptor, POLLIN, POLLIN});
    for (;;) {
        if (polled[0].revents) {
            std::uint64_t drained;
            (void)!::read(m_loop->descriptor, &drained, sizeof drained);
            m_wakes.fetch_add(1, std::memory_order_relaxed);
            std::vector<std::shared_ptr<UdpSocket>> wanted;
            {
                const std::lock_guard lock(m_mutex);
                if (m_stopping)
                    return;
                wanted = m_wanted;
            }
            for (const auto& socket : sockets) {
                if (std::ranges::find(wanted, socket) == wanted.end())
                    serveTurn(*batch, socket); // what lies in a socket that is left
            }
            sockets = std::move(wanted);
            batch->forgetSocket();
            polled.resize(1);
            for (const auto& socket : sockets)
                polled.push_back({socket->system().descriptor, POLLIN, 0});
        }
        bool more = false;
        for (std::size_t i = 0; i < sockets.size(); ++i) {
            if (polled[i + 1].revents)
                more |= serveTurn(*batch, sockets[i]);
        }
        // A socket that was drained without filling a batch is looked at by the same call.
        const timespec now{0, 0};
        ::ppoll(polled.data(), polled.size(), more ? &now : nullptr, nullptr);
    }
}

} // namespace sotto::engine
