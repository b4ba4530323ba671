// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine_under_test.h"

#include "support/rdata_text.h"

#include <QtGlobal>

#include <thread>

namespace sotto::test {
namespace {

constexpr char kZone[] = R"($TTL 300
$ORIGIN example.com.
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.53
@ MX 10 Mail
@ TXT "v=spf1 -all" "Two \"strings\"; one record"
Mail A 192.0.2.25
www A 192.0.2.80
www AAAA 2001:db8::80
many A 192.0.2.1
many A 192.0.2.2
many A 192.0.2.3
svc HTTPS 1 . alpn=h2,h3 ipv4hint=192.0.2.80 ech=AEX+DQBBzQAgACBvYmZ1c2NhdGVkIGNsaWVudCBoZWxsbyBrZXk=
odd TYPE65280 \# 5 00FF41DeaD
_sip._tcp SRV 1 2 5060 Sip.Example.com.
short 1 A 192.0.2.7
zero 0 A 192.0.2.8
slow A 192.0.2.9
bad A 192.0.2.66
other A 192.0.2.10
c1 CNAME c2
c2 CNAME c3
c3 CNAME c4
c4 CNAME c5
c5 CNAME c6
c6 CNAME c7
c7 CNAME c8
c8 CNAME www
dangling CNAME nothing
)";

} // namespace

ZoneSet EngineUnderTest::zones() {
    std::string text = kZone;
    for (int i = 0; i < 256; ++i)
        text += "n" + std::to_string(i) + " A 198.51.100." + std::to_string(i) + "\n";
    std::string error;
    auto parsed = ZoneSet::fromText(text, error);
    if (!parsed)
        qFatal("the zones of the tests are wrong: %s", error.c_str());
    return *parsed;
}

LeafOptions EngineUnderTest::serverLeaf() {
    LeafOptions leaf;
    leaf.dnsNames = {kServerName};
    return leaf;
}

EngineUnderTest::EngineUnderTest(std::size_t servers) {
    engine::Endpoint listen;
    listen.address = *engine::IpAddress::parse("127.0.0.1");
    config.listen = {listen};
    config.policy = engine::Policy::Sequential;
    for (std::size_t i = 0; i < servers; ++i)
        config.upstreams.push_back(upstream(addServer({})));
}

std::size_t EngineUnderTest::addServer(const DotServer::Options& options, const LeafOptions& leaf) {
    m_servers.push_back(std::make_unique<DotServer>(m_ca.issue(leaf), zones(), options));
    std::string error;
    if (!m_servers.back()->start(&error))
        qFatal("the server of the tests does not start: %s", error.c_str());
    return m_servers.size() - 1;
}

std::size_t EngineUnderTest::addPlainServer(const PlainServer::Options& options) {
    m_plainServers.push_back(std::make_unique<PlainServer>(zones(), options));
    std::string error;
    if (!m_plainServers.back()->start(&error))
        qFatal("the plain server of the tests does not start: %s", error.c_str());
    return m_plainServers.size() - 1;
}

EngineUnderTest::~EngineUnderTest() = default;

engine::UpstreamConfig EngineUnderTest::upstream(std::size_t index) const {
    engine::UpstreamConfig upstream;
    upstream.addresses = {*engine::IpAddress::parse("127.0.0.1")};
    upstream.port = m_servers[index]->port();
    upstream.tlsName = kServerName;
    upstream.caPem = m_ca.certificatePem();
    return upstream;
}

engine::UpstreamConfig EngineUnderTest::plainUpstream(std::size_t index,
                                                      engine::Protocol protocol) const {
    engine::UpstreamConfig upstream;
    upstream.protocol = protocol;
    upstream.addresses = {*engine::IpAddress::parse("127.0.0.1")};
    upstream.port = m_plainServers[index]->port();
    return upstream;
}

std::optional<engine::QueryRecord> EngineUnderTest::recordFor(std::string_view name) {
    const auto wanted = Name::fromText(name);
    const auto until = TestClock::now() + kReplyTimeout;
    std::vector<engine::QueryRecord> records;
    while (TestClock::now() < until) {
        m_engine->readRecords(records);
        for (const engine::QueryRecord& record : records)
            if (Name::fromText(record.nameText())->sameAs(*wanted))
                return record;
        std::this_thread::yield();
    }
    return std::nullopt;
}

bool EngineUnderTest::start() {
    auto started = engine::Engine::start(config, callbacks);
    if (!started) {
        qWarning("the engine does not start: %s", started.error().message().c_str());
        return false;
    }
    m_engine = std::move(started.value().engine);
    return true;
}

bool EngineUnderTest::reconfigure() {
    const auto done = m_engine->reconfigure(config);
    if (!done)
        qWarning("the engine refuses: %s", done.error().message().c_str());
    return done.ok();
}

engine::UpstreamStatus EngineUnderTest::status(std::size_t index) const {
    return m_engine->upstreams().at(index);
}

std::uint16_t EngineUnderTest::port() const {
    return m_engine->listening().at(0).port;
}

std::optional<Message> EngineUnderTest::ask(std::string_view name, std::uint16_t type,
                                            QueryOptions options,
                                            std::chrono::milliseconds timeout) const {
    return ask(makeQuery(name, type, std::move(options)), timeout);
}

std::optional<Message> EngineUnderTest::ask(const Message& query,
                                            std::chrono::milliseconds timeout) const {
    UdpClient client(port());
    const auto reply = client.ask(query, timeout);
    if (reply && !reply->message)
        qWarning("unreadable answer: %s", reply->parseError.c_str());
    return reply ? reply->message : std::nullopt;
}

std::optional<Message> EngineUnderTest::askTcp(const Message& query) const {
    StreamClient client(port());
    const auto reply = client.ask(query);
    if (reply && !reply->message)
        qWarning("unreadable answer: %s", reply->parseError.c_str());
    return reply ? reply->message : std::nullopt;
}

bool EngineUnderTest::answers(int number, std::chrono::milliseconds timeout) const {
    const auto reply = ask(numberedName(number), rr::kA, {}, timeout);
    const Bytes* found = reply ? reply->answer(rr::kA) : nullptr;
    return found && *found == numberedAddress(number);
}

bool EngineUnderTest::askMany(int count, int from) const {
    std::vector<std::unique_ptr<UdpClient>> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<UdpClient>(port()));
        if (!clients.back()->send(makeQuery(numberedName(from + i))))
            return false;
    }
    int wrong = 0;
    for (int i = 0; i < count; ++i) {
        const auto reply = clients[std::size_t(i)]->receive();
        const Bytes* found = reply && reply->message ? reply->message->answer(rr::kA) : nullptr;
        if (!found || *found != numberedAddress(from + i))
            ++wrong;
    }
    if (wrong > 0)
        qWarning("%d of %d were not answered", wrong, count);
    return wrong == 0;
}

void EngineUnderTest::setScript(const std::function<void(ServerScript&)>& change,
                                std::size_t index) {
    ServerScript script;
    change(script);
    m_servers[index]->setScript(std::move(script));
}

void EngineUnderTest::setBehaviour(const std::function<void(Behaviour&)>& change,
                                   std::size_t index) {
    setScript([&](ServerScript& script) { change(script.behaviour); }, index);
}

void EngineUnderTest::answerWith(const std::function<void(Message&)>& change, std::size_t index) {
    if (!change) {
        m_servers[index]->setResponder(nullptr);
        return;
    }
    m_servers[index]->setResponder([change](const SeenQuery& query) -> std::optional<Bytes> {
        if (!query.message)
            return std::nullopt;
        Message response;
        response.id = query.message->id;
        response.response = response.recursionDesired = response.recursionAvailable = true;
        response.questions = query.message->questions;
        change(response);
        return response.toWire();
    });
}

std::size_t EngineUnderTest::queriesFor(std::string_view name, std::uint16_t type,
                                        std::size_t index) const {
    return m_servers[index]->observations().queriesFor(name, type);
}

std::size_t EngineUnderTest::allQueries(std::size_t index) const {
    return m_servers[index]->observations().queries.size();
}

std::optional<std::uint16_t> extendedError(const Message& message) {
    const EdnsOption* option = message.edns ? message.edns->find(edns::kExtendedError) : nullptr;
    if (!option || option->data.size() < 2)
        return std::nullopt;
    return static_cast<std::uint16_t>(option->data[0] << 8 | option->data[1]);
}

std::string extendedErrorText(const Message& message) {
    const EdnsOption* option = message.edns ? message.edns->find(edns::kExtendedError) : nullptr;
    if (!option || option->data.size() < 2)
        return {};
    return {option->data.begin() + 2, option->data.end()};
}

void addAddress(Message& response, std::string_view address, std::uint32_t ttl) {
    response.answers.push_back(
        {response.questions.at(0).name, rr::kA, kClassIn, ttl, rdata(rr::kA, address)});
}

void denyName(Message& response, std::uint32_t ttl) {
    response.rcode = rcode::kNxDomain;
    response.authorities.push_back({*Name::fromText("example.com"), rr::kSoa, kClassIn, ttl,
                                    rdata(rr::kSoa, "ns.example.com. h.example.com. 1 1 1 1 300")});
}

engine::IpAddress address(std::string_view text) {
    return *engine::IpAddress::parse(text);
}

Bytes numberedAddress(int number) {
    return {198, 51, 100, static_cast<std::uint8_t>(number)};
}

std::string numberedName(int number) {
    return "n" + std::to_string(number) + ".example.com";
}

QueryOptions withEdns(std::uint16_t udpSize) {
    QueryOptions options;
    options.edns.emplace().udpSize = udpSize;
    return options;
}

bool hasAddress(const std::optional<Message>& reply, std::string_view address) {
    if (!reply)
        return false;
    const Bytes* found = reply->answer(rr::kA);
    return found && *found == rdata(rr::kA, address);
}

} // namespace sotto::test
