// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/contract/check_name.h"
#include "support/dns_message.h"

#include <QString>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/// Answers check names as a sottod does (helper/lease/contract/check_name.h), and everything else
/// with REFUSED: check_responder PORT KEY, on 127.0.0.1, over UDP and TCP. A client that sends half
/// a question keeps all others waiting.
namespace {

using namespace sotto::test;

QString checkKey;

Bytes answerTo(const Bytes& wire) {
    const auto query = Message::parse(wire);
    if (!query || query->questions.size() != 1)
        return {};
    const Question& question = query->questions.front();
    Message answer = *query;
    answer.response = true;
    answer.recursionAvailable = true;
    answer.additionals.clear();
    QString name = QString::fromStdString(question.name.toText());
    if (name.endsWith(QLatin1Char('.')))
        name.chop(1);
    const QString address = sotto::lease::checkAddress(name, checkKey);
    in_addr octets{};
    if (address.isEmpty()) {
        answer.rcode = rcode::kRefused;
    } else if (question.type == rr::kA &&
               ::inet_pton(AF_INET, address.toLatin1().constData(), &octets) == 1) {
        const auto* first = reinterpret_cast<const std::uint8_t*>(&octets);
        answer.answers.push_back({question.name, rr::kA, kClassIn, 0, Bytes(first, first + 4)});
    }
    return answer.toWire();
}

int bound(int kind, std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, kind, 0);
    const int yes = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        std::perror("bind");
        std::exit(1);
    }
    return descriptor;
}

void serveDatagram(int udp) {
    Bytes wire(65535);
    sockaddr_in client{};
    socklen_t size = sizeof(client);
    const auto got =
        ::recvfrom(udp, wire.data(), wire.size(), 0, reinterpret_cast<sockaddr*>(&client), &size);
    if (got <= 0)
        return;
    wire.resize(static_cast<std::size_t>(got));
    const Bytes answer = answerTo(wire);
    ::sendto(udp, answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&client),
             size);
}

bool readAll(int stream, std::uint8_t* to, std::size_t size) {
    return ::recv(stream, to, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

void serveStream(int stream) {
    std::array<std::uint8_t, 2> length{};
    if (readAll(stream, length.data(), length.size())) {
        Bytes wire(static_cast<std::size_t>(length[0]) * 256 + length[1]);
        if (readAll(stream, wire.data(), wire.size())) {
            const Bytes answer = framed(answerTo(wire));
            ::send(stream, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }
    ::close(stream);
}

} // namespace

int main(int argc, char** argv) {
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 53);
    checkKey = QString::fromLatin1(argc > 2 ? argv[2] : "");
    const int udp = bound(SOCK_DGRAM, port);
    const int tcp = bound(SOCK_STREAM, port);
    ::listen(tcp, 16);
    std::printf("ready\n");
    std::fflush(stdout);
    std::array<pollfd, 2> waiting{pollfd{udp, POLLIN, 0}, pollfd{tcp, POLLIN, 0}};
    while (::poll(waiting.data(), waiting.size(), -1) >= 0) {
        if (waiting[0].revents != 0)
            serveDatagram(udp);
        if (waiting[1].revents != 0)
            serveStream(::accept(tcp, nullptr, nullptr));
    }
    return 0;
}
