// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"

#include "cache/cache_policy.h"
#include "cache/response_cache.h"
#include "fuzz_require.h"
#include "rules/special_names.h"
#include "support/dns_message.h"
#include "wire/client_request.h"
#include "wire/presentation.h"
#include "wire/reply.h"
#include "wire/upstream_query.h"
#include "wire/upstream_response.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sotto::test {

namespace {

std::string asString(engine::Bytes bytes) {
    return {bytes.begin(), bytes.end()};
}

Message parsed(engine::Bytes wire, const char* what) {
    std::string whyNot;
    auto message = Message::parse(wire, &whyNot);
    if (!message)
        std::fprintf(stderr, "%s\n", whyNot.c_str());
    require(message.has_value(), what);
    return *std::move(message);
}

/// The records of all sections, for a look at their TTLs.
std::vector<Record*> recordsOf(Message& message) {
    std::vector<Record*> records;
    for (auto* section : {&message.answers, &message.authorities, &message.additionals}) {
        for (Record& record : *section)
            records.push_back(&record);
    }
    return records;
}

void checkErrorReply(engine::Bytes message, const engine::ClientRequest& request,
                     engine::RequestVerdict verdict) {
    const bool isBadVers = verdict == engine::RequestVerdict::BadVers;
    std::array<std::uint8_t, 512> buffer{};
    const std::size_t size =
        engine::writeErrorReply(buffer, request, request.name(message),
                                isBadVers ? engine::rcode::kBadVers : engine::rcode::kFormErr,
                                engine::ownError(engine::extended_error::kProhibited));
    const Message reply = parsed({buffer.data(), size}, "an error reply can be read");
    require(reply.response && reply.id == request.id, "an error reply is for its query");
    require(reply.rcode == (isBadVers ? rcode::kBadVers : rcode::kFormErr),
            "an error reply carries its code");
    require(reply.edns.has_value() == request.hasEdns, "an OPT answers an OPT");
}

void checkUpstreamQuery(engine::Bytes message, const engine::ClientRequest& request) {
    std::optional<engine::SubnetOption> subnet;
    if (request.hasSubnet())
        subnet = engine::readClientSubnet(request.subnet(message));
    const auto question =
        engine::makeQuestion(request.name(message), request.type, request.queryClass,
                             request.dnssecOk, request.checkingDisabled(), subnet);
    std::vector<std::uint8_t> out;
    engine::appendUpstreamQuery(out, 99, question, {});
    require((out.size() - 2) % 128 == 0, "a query is padded");
    const Message query = parsed(engine::Bytes(out).subspan(2), "a query can be read");
    require(query.questions.size() == 1 && query.questions[0].type == request.type &&
                query.questions[0].klass == request.queryClass,
            "a query asks what the client asked");
    require(query.questions[0].name.toWire() == asString(question.name.bytes()),
            "a query is for the folded name");
    const EdnsOption* told = query.edns ? query.edns->find(edns::kClientSubnet) : nullptr;
    require((told != nullptr) == subnet.has_value(), "a subnet is told where there is one");
    if (told)
        require(std::ranges::equal(told->data, request.subnet(message)), "and it is the client's");
}

/// Reads a kept response as a client gets it, TTLs lowered by age or not at all.
void checkReply(std::vector<std::uint8_t> kept, const Message& original,
                const engine::Question& question, std::uint32_t age, std::uint16_t extendedError) {
    engine::ClientRequest request;
    request.id = 7;
    request.nameLength = question.name.length;
    request.hasEdns = true;
    const std::size_t octets = kept.size();
    kept.resize(octets + engine::kMaxOptOctets);
    const engine::ReplyOptions options{extendedError, {}, 300};
    kept.resize(engine::finishReply(kept, octets, request, question.name.bytes(),
                                    octets + engine::kMaxOptOctets, options));
    Message reply = parsed(kept, "a reply can be read");
    require(reply.edns.has_value() && reply.id == 7, "a reply is the client's");
    require(reply.answers.size() == original.answers.size() &&
                reply.authorities.size() == original.authorities.size() &&
                reply.additionals.size() == original.additionals.size(),
            "a reply has all records");
    Message expected = original;
    const auto left = recordsOf(expected);
    const auto right = recordsOf(reply);
    for (std::size_t i = 0; i < left.size(); ++i) {
        require(left[i]->ttl < 0x80000000U, "the top bit of a TTL is never passed on");
        require(right[i]->ttl == (left[i]->ttl > age ? left[i]->ttl - age : 0),
                "TTLs fall by their age");
        require(left[i]->owner.sameAs(right[i]->owner) && left[i]->type == right[i]->type &&
                    left[i]->klass == right[i]->klass &&
                    left[i]->rdata.size() == right[i]->rdata.size(),
                "records stay what they are");
    }
}

} // namespace

void tryClientRequest(FuzzInput input) {
    engine::ClientRequest request;
    const auto verdict = engine::parseRequest(input, request);
    if (verdict == engine::RequestVerdict::Drop) {
        require(input.size() < 12 || (input[2] & 0x80), "only responses and scraps are dropped");
        return;
    }
    require(request.udpSize >= 512, "512 octets always fit");
    checkErrorReply(input, request, verdict);
    if (verdict != engine::RequestVerdict::Ask)
        return;
    const auto query = Message::parse(input);
    require(!query || (query->questions.size() == 1 &&
                       query->questions[0].name.toWire() == asString(request.name(input)) &&
                       query->edns.has_value() == request.hasEdns),
            "both readers see one question");
    checkUpstreamQuery(input, request);
}

void tryUpstreamResponse(FuzzInput input) {
    if (input.size() < 16)
        return;
    const std::size_t name = engine::uncompressedNameLength(input.subspan(12));
    if (name == 0 || input.size() < 12 + name + 4)
        return;
    const auto question =
        engine::makeQuestion(input.subspan(12, name), engine::load16(&input[12 + name]),
                             engine::load16(&input[12 + name + 2]), input[1] & 1, input[1] & 2);
    engine::UpstreamResponse response;
    std::string reason;
    if (!engine::readUpstreamResponse(input, question, response, reason)) {
        require(!reason.empty(), "a refusal has a reason");
        return;
    }
    Message original = parsed(response.wire, "what is accepted can be read");
    require(!original.edns, "no OPT is kept");
    require(recordsOf(original).size() == response.ttlOffsets.size(), "every TTL is found");
    require(engine::recordsToText(response.wire).size() == response.ttlOffsets.size(),
            "every record has a text");

    engine::UpstreamResponse again;
    require(engine::readUpstreamResponse(response.wire, question, again, reason) &&
                again.wire == response.wire && again.ttlOffsets == response.ttlOffsets &&
                again.positive == response.positive && again.negativeTtl == response.negativeTtl,
            "what was accepted is accepted again as it is");

    constexpr std::uint32_t kNow = 1000;
    constexpr std::uint32_t kAge = 50;
    engine::ResponseCache cache(64 * 256 * 1024);
    const auto verdict = engine::CachePolicy().judge(response, question.name.bytes(), 0);
    cache.insert(question, response, verdict.kind, kNow, kAge + 1);
    std::vector<std::uint8_t> kept(65535);
    for (const std::uint32_t age : {0U, kAge}) {
        const std::size_t size = cache.copy(question, kNow + age, kept).octets;
        require(size == response.wire.size(), "what is kept is found");
        checkReply({kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(size)}, original,
                   question, age, response.extendedError);
    }
    require(!cache.copy(question, kNow + kAge + 1, kept), "what has expired is gone");
    require(verdict.lifetime.count() >= 0, "no lifetime is negative");
}

void tryNames(FuzzInput input) {
    for (std::size_t offset = 0; offset < std::min<std::size_t>(input.size(), 64); ++offset) {
        engine::WireName name;
        const std::size_t behind = engine::readName(input, offset, name);
        if (behind == 0)
            continue;
        require(engine::skipName(input, offset) == behind, "skipping ends where reading does");
        require(engine::uncompressedNameLength(name.bytes()) == name.length,
                "what is read is a name");
        const std::string text = engine::nameToText(name.bytes());
        require(std::all_of(text.begin(), text.end(), [](char c) { return c > 32 && c < 127; }),
                "the text of a name is plain");
        const auto back = engine::nameFromText(text);
        require(back && asString(back->bytes()) == asString(name.bytes()),
                "a name comes back from its text");
    }
    const std::string text(input.begin(), input.end());
    const auto name = engine::nameFromText(text);
    const auto other = Name::fromText(text);
    require(name.has_value() == other.has_value(), "both readers accept the same names");
    require(!name || asString(name->bytes()) == other->toWire(), "both readers read alike");
    for (const std::string& line : engine::recordsToText(input))
        require(std::all_of(line.begin(), line.end(), [](char c) { return c >= 32 && c < 127; }),
                "the text of a record is plain");
}

void trySpecialNames(FuzzInput input) {
    if (input.size() < 5)
        return;
    const engine::Bytes name = input.subspan(5);
    if (name.empty() || engine::uncompressedNameLength(name) != name.size())
        return;
    const bool canary = input[4] & 1;
    const auto question = engine::makeQuestion(
        name, engine::load16(&input[0]), engine::load16(&input[2]), input[4] & 2, input[4] & 4);
    std::array<std::uint8_t, engine::kSpecialAnswerRoom + 8> out;
    out.fill(0xee);
    const std::size_t size =
        engine::answerSpecialName(question, {.browserCanary = canary, .checkKey = {}},
                                  engine::MutableBytes(out).first(engine::kSpecialAnswerRoom));
    require(size <= engine::kSpecialAnswerRoom, "a special answer fits into its room");
    require(std::all_of(out.begin() + engine::kSpecialAnswerRoom, out.end(),
                        [](std::uint8_t octet) { return octet == 0xee; }),
            "nothing is written behind the room");
    if (size == 0)
        return;
    const Message answer = parsed({out.data(), size}, "a special answer can be read");
    require(answer.questions.size() == 1 && answer.questions[0].type == question.type &&
                answer.questions[0].klass == question.queryClass &&
                answer.questions[0].name.toWire() == asString(question.name.bytes()),
            "a special answer is for its question");
    require(answer.rcode == rcode::kNoError || answer.rcode == rcode::kNxDomain,
            "a special name exists or does not");
    require(!answer.edns && answer.additionals.empty(), "OPT is the client's matter");
    require(answer.answers.empty() || answer.rcode == rcode::kNoError,
            "what does not exist has no records");
    require(question.queryClass != 1 || answer.answers.empty() == !answer.authorities.empty(),
            "a negative answer has its SOA");
    for (const Record& record : answer.answers)
        require(record.type == question.type || question.type == rr::kAny,
                "records are of the type that was asked for");
}

} // namespace sotto::test
