// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstreams.h"

#include "far/far_network.h"

#include <array>
#include <iterator>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

constexpr std::uint32_t kDay = 86400;

test::LeafOptions leafOptions() {
    test::LeafOptions options;
    options.dnsNames = {Upstreams::kTlsName};
    options.commonName = Upstreams::kTlsName; // smartdns 40 looks at nothing else
    options.ipAddresses = {"127.0.0.1"};
    return options;
}

test::DotServer::Options serverOptions() {
    test::DotServer::Options options;
    options.port = Upstreams::kTlsPort;
    options.keepsRecords = false;
    return options;
}

} // namespace

Upstreams::Upstreams()
    : m_tls(m_ca.issue(leafOptions()), {}, serverOptions()) {
    m_tls.setResponder([this](const test::SeenQuery& seen) -> std::optional<test::Bytes> {
        ++m_queries;
        return seen.message ? std::optional(answerTo(*seen.message)) : std::nullopt;
    });
}

Upstreams::~Upstreams() {
    ::shutdown(m_plain, SHUT_RDWR);
    if (m_plainThread.joinable())
        m_plainThread.join();
    ::close(m_plain);
}

bool Upstreams::start(const std::filesystem::path& caFile, std::string& error) {
    if (!m_tls.start(&error))
        return false;
    if (!m_ca.writeCertificate(caFile)) {
        error = "cannot write " + caFile.string();
        return false;
    }
    // Some subjects give up their rights before they read it.
    using std::filesystem::perms;
    std::filesystem::permissions(caFile, perms::owner_read | perms::owner_write |
                                             perms::group_read | perms::others_read);
    m_plain = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(kPlainPort);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(m_plain, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        error = "port 53 cannot be bound";
        return false;
    }
    m_plainThread = std::thread([this] { servePlain(); });
    return true;
}

test::Identity Upstreams::issueFarIdentity() const {
    test::LeafOptions options = leafOptions();
    options.ipAddresses.assign(std::begin(FarNetwork::kAddresses),
                               std::end(FarNetwork::kAddresses));
    return m_ca.issue(options);
}

test::Bytes Upstreams::answerTo(const test::Message& query) {
    test::Message answer;
    answer.id = query.id;
    answer.response = answer.recursionDesired = answer.recursionAvailable = true;
    answer.questions = query.questions;
    if (!query.questions.empty() && query.questions[0].type == test::rr::kA)
        answer.answers.push_back({query.questions[0].name, test::rr::kA, test::kClassIn, kDay,
                                  test::Bytes{192, 0, 2, 1}});
    if (query.edns)
        answer.edns.emplace();
    return answer.toWire();
}

void Upstreams::servePlain() {
    std::array<std::uint8_t, 4096> buffer;
    for (;;) {
        sockaddr_in client{};
        socklen_t length = sizeof client;
        const auto octets = ::recvfrom(m_plain, buffer.data(), buffer.size(), 0,
                                       reinterpret_cast<sockaddr*>(&client), &length);
        if (octets <= 0)
            return;
        const auto query = test::Message::parse(
            std::span<const std::uint8_t>(buffer.data(), static_cast<std::size_t>(octets)));
        if (!query)
            continue;
        ++m_queries;
        const test::Bytes answer = answerTo(*query);
        ::sendto(m_plain, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&client),
                 length);
    }
}

} // namespace sotto::bench
