// SPDX-License-Identifier: GPL-3.0-or-later
#include "zone_set.h"

#include "master_file.h"
#include "rdata_text.h"

#include <algorithm>

namespace sotto::test {
namespace {

constexpr int kLongestCnameChain = 16;
constexpr std::size_t kPaddingBlock = 468;

std::uint32_t soaMinimum(const Record& soa) {
    if (soa.rdata.size() < 4)
        return 0;
    std::uint32_t value = 0;
    for (auto octet = soa.rdata.end() - 4; octet != soa.rdata.end(); ++octet)
        value = value << 8 | *octet;
    return value;
}

std::optional<Name> nameIn(const Bytes& rdata) {
    Name name;
    std::size_t at = 0;
    while (at < rdata.size() && rdata[at] != 0) {
        if (at + 1 + rdata[at] >= rdata.size())
            return std::nullopt;
        name.labels.emplace_back(reinterpret_cast<const char*>(&rdata[at + 1]), rdata[at]);
        at += std::size_t{1} + rdata[at];
    }
    return name;
}

Record rootSoa() {
    Record soa;
    soa.type = rr::kSoa;
    soa.ttl = 86400;
    soa.rdata = rdata(rr::kSoa, "a.root.test. admin.root.test. 1 1800 900 604800 86400");
    return soa;
}

} // namespace

std::optional<ZoneSet> ZoneSet::fromText(std::string_view text, std::string& error,
                                         OutsideNames outside) {
    auto records = parseMasterFile(text, error);
    if (!records)
        return std::nullopt;
    ZoneSet zones;
    zones.m_outside = outside;
    for (Record& record : *records) {
        if (record.type == rr::kSoa)
            zones.m_soas.emplace(record.owner.key(), record);
        zones.m_nodes[record.owner.key()][record.type].push_back(std::move(record));
    }
    for (const auto& [key, node] : zones.m_nodes) {
        const Name& owner = node.begin()->second.front().owner;
        if (!zones.soaFor(owner)) {
            error = owner.toText() + " lies in no zone: a SOA record is missing";
            return std::nullopt;
        }
    }
    return zones;
}

std::vector<Name> ZoneSet::apexes() const {
    std::vector<Name> result;
    for (const auto& [key, soa] : m_soas)
        result.push_back(soa.owner);
    return result;
}

const Record* ZoneSet::soaFor(const Name& name) const {
    for (Name at = name;; at = at.parent()) {
        const auto soa = m_soas.find(at.key());
        if (soa != m_soas.end())
            return &soa->second;
        if (at.isRoot())
            return nullptr;
    }
}

const ZoneSet::Node* ZoneSet::find(const Name& name) const {
    const auto node = m_nodes.find(name.key());
    return node == m_nodes.end() ? nullptr : &node->second;
}

bool ZoneSet::hasBelow(const Name& name) const {
    return std::any_of(m_nodes.begin(), m_nodes.end(), [&](const auto& entry) {
        return entry.second.begin()->second.front().owner.isAtOrBelow(name);
    });
}

const ZoneSet::Node* ZoneSet::wildcardFor(const Name& name) const {
    for (Name at = name; !at.isRoot();) {
        at = at.parent();
        Name wildcard = at;
        wildcard.labels.insert(wildcard.labels.begin(), "*");
        if (const Node* node = find(wildcard))
            return node;
        if (hasBelow(at)) // the closest encloser: wildcards above it do not reach further down
            return nullptr;
    }
    return nullptr;
}

void ZoneSet::addNegative(const Record& soa, Message& answer) const {
    Record record = soa;
    record.ttl = std::min(record.ttl, soaMinimum(soa));
    answer.authorities.push_back(std::move(record));
}

void ZoneSet::lookUp(const Question& question, Message& answer) const {
    Name name = question.name;
    for (int hop = 0; hop < kLongestCnameChain; ++hop) {
        const Record* soa = soaFor(name);
        if (!soa && hop > 0)
            return;
        if (!soa) {
            answer.rcode = m_outside == OutsideNames::Refuse ? rcode::kRefused : rcode::kNxDomain;
            if (m_outside == OutsideNames::DoNotExist)
                answer.authorities.push_back(rootSoa());
            return;
        }
        const Node* node = find(name);
        if (!node && !hasBelow(name)) {
            node = wildcardFor(name);
            if (!node) {
                answer.rcode = rcode::kNxDomain;
                return addNegative(*soa, answer);
            }
        }
        if (!node)
            return addNegative(*soa, answer);

        bool found = false;
        const auto add = [&](const std::vector<Record>& records) {
            for (Record record : records) {
                record.owner = name;
                answer.answers.push_back(std::move(record));
                found = true;
            }
        };
        for (const auto& [type, records] : *node)
            if (type == question.type || question.type == rr::kAny)
                add(records);
        if (found)
            return;
        const auto alias = node->find(rr::kCname);
        if (alias == node->end())
            return addNegative(*soa, answer);
        add(alias->second);
        const auto target = nameIn(alias->second.front().rdata);
        if (!target)
            return;
        name = *target;
    }
}

Message ZoneSet::answer(const Message& query) const {
    Message answer;
    answer.id = query.id;
    answer.response = true;
    answer.opcode = query.opcode;
    answer.recursionDesired = query.recursionDesired;
    answer.recursionAvailable = true;
    answer.checkingDisabled = query.checkingDisabled;
    answer.questions = query.questions;
    if (query.edns) {
        answer.edns.emplace();
        answer.edns->dnssecOk = query.edns->dnssecOk;
    }
    if (query.edns && query.edns->version > 0)
        answer.rcode = rcode::kBadVers;
    else if (query.opcode != 0)
        answer.rcode = rcode::kNotImp;
    else if (query.questions.size() != 1)
        answer.rcode = rcode::kFormErr;
    else if (query.questions[0].klass != kClassIn)
        answer.rcode = rcode::kRefused;
    else
        lookUp(query.questions[0], answer);
    if (query.edns && query.edns->find(edns::kPadding))
        padTo(answer, kPaddingBlock);
    return answer;
}

void padTo(Message& message, std::size_t block) {
    if (!message.edns)
        return;
    auto& options = message.edns->options;
    std::erase_if(options, [](const EdnsOption& option) { return option.code == edns::kPadding; });
    options.push_back({edns::kPadding, {}});
    const std::size_t over = message.toWire().size() % block;
    if (over != 0)
        options.back().data.assign(block - over, 0);
}

} // namespace sotto::test
