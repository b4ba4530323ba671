// SPDX-License-Identifier: GPL-3.0-or-later
#include "client_load.h"

#include "soak_names.h"
#include "support/dns_client.h"

#include <asio/buffer.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <thread>
#include <vector>

namespace sotto::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{5};
constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kUdpClients = 8;
constexpr std::size_t kTcpClients = 4;

struct Asked {
    unsigned number = 0;
    Clock::time_point at;
};

/// The questions of one client that wait for their answers, by ID.
class Pending {
public:
    explicit Pending(ClientLoad::Report& report)
        : m_report(report) {}

    /// A query for the number, or nothing where the ID is taken.
    Bytes ask(unsigned number, std::uint16_t id) {
        if (m_asked.contains(id))
            return {};
        m_asked[id] = {number, Clock::now()};
        ++m_report.asked;
        QueryOptions options;
        options.id = id;
        return makeQuery(soak_names::name(number), rr::kA, options).toWire();
    }

    void take(std::span<const std::uint8_t> octets) {
        std::string why;
        const auto message = Message::parse(octets, &why);
        if (!message)
            return wrong("unreadable: " + why);
        const auto found = m_asked.find(message->id);
        if (found == m_asked.end())
            return wrong("nobody asked for it, or twice answered");
        const Asked asked = found->second;
        m_asked.erase(found);
        const auto took =
            std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked.at);
        m_report.slowestMicros =
            std::max(m_report.slowestMicros, static_cast<std::uint64_t>(took.count()));
        if (took > kPatience)
            ++m_report.lost;
        else
            judge(*message, asked.number);
    }

    /// Counts those that were waited for long enough; all of them with all set.
    void giveUp(bool all = false) {
        const auto now = Clock::now();
        std::erase_if(m_asked, [&](const auto& each) {
            const bool isLost = all || now - each.second.at > kPatience + kPatience / 5;
            m_report.lost += isLost ? 1 : 0;
            return isLost;
        });
    }
    /// What a client does whose connection ended: the rest is asked on another one.
    std::vector<unsigned> takeAll() {
        std::vector<unsigned> numbers;
        for (const auto& [id, asked] : m_asked)
            numbers.push_back(asked.number);
        m_report.asked -= numbers.size();
        m_asked.clear();
        return numbers;
    }
    bool isEmpty() const { return m_asked.empty(); }

private:
    void wrong(const std::string& what) {
        if (m_report.wrong++ == 0)
            m_report.firstWrong = what;
    }

    void judge(const Message& message, unsigned number) {
        const auto name = Name::fromText(soak_names::name(number));
        if (message.questions.size() != 1 || !message.questions[0].name.sameAs(*name))
            return wrong("another question than " + name->toText());
        if (message.rcode == rcode::kServFail || message.rcode == rcode::kRefused) {
            ++m_report.failed;
            return;
        }
        const Bytes* address = message.answer(rr::kA);
        const bool isRight = message.truncated || (address && message.answers.size() >= 1 &&
                                                   *address == soak_names::address(number));
        if (message.rcode != rcode::kNoError || !isRight)
            return wrong("rcode " + std::to_string(message.rcode) + " or a wrong address for " +
                         name->toText());
        ++m_report.answered;
    }

    ClientLoad::Report& m_report;
    std::map<std::uint16_t, Asked> m_asked;
};

class UdpAsker {
public:
    UdpAsker(asio::io_context& io, std::uint16_t port, ClientLoad::Report& report)
        : m_socket(io)
        , m_pending(report) {
        m_socket.connect({asio::ip::address_v4::loopback(), port});
        receive();
    }

    void ask(unsigned number, std::uint16_t id) {
        const Bytes query = m_pending.ask(number, id);
        asio::error_code ignored; // then it is lost, and counted so
        if (!query.empty())
            m_socket.send(asio::buffer(query), 0, ignored);
    }
    Pending& pending() { return m_pending; }

private:
    void receive() {
        m_socket.async_receive(asio::buffer(m_buffer),
                               [this](asio::error_code error, std::size_t size) {
                                   if (error == asio::error::operation_aborted)
                                       return;
                                   if (!error)
                                       m_pending.take(std::span(m_buffer).first(size));
                                   receive();
                               });
    }

    asio::ip::udp::socket m_socket;
    Pending m_pending;
    std::array<std::uint8_t, 65536> m_buffer{};
};

/// Connects again whenever the engine ended the connection.
class TcpAsker {
public:
    TcpAsker(asio::io_context& io, std::uint16_t port, ClientLoad::Report& report)
        : m_socket(io)
        , m_server(asio::ip::address_v4::loopback(), port)
        , m_pending(report) {
        connect();
    }

    void ask(unsigned number, std::uint16_t id) {
        const Bytes query = m_pending.ask(number, id);
        if (query.empty())
            return;
        m_outgoing.push_back(framed(query));
        if (m_outgoing.size() == 1)
            write();
    }
    Pending& pending() { return m_pending; }

private:
    void connect() {
        asio::error_code error;
        m_socket.close(error);
        m_socket.connect(m_server, error);
        m_outgoing.clear();
        std::uint16_t id = 0;
        for (const unsigned number : m_pending.takeAll())
            ask(number, ++id);
        read();
    }

    void write() {
        asio::async_write(m_socket, asio::buffer(m_outgoing.front()),
                          [this, generation = m_generation](asio::error_code error, std::size_t) {
                              if (error || generation != m_generation)
                                  return; // reading connects again
                              m_outgoing.pop_front();
                              if (!m_outgoing.empty())
                                  write();
                          });
    }

    void read() {
        asio::async_read(m_socket, asio::buffer(m_length),
                         [this](asio::error_code error, std::size_t) {
                             if (error)
                                 return ended(error);
                             m_message.resize(std::size_t{m_length[0]} << 8 | m_length[1]);
                             readMessage();
                         });
    }

    void readMessage() {
        asio::async_read(m_socket, asio::buffer(m_message),
                         [this](asio::error_code error, std::size_t) {
                             if (error)
                                 return ended(error);
                             m_pending.take(m_message);
                             read();
                         });
    }

    void ended(const asio::error_code& error) {
        if (error == asio::error::operation_aborted)
            return;
        ++m_generation;
        connect();
    }

    asio::ip::tcp::socket m_socket;
    asio::ip::tcp::endpoint m_server;
    Pending m_pending;
    std::array<std::uint8_t, 2> m_length{};
    Bytes m_message;
    std::deque<Bytes> m_outgoing;
    unsigned m_generation = 0;
};

} // namespace

class ClientLoad::Clients {
public:
    Clients(std::uint16_t port, std::uint32_t seed, unsigned perSecond)
        : m_random(seed)
        , m_perTick(double(perSecond) * std::chrono::duration<double>(kTick).count()) {
        for (std::size_t i = 0; i < kUdpClients; ++i)
            m_udp.push_back(std::make_unique<UdpAsker>(m_io, port, m_report));
        for (std::size_t i = 0; i < kTcpClients; ++i)
            m_tcp.push_back(std::make_unique<TcpAsker>(m_io, port, m_report));
        tick();
        m_thread = std::thread([this] { m_io.run(); });
    }

    Report finish() {
        if (m_thread.joinable()) {
            asio::post(m_io, [this] { m_finishing = true; });
            m_thread.join();
        }
        return m_report;
    }

private:
    void tick() {
        bool isDone = true;
        const auto look = [&](auto& askers) {
            for (const auto& each : askers) {
                each->pending().giveUp();
                isDone &= each->pending().isEmpty();
            }
        };
        look(m_udp);
        look(m_tcp);
        if (m_finishing && isDone)
            return m_io.stop();
        for (m_due += m_finishing ? 0 : m_perTick; m_due >= 1; --m_due)
            askOne();
        m_timer.expires_after(kTick);
        m_timer.async_wait([this](asio::error_code) { tick(); });
    }

    void askOne() {
        const unsigned number = m_random() % soak_names::kCount;
        const auto id = static_cast<std::uint16_t>(m_random());
        if (m_random() % 4 == 0)
            m_tcp[m_random() % kTcpClients]->ask(number, id);
        else
            m_udp[m_random() % kUdpClients]->ask(number, id);
    }

    Report m_report;
    asio::io_context m_io{1};
    asio::steady_timer m_timer{m_io};
    std::vector<std::unique_ptr<UdpAsker>> m_udp;
    std::vector<std::unique_ptr<TcpAsker>> m_tcp;
    std::mt19937 m_random;
    double m_perTick;
    double m_due = 0;
    bool m_finishing = false;
    std::thread m_thread;
};

ClientLoad::ClientLoad(std::uint16_t port, std::uint32_t seed, unsigned perSecond)
    : m_clients(std::make_unique<Clients>(port, seed, perSecond)) {}

ClientLoad::~ClientLoad() {
    m_clients->finish();
}

ClientLoad::Report ClientLoad::finish() {
    return m_clients->finish();
}

} // namespace sotto::test
