// SPDX-License-Identifier: GPL-3.0-or-later
#include "forward/internal_query.h"

#include "observe/clocks.h"
#include "wire/presentation.h"

namespace sotto::engine {

namespace {

class InternalSink : public ReplySink {
public:
    explicit InternalSink(std::function<void(Engine::Resolution)> done)
        : m_done(std::move(done)) {}

    void reply(Bytes message, const QueryRecord& record) override {
        Engine::Resolution resolution;
        resolution.message.assign(message.begin(), message.end());
        resolution.records = recordsToText(message);
        resolution.record = record;
        m_done(std::move(resolution));
    }

private:
    std::function<void(Engine::Resolution)> m_done;
};

} // namespace

ClientQuery makeInternalQuery(const WireName& name, std::uint16_t type,
                              std::function<void(Engine::Resolution)> done) {
    ClientQuery query;
    query.request.flags = flag::kRecursionDesired | flag::kAuthenticData;
    query.request.nameLength = name.length;
    query.request.type = type;
    query.request.queryClass = 1;
    query.request.hasEdns = true;
    query.name = name;
    query.transport = Transport::Internal;
    query.sizeLimit = kMaxMessageOctets;
    query.arrived = bootMicros();
    query.arrivedUnix = unixMicros();
    query.replyTo =
        std::static_pointer_cast<ReplySink>(std::make_shared<InternalSink>(std::move(done)));
    return query;
}

} // namespace sotto::engine
