// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/name_look_up.h"

#include "wire/record_reader.h"
#include "wire/record_types.h"
#include "wire/upstream_response.h"

#include <asio/post.hpp>

#include <algorithm>

namespace sotto::engine {

/// The name's addresses of one family, asked of one server after the other.
class NameLookUp::TypeQuery : public PendingQuery {
public:
    TypeQuery(NameLookUp& lookUp, const WireName& name, std::uint16_t type)
        : PendingQuery(m_asked)
        , m_lookUp(lookUp)
        , m_asked(makeQuestion(name.bytes(), type, 1, false, false)) {}

    void replied(const UpstreamReply& reply) override {
        if (reply.kind == UpstreamReply::Kind::Answer)
            readAnswer(reply.message);
        else
            m_lookUp.m_found.error = reply.reason;
        m_lookUp.replied();
    }

    bool answered = false; ///< a server told, be it that there are none

private:
    void readAnswer(Bytes message) {
        UpstreamResponse response;
        std::string& error = m_lookUp.m_found.error;
        if (!readUpstreamResponse(message, m_asked, response, error))
            return;
        if (response.rcode != rcode::kNoError && response.rcode != rcode::kNxDomain) {
            error = "the server answered that it failed";
            return;
        }
        answered = true;
        RecordReader reader(response.wire, kHeaderOctets + m_asked.name.length + 4);
        Record record;
        while (reader.next(record) == RecordReader::Step::Record) {
            const std::size_t octets = record.type == record_type::kA ? 4 : 16;
            if (record.section != Section::Answer || record.type != m_asked.type ||
                record.rdataLength() != octets)
                continue;
            IpAddress address;
            address.isV6 = octets == 16;
            std::copy_n(response.wire.begin() + static_cast<std::ptrdiff_t>(record.rdata), octets,
                        address.octets.begin());
            auto& found = m_lookUp.m_found;
            const std::chrono::seconds ttl(response.smallestTtl);
            found.lifetime = found.addresses.empty() ? ttl : std::min(found.lifetime, ttl);
            found.addresses.push_back(address);
        }
    }

    NameLookUp& m_lookUp;
    Question m_asked;
};

NameLookUp::NameLookUp(asio::io_context& context, const std::string& name,
                       std::vector<std::shared_ptr<Upstream>> upstreams,
                       const std::vector<Endpoint>& bootstrap, const ForwardConfig& forward,
                       AddressBook::Handler handler)
    : m_context(context)
    , m_timer(context)
    , m_name(name)
    , m_upstreams(std::move(upstreams))
    , m_handler(std::move(handler)) {
    for (const Endpoint& endpoint : bootstrap) {
        UpstreamConfig config;
        config.protocol = Protocol::Udp;
        config.addresses = {endpoint.address};
        config.port = endpoint.port;
        m_bootstrap.push_back(std::make_unique<PlainServer>(context, config, PlainServer::Hooks()));
        m_bootstrap.back()->setForward(forward);
    }
}

NameLookUp::~NameLookUp() = default;

void NameLookUp::start() {
    const auto wire = nameFromText(m_name);
    if (wire) {
        m_v4 = std::make_unique<TypeQuery>(*this, *wire, record_type::kA);
        m_v6 = std::make_unique<TypeQuery>(*this, *wire, record_type::kAaaa);
    }
    asio::post(m_context, [self = shared_from_this()] { self->askNext(); });
}

void NameLookUp::askNext() {
    if (isOver())
        return;
    const std::size_t next = m_next++;
    if (!m_v4 || next >= m_upstreams.size() + m_bootstrap.size()) {
        if (m_found.error.empty())
            m_found.error = "there is no other upstream that could look it up, and no bootstrap";
        return finish();
    }
    m_found.unencrypted = next >= m_upstreams.size();
    for (const auto& query : {m_v4.get(), m_v6.get()}) {
        query->cancel();
        if (query->answered)
            continue;
        if (m_found.unencrypted)
            m_bootstrap[next - m_upstreams.size()]->ask(*query);
        else
            m_upstreams[next]->ask(*query);
    }
    m_timer.expires_after(kPatience);
    m_timer.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (cancelled || self->isOver())
            return;
        if (self->m_found.error.empty())
            self->m_found.error = "no answer in time";
        self->m_found.addresses.empty() ? self->askNext() : self->finish();
    });
}

/// One of the two has its answer, or has none.
void NameLookUp::replied() {
    if (m_v4->isPending() || m_v6->isPending())
        return;
    // We are inside a query's own call.
    asio::post(m_context, [self = shared_from_this()] {
        if (self->isOver())
            return;
        if (self->m_v4->answered && self->m_v6->answered && self->m_found.addresses.empty())
            self->m_found.error = "it has no addresses";
        const bool enough =
            !self->m_found.addresses.empty() || (self->m_v4->answered && self->m_v6->answered);
        enough ? self->finish() : self->askNext();
    });
}

void NameLookUp::finish() {
    m_timer.cancel();
    const auto handler = std::exchange(m_handler, nullptr);
    close();
    if (!m_found.addresses.empty())
        m_found.error.clear();
    else
        m_found.error = m_name + " could not be looked up: " + m_found.error;
    handler(m_found);
}

void NameLookUp::giveUp() {
    asio::post(m_context, [self = shared_from_this()] {
        if (self->isOver())
            return;
        self->m_found.error = "too many look-ups at once";
        self->finish();
    });
}

void NameLookUp::close() {
    m_handler = nullptr;
    m_timer.cancel();
    m_v4.reset();
    m_v6.reset();
    m_upstreams.clear();
    m_bootstrap.clear();
}

} // namespace sotto::engine
