// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache_samples.h"

#include <QtGlobal>

namespace sotto::test {

Sample sampleOf(const Message& message, bool dnssecOk, bool checkingDisabled) {
    Sample sample;
    sample.question = engineQuestion(message, dnssecOk, checkingDisabled);
    std::string reason;
    if (!engine::readUpstreamResponse(message.toWire(), sample.question, sample.response, reason))
        qFatal("the sample is refused: %s", reason.c_str());
    sample.kind = engine::kindOf(sample.response);
    return sample;
}

Message addressMessage(std::string_view name, std::string_view address, std::uint32_t ttl) {
    Message answer = responseTo(name, rr::kA);
    answer.answers.push_back(recordOf(name, rr::kA, ttl, address));
    return answer;
}

Sample sample(std::string_view name, std::string_view address, std::uint32_t ttl) {
    return sampleOf(addressMessage(name, address, ttl));
}

Sample denialOf(std::string_view name, std::uint32_t ttl) {
    Message answer = responseTo(name, rr::kA);
    answer.rcode = rcode::kNxDomain;
    answer.authorities.push_back(
        recordOf("test.", rr::kSoa, ttl, "ns.test. host.test. 1 2 3 4 300"));
    return sampleOf(answer);
}

Sample failureOf(std::string_view name) {
    Message answer = responseTo(name, rr::kA);
    answer.rcode = rcode::kServFail;
    return sampleOf(answer);
}

bool insert(engine::ResponseCache& cache, const Sample& what, std::uint32_t now,
            std::uint32_t lifetime) {
    return cache.insert(what.question, what.response, what.kind, now, lifetime);
}

Look lookAt(engine::ResponseCache& cache, const engine::Question& question, std::uint32_t now,
            engine::ResponseCache::Use use) {
    Look look;
    Bytes buffer(65535);
    look.found = cache.copy(question, now, buffer, use);
    buffer.resize(look.found.octets);
    if (look.found)
        look.message = Message::parse(buffer);
    return look;
}

std::optional<Message> look(engine::ResponseCache& cache, const engine::Question& question,
                            std::uint32_t now) {
    return lookAt(cache, question, now).message;
}

} // namespace sotto::test
