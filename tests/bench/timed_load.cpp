// SPDX-License-Identifier: GPL-3.0-or-later
#include "timed_load.h"

#include "loopback_socket.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <ctime>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

namespace sotto::bench {

namespace {

using std::chrono::nanoseconds;

nanoseconds toNanos(const timespec& time) {
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

/// By the clock of the kernel's time stamps.
nanoseconds wallClock() {
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    return toNanos(time);
}

class TimedRun {
public:
    TimedRun(std::uint16_t port, const std::vector<Datagram>& queries, const TimedLoad& load)
        : m_socket(port)
        , m_queries(queries)
        , m_load(load)
        , m_fates(queries.size()) {
        constexpr int kOn = 1;
        ::setsockopt(m_socket.descriptor(), SOL_SOCKET, SO_TIMESTAMPNS, &kOn, sizeof kOn);
        ::prctl(PR_SET_TIMERSLACK, 1);
    }

    std::vector<Fate> run() {
        const nanoseconds step = nanoseconds(std::chrono::seconds(1)) / m_load.perSecond;
        m_start = wallClock();
        nanoseconds lastSent{0};
        while (m_next < m_queries.size()) {
            const nanoseconds due = step * static_cast<long>(m_next);
            letHappen();
            receiveUntil(std::min(due, nextEvent()));
            if (elapsed() < due)
                continue;
            if (m_load.enough && m_load.enough(m_fates))
                break;
            send();
            lastSent = elapsed();
        }
        while (m_open > 0 && elapsed() < lastSent + m_load.patience)
            receiveUntil(lastSent + m_load.patience);
        return m_fates;
    }

private:
    nanoseconds elapsed() const { return wallClock() - m_start; }

    nanoseconds nextEvent() const {
        return m_event < m_load.events.size() ? nanoseconds(m_load.events[m_event].at)
                                              : nanoseconds::max();
    }

    void letHappen() {
        while (elapsed() >= nextEvent())
            m_load.events[m_event++].happen();
    }

    void send() {
        Datagram query = m_queries[m_next];
        query[0] = static_cast<unsigned char>(m_next >> 8);
        query[1] = static_cast<unsigned char>(m_next);
        m_fates[m_next].sent = elapsed();
        ::send(m_socket.descriptor(), query.data(), query.size(), 0);
        ++m_next;
        ++m_open;
    }

    /// Returns at that time, or when the last open answer came.
    void receiveUntil(nanoseconds end) {
        for (;;) {
            const nanoseconds left = std::max(end - elapsed(), nanoseconds(0));
            const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
            const timespec wait{seconds.count(), (left - seconds).count()};
            pollfd waiting{m_socket.descriptor(), POLLIN, 0};
            if (::ppoll(&waiting, 1, &wait, nullptr) <= 0)
                return;
            receive();
            if (m_open == 0 && m_next == m_queries.size())
                return;
        }
    }

    void receive() {
        std::array<unsigned char, 2048> answer{};
        alignas(cmsghdr) std::array<unsigned char, 256> control{};
        iovec part{answer.data(), answer.size()};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        if (::recvmsg(m_socket.descriptor(), &message, MSG_DONTWAIT) < 12)
            return;
        const auto id = static_cast<std::size_t>(answer[0] << 8 | answer[1]);
        if (id >= m_next || m_fates[id].isAnswered())
            return;
        m_fates[id].answered = timeOf(message) - m_start;
        m_fates[id].code = answer[3] & 0x0f;
        --m_open;
    }

    static nanoseconds timeOf(msghdr& message) {
        for (cmsghdr* part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
            if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_TIMESTAMPNS) {
                timespec time{};
                std::memcpy(&time, CMSG_DATA(part), sizeof time);
                return toNanos(time);
            }
        }
        return wallClock();
    }

    LoopbackSocket m_socket;
    const std::vector<Datagram>& m_queries;
    const TimedLoad& m_load;
    std::vector<Fate> m_fates;
    nanoseconds m_start{0};
    std::size_t m_next = 0;
    std::size_t m_open = 0;
    std::size_t m_event = 0;
};

} // namespace

std::vector<Fate> askTimed(std::uint16_t port, const std::vector<Datagram>& queries,
                           const TimedLoad& load) {
    return TimedRun(port, queries, load).run();
}

Fate askOne(std::uint16_t port, const Datagram& query, std::chrono::milliseconds patience) {
    TimedLoad load;
    load.patience = patience;
    return askTimed(port, {query}, load).front();
}

} // namespace sotto::bench
