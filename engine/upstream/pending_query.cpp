// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/pending_query.h"

#include <algorithm>

namespace sotto::engine {

namespace {

/// Holds queries while each is told the same: one that hears of it may cancel others.
class Mourners final : public PendingQuery::Holder {
public:
    explicit Mourners(std::vector<PendingQuery*> queries)
        : m_queries(std::move(queries)) {}

    void release(PendingQuery& query) override {
        std::replace(m_queries.begin(), m_queries.end(), &query,
                     static_cast<PendingQuery*>(nullptr));
    }
    std::vector<PendingQuery*> m_queries;
};

} // namespace

void PendingQuery::replyToAll(std::vector<PendingQuery*> queries, const UpstreamReply& reply) {
    Mourners held(std::move(queries));
    for (PendingQuery* query : held.m_queries)
        query->m_holder = &held;
    for (PendingQuery*& place : held.m_queries) {
        PendingQuery* query = std::exchange(place, nullptr);
        if (!query)
            continue;
        query->m_holder = nullptr;
        query->replied(reply);
    }
}

} // namespace sotto::engine
