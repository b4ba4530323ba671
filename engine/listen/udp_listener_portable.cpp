// SPDX-License-Identifier: GPL-3.0-or-later
#include "listen/udp_listener.h"

#include "listen/udp_socket_portable.h"

#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <array>
#include <system_error>

namespace sotto::engine {

/// The thread's event loop, with its own view of each socket.
struct UdpListener::Loop {
    static constexpr std::size_t kQueryRoom = 2048; // a longer datagram is no query
    static constexpr int kDatagramsInTurn = 256;    // then the next socket

    struct Watched {
        Watched(Loop& loop, std::shared_ptr<UdpSocket> udpSocket)
            : socket(std::move(udpSocket))
            , watcher(loop.context) {
            asio::error_code error;
            watcher.assign(socket->system().protocol, socket->system().handle, error);
            if (!error)
                watcher.non_blocking(true, error);
        }
        /// Ends the wait; the handle is the socket's own to close.
        void leave() {
            asio::error_code ignored;
            if (watcher.is_open())
                watcher.release(ignored);
        }
        std::shared_ptr<UdpSocket> socket;
        asio::ip::udp::socket watcher;
    };

    explicit Loop(UdpListener& owner)
        : responder(*owner.m_responder)
        , misses(owner.m_misses)
        , work(context.get_executor()) {}

    void watch(const std::vector<std::shared_ptr<UdpSocket>>& sockets) {
        for (const auto& one : watched) {
            if (std::ranges::find(sockets, one->socket) == sockets.end())
                serve(*one); // what lies in a socket that is left is answered still
            one->leave();
        }
        watched.clear();
        for (const auto& socket : sockets) {
            watched.push_back(std::make_shared<Watched>(*this, socket));
            wait(watched.back());
        }
    }

    void wait(const std::shared_ptr<Watched>& one) {
        one->watcher.async_wait(asio::ip::udp::socket::wait_read,
                                [this, one](const asio::error_code& error) {
                                    if (error || !one->watcher.is_open())
                                        return;
                                    serve(*one);
                                    wait(one);
                                });
    }

    void serve(Watched& one) {
        responder.beginBatch();
        std::uint64_t hits = 0;
        for (int i = 0; i < kDatagramsInTurn; ++i) {
            asio::ip::udp::endpoint from;
            asio::error_code error;
            const std::size_t octets =
                one.watcher.receive_from(asio::buffer(query), from, 0, error);
            if (error == asio::error::would_block || error == asio::error::try_again)
                break;
            if (error == asio::error::message_size || (!error && octets == query.size()))
                responder.counters().malformed.add();
            else if (!error)
                hits += answer(one, from, Bytes(query).first(octets)) ? 1 : 0;
        }
        if (!missed.empty())
            misses.take(missed);
        responder.endBatch(hits, responder.microsInBatch());
    }

    bool answer(Watched& one, const asio::ip::udp::endpoint& from, Bytes message) {
        UdpPeer peer;
        keepPeer(from, peer);
        ClientRequest request;
        const auto response = responder.respond(message, Transport::Udp, request, reply);
        if (response.outcome == QueryResponder::Outcome::Drop)
            return false;
        if (response.outcome == QueryResponder::Outcome::Miss) {
            ClientQuery& miss =
                missed.emplace_back(responder.missOf(message, request, response, Transport::Udp));
            miss.client = peer.endpoint();
            miss.replyTo = UdpReturn{one.socket, peer};
            return false;
        }
        if (response.refresh)
            missed.push_back(responder.refreshOf(message, request));
        const Bytes answered = Bytes(reply).first(response.size);
        one.socket->send(answered, peer);
        if (responder.recordsQueries())
            responder.record(message, request, response, answered, Transport::Udp, peer.endpoint(),
                             responder.microsInBatch());
        return response.source != AnswerSource::Local;
    }

    QueryResponder& responder;
    MissSink& misses;
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work;
    std::vector<std::shared_ptr<Watched>> watched;
    std::array<std::uint8_t, kQueryRoom> query;
    std::array<std::uint8_t, QueryResponder::kUdpReplyRoom> reply;
    std::vector<ClientQuery> missed;
};

UdpListener::UdpListener(std::unique_ptr<QueryResponder> responder, MissSink& misses)
    : m_responder(std::move(responder))
    , m_misses(misses)
    , m_loop(std::make_unique<Loop>(*this)) {}

Result<std::unique_ptr<UdpListener>> UdpListener::start(std::unique_ptr<QueryResponder> responder,
                                                        MissSink& misses) {
    try {
        std::unique_ptr<UdpListener> listener(new UdpListener(std::move(responder), misses));
        listener->m_thread = std::thread([self = listener.get()] { self->run(); });
        return listener;
    } catch (const std::system_error& error) {
        return Error{ErrorCode::SystemFailure, "no thread for a worker", error.what()};
    }
}

UdpListener::~UdpListener() {
    stop();
}

void UdpListener::wake() {
    asio::post(m_loop->context, [this] {
        m_wakes.fetch_add(1, std::memory_order_relaxed);
        std::vector<std::shared_ptr<UdpSocket>> sockets;
        {
            const std::lock_guard lock(m_mutex);
            if (!m_stopping)
                sockets = m_wanted;
            else
                m_loop->work.reset(); // run() ends once nothing is waited for
        }
        m_loop->watch(sockets);
    });
}

void UdpListener::run() {
    m_loop->context.run();
}

} // namespace sotto::engine
