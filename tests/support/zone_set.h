// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::test {

/// What a server of authoritative data answers to names that are in none of its zones.
enum class OutsideNames {
    Refuse,
    DoNotExist, ///< NXDOMAIN with a SOA record of the root
};

/// Zones and the answers they give, as a resolver would pass them on: CNAME records are followed
/// through all zones held here, wildcards are expanded (RFC 4592), negative answers carry the SOA
/// (RFC 2308). Every SOA record in the text begins a zone. A value; answering does not change it.
class ZoneSet {
public:
    /// Reads master-file text. Where it cannot, error is "line N: reason".
    static std::optional<ZoneSet> fromText(std::string_view text, std::string& error,
                                           OutsideNames outside = OutsideNames::Refuse);

    /// The whole answer to a query, EDNS and padding (RFC 8467: blocks of 468) included.
    Message answer(const Message& query) const;

    std::vector<Name> apexes() const;

private:
    using Node = std::map<std::uint16_t, std::vector<Record>>;

    const Record* soaFor(const Name& name) const;
    const Node* find(const Name& name) const;
    const Node* wildcardFor(const Name& name) const;
    bool hasBelow(const Name& name) const;
    void lookUp(const Question& question, Message& answer) const;
    void addNegative(const Record& soa, Message& answer) const;

    std::map<std::string, Node> m_nodes; ///< by the name's key
    std::map<std::string, Record> m_soas;
    OutsideNames m_outside = OutsideNames::Refuse;
};

/// Adds a padding option to a message with EDNS so that its size becomes a multiple of block.
void padTo(Message& message, std::size_t block);

} // namespace sotto::test
