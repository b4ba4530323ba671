// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_plan.h"

#include <algorithm>

namespace sotto::test {
namespace {

constexpr std::size_t kRecordOverhead = 12; // pointer, type, class, TTL, length
constexpr std::size_t kLargestRdata = 4096;

/// Character-strings that take exactly so many octets.
Bytes textRdata(std::size_t octets) {
    Bytes data;
    while (data.size() < octets) {
        const std::size_t length = std::min<std::size_t>(octets - data.size() - 1, 255);
        data.push_back(static_cast<std::uint8_t>(length));
        data.insert(data.end(), length, 'x');
    }
    return data;
}

Name withOtherCase(Name name) {
    for (std::string& label : name.labels)
        for (char& c : label)
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
                c = static_cast<char>(c ^ 0x20);
    return name;
}

void changeQuestion(Message& message, Behaviour::Question change) {
    if (message.questions.empty())
        return;
    Question& question = message.questions[0];
    const Name before = question.name;
    switch (change) {
    case Behaviour::Question::Kept:
        return;
    case Behaviour::Question::OtherName:
        question.name = *Name::fromText("another.name.test.");
        break;
    case Behaviour::Question::OtherType:
        question.type = question.type == rr::kA ? rr::kAaaa : rr::kA;
        break;
    case Behaviour::Question::OtherClass:
        question.klass = 3;
        break;
    case Behaviour::Question::OtherCase:
        question.name = withOtherCase(question.name);
        break;
    case Behaviour::Question::LeftOut:
        message.questions.clear();
        return;
    }
    for (Record& record : message.answers)
        if (record.owner == before)
            record.owner = question.name;
}

Message formatError(const SeenQuery& query) {
    Message answer;
    answer.id = static_cast<std::uint16_t>(query.raw[0] << 8 | query.raw[1]);
    answer.response = true;
    answer.rcode = rcode::kFormErr;
    return answer;
}

Message unsolicited(std::uint16_t id) {
    Message message;
    message.id = static_cast<std::uint16_t>(id + 7);
    message.response = true;
    message.recursionDesired = message.recursionAvailable = true;
    const Name name = *Name::fromText("unsolicited.test.");
    message.questions.push_back({name, rr::kA, kClassIn});
    message.answers.push_back({name, rr::kA, kClassIn, 3600, {203, 0, 113, 66}});
    return message;
}

/// What concerns EDNS; nothing where the client did not use it.
void addOptions(const SeenQuery& query, Message& answer, const Behaviour& behaviour) {
    if (!answer.edns)
        return;
    auto& options = answer.edns->options;
    if (behaviour.keepalive) {
        const auto steps = behaviour.keepalive->count() / 100;
        options.push_back(
            {edns::kKeepalive,
             {static_cast<std::uint8_t>(steps >> 8), static_cast<std::uint8_t>(steps)}});
    }
    if (const EdnsOption* subnet = query.option(edns::kClientSubnet);
        subnet && behaviour.subnetScope && subnet->data.size() >= 4) {
        options.push_back(*subnet);
        options.back().data[3] = *behaviour.subnetScope;
    }
    std::erase_if(options, [](const EdnsOption& each) { return each.code == edns::kPadding; });
    if (query.paddingLength() && behaviour.paddingBlock > 0)
        padTo(answer, behaviour.paddingBlock);
}

void spoil(const SeenQuery& query, Message& answer, const Behaviour& behaviour) {
    if (behaviour.rcode) {
        answer.rcode = *behaviour.rcode;
        answer.answers.clear();
        answer.authorities.clear();
    }
    if (behaviour.truncatedUdp && query.transport == SeenTransport::Udp) {
        answer.truncated = true;
        answer.answers.clear();
    }
    answer.truncated |= behaviour.truncated;
    answer.authenticData |= behaviour.authenticData;
    if (behaviour.asQuery)
        answer.response = false;
    if (behaviour.wrongId)
        ++answer.id;
    changeQuestion(answer, behaviour.question);
    if (behaviour.size > 0)
        growTo(answer, behaviour.size);
    else
        addOptions(query, answer, behaviour);
}

} // namespace

void growTo(Message& message, std::size_t size) {
    if (message.questions.empty())
        return;
    std::size_t present = message.toWire().size();
    if (size < present + kRecordOverhead + 1 && size != present)
        return;
    while (present < size) {
        std::size_t octets = std::min(size - present - kRecordOverhead, kLargestRdata);
        const std::size_t left = size - present - kRecordOverhead - octets;
        if (left > 0 && left <= kRecordOverhead) // too little for a record of its own
            octets -= kRecordOverhead + 1 - left;
        message.answers.push_back(
            {message.questions[0].name, rr::kTxt, kClassIn, 300, textRdata(octets)});
        present += kRecordOverhead + octets;
    }
}

std::vector<Bytes> planAnswer(const SeenQuery& query, const Behaviour& behaviour,
                              const ZoneSet& zones) {
    std::vector<Bytes> messages;
    if (behaviour.drop || query.raw.size() < 12)
        return messages;
    Message answer = query.message ? zones.answer(*query.message) : formatError(query);
    if (behaviour.unsolicitedFirst)
        messages.push_back(unsolicited(answer.id).toWire());
    spoil(query, answer, behaviour);
    messages.insert(messages.end(), behaviour.copies,
                    behaviour.raw ? *behaviour.raw : answer.toWire());
    return messages;
}

std::vector<Bytes> planAnswer(const SeenQuery& query, const Behaviour& behaviour,
                              const ServerState& state) {
    const Responder responder = state.responder();
    const std::optional<Bytes> own = responder ? responder(query) : std::nullopt;
    if (!own)
        return planAnswer(query, behaviour, *state.zones());
    if (own->empty())
        return {};
    return {*own};
}

} // namespace sotto::test
