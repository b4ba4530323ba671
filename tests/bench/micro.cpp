// SPDX-License-Identifier: GPL-3.0-or-later
#include "micro.h"

#include "cache/response_cache.h"
#include "query_load.h"
#include "upstreams.h"
#include "wire/client_request.h"
#include "wire/reply.h"

#include <chrono>
#include <memory>

namespace sotto::bench {

namespace {

constexpr int kBatches = 15;
constexpr std::uint32_t kNow = 1000;
constexpr std::size_t kSizeLimit = 1232;

/// Keeps the compiler from leaving out what nobody reads.
template <class Value>
void keep(const Value& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

/// Calls call(i) for i in [0, count), many times over.
template <class Call>
MicroFigure time(const char* step, std::size_t count, Call call) {
    MicroFigure figure{step, {}};
    for (int batch = 0; batch <= kBatches; ++batch) {
        const auto start = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < count; ++i)
            call(i);
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - start;
        if (batch > 0) // the first one warms up
            figure.nanos.push_back(took.count() / static_cast<double>(count));
    }
    return figure;
}

engine::Question questionOf(const Datagram& query) {
    engine::ClientRequest request;
    engine::parseRequest(query, request);
    return engine::makeQuestion(request.name(query), request.type, request.queryClass,
                                request.dnssecOk, request.checkingDisabled());
}

void fill(engine::ResponseCache& cache, const std::vector<Datagram>& queries) {
    for (const Datagram& query : queries) {
        const engine::Question question = questionOf(query);
        const auto message = test::Message::parse(query);
        engine::UpstreamResponse response;
        std::string reason;
        if (engine::readUpstreamResponse(Upstreams::answerTo(*message), question, response, reason))
            cache.insert(question, response, engine::AnswerKind::Positive, kNow, 3600);
    }
}

} // namespace

std::vector<MicroFigure> timeSteps(std::size_t names) {
    const auto queries = makeQueries("cached", names);
    const auto cache = std::make_unique<engine::ResponseCache>(std::size_t{128} << 20);
    fill(*cache, queries);
    std::vector<engine::ClientRequest> requests(names);
    std::vector<engine::Question> questions;
    for (const Datagram& query : queries)
        questions.push_back(questionOf(query));
    std::vector<std::uint8_t> buffer(4096);

    std::vector<MicroFigure> figures;
    figures.push_back(time("parse the query", names, [&](std::size_t i) {
        keep(engine::parseRequest(queries[i], requests[i]));
    }));
    figures.push_back(time("fold and hash the question", names, [&](std::size_t i) {
        keep(engine::makeQuestion(requests[i].name(queries[i]), requests[i].type,
                                  requests[i].queryClass, requests[i].dnssecOk,
                                  requests[i].checkingDisabled()));
    }));
    std::size_t stored = 0;
    figures.push_back(time("find and copy the answer", names, [&](std::size_t i) {
        stored = cache->copy(questions[i], kNow + 1, buffer).octets;
        keep(stored);
    }));
    figures.push_back(time("fit it to the query", names, [&](std::size_t i) {
        keep(engine::finishReply(buffer, stored, requests[i], requests[i].name(queries[i]),
                                 kSizeLimit));
    }));
    return figures;
}

} // namespace sotto::bench
