// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/service_connection.h"

#include "far/canned_answer.h"

#include <array>
#include <span>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

std::array<std::uint8_t, 16384> readBuffer; // one thread

bool firstPacketHadData(int descriptor) {
    tcp_info info{};
    socklen_t length = sizeof info;
    constexpr unsigned kSynData = 32; // TCPI_OPT_SYN_DATA, which not every libc names
    return ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
           (info.tcpi_options & kSynData) != 0;
}

} // namespace

ServiceConnection::ServiceConnection(int descriptor, SSL_CTX* tls, ProviderControl& control)
    : m_tls(SSL_new(tls))
    , m_control(control) {
    SSL_set_fd(m_tls, descriptor);
    SSL_set_accept_state(m_tls);
    SSL_set_num_tickets(m_tls, static_cast<std::size_t>(control.tickets.load()));
    m_control.fastOpened += firstPacketHadData(descriptor);
    ++m_control.open;
}

ServiceConnection::~ServiceConnection() {
    ::close(SSL_get_fd(m_tls));
    SSL_free(m_tls);
    --m_control.open;
}

void ServiceConnection::advance() {
    while (m_stage == Stage::Early && readEarly()) {
    }
    while (m_stage == Stage::Usual && readUsual()) {
    }
    flush();
}

bool ServiceConnection::readEarly() {
    std::size_t octets = 0;
    const int result = SSL_read_early_data(m_tls, readBuffer.data(), readBuffer.size(), &octets);
    if (result == SSL_READ_EARLY_DATA_ERROR)
        return notePause(0);
    if (octets > 0) {
        ++m_control.early;
        take(octets);
        std::size_t written = 0;
        if (!m_out.empty() &&
            SSL_write_early_data(m_tls, m_out.data(), m_out.size(), &written) == 1)
            m_out.erase(m_out.begin(), m_out.begin() + static_cast<std::ptrdiff_t>(written));
    }
    if (result == SSL_READ_EARLY_DATA_FINISH)
        m_stage = Stage::Usual;
    return true;
}

bool ServiceConnection::readUsual() {
    const int result = SSL_read(m_tls, readBuffer.data(), static_cast<int>(readBuffer.size()));
    noteHandshake();
    if (result <= 0)
        return notePause(result);
    take(static_cast<std::size_t>(result));
    return true;
}

/// Nothing more can be read or written now, or ever. False, for those who ask whether to go on.
bool ServiceConnection::notePause(int result) {
    const int reason = SSL_get_error(m_tls, result);
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
        m_stage = Stage::Ended;
    ERR_clear_error();
    return false;
}

void ServiceConnection::noteHandshake() {
    if (m_noted || !SSL_is_init_finished(m_tls))
        return;
    m_noted = true;
    m_control.resumed += SSL_session_reused(m_tls) == 1;
}

void ServiceConnection::take(std::size_t octets) {
    m_lastHeard = std::chrono::steady_clock::now();
    m_in.insert(m_in.end(), readBuffer.begin(),
                readBuffer.begin() + static_cast<std::ptrdiff_t>(octets));
    std::size_t at = 0;
    while (m_in.size() - at >= 2) {
        const auto length = static_cast<std::size_t>(m_in[at] << 8 | m_in[at + 1]);
        if (m_in.size() - at - 2 < length)
            break;
        answer(std::span(m_in).subspan(at + 2, length));
        at += 2 + length;
    }
    m_in.erase(m_in.begin(), m_in.begin() + static_cast<std::ptrdiff_t>(at));
}

void ServiceConnection::answer(std::span<const std::uint8_t> query) {
    const auto number = ++m_control.queries;
    const unsigned slowOneIn = m_control.slowOneIn;
    if (slowOneIn == 0 || number % slowOneIn != 0) {
        appendAnswer(query, m_out);
        return;
    }
    m_late.push_back({m_lastHeard + std::chrono::milliseconds(m_control.slowMillis), {}});
    appendAnswer(query, m_late.back().answer);
}

void ServiceConnection::sendLate(std::chrono::steady_clock::time_point now) {
    if (m_late.empty() || m_late.front().due > now)
        return;
    for (; !m_late.empty() && m_late.front().due <= now; m_late.pop_front())
        m_out.insert(m_out.end(), m_late.front().answer.begin(), m_late.front().answer.end());
    flush();
}

void ServiceConnection::flush() {
    if (m_stage != Stage::Usual || !SSL_is_init_finished(m_tls))
        return;
    std::size_t at = 0;
    while (at < m_out.size()) {
        const int written =
            SSL_write(m_tls, m_out.data() + at, static_cast<int>(m_out.size() - at));
        if (written <= 0) {
            notePause(written);
            break;
        }
        at += static_cast<std::size_t>(written);
    }
    m_out.erase(m_out.begin(), m_out.begin() + static_cast<std::ptrdiff_t>(at));
}

void ServiceConnection::close() {
    if (m_stage == Stage::Usual)
        SSL_shutdown(m_tls);
    ERR_clear_error();
}

} // namespace sotto::bench
