// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_observations.h"

#include <algorithm>

namespace sotto::test {
namespace {

std::size_t count(const std::vector<SeenConnection>& connections, bool SeenConnection::*member) {
    return static_cast<std::size_t>(
        std::count_if(connections.begin(), connections.end(),
                      [member](const SeenConnection& each) { return each.*member; }));
}

auto isFor(std::string_view text, std::uint16_t type) {
    return [wanted = Name::fromText(text), type](const SeenQuery& each) {
        return wanted && each.message && each.name().sameAs(*wanted) &&
               (type == 0 || each.type() == type);
    };
}

} // namespace

std::optional<SubnetOption> subnetIn(const Message& message) {
    const EdnsOption* option = message.edns ? message.edns->find(edns::kClientSubnet) : nullptr;
    if (!option || option->data.size() < 4)
        return std::nullopt;
    const Bytes& data = option->data;
    return SubnetOption{static_cast<std::uint16_t>(data[0] << 8 | data[1]), data[2], data[3],
                        Bytes(data.begin() + 4, data.end())};
}

Name SeenQuery::name() const {
    return message && !message->questions.empty() ? message->questions[0].name : Name{};
}

std::uint16_t SeenQuery::type() const {
    return message && !message->questions.empty() ? message->questions[0].type : std::uint16_t{0};
}

const EdnsOption* SeenQuery::option(std::uint16_t code) const {
    return message && message->edns ? message->edns->find(code) : nullptr;
}

std::optional<std::size_t> SeenQuery::paddingLength() const {
    const EdnsOption* padding = option(edns::kPadding);
    return padding ? std::optional(padding->data.size()) : std::nullopt;
}

std::optional<SubnetOption> SeenQuery::clientSubnet() const {
    return message ? subnetIn(*message) : std::nullopt;
}

bool SeenQuery::asksForKeepalive() const {
    return option(edns::kKeepalive) != nullptr;
}

std::size_t Observations::handshakes() const {
    return count(connections, &SeenConnection::handshakeDone);
}

std::size_t Observations::resumptions() const {
    return count(connections, &SeenConnection::resumed);
}

std::size_t Observations::openConnections() const {
    return count(connections, &SeenConnection::open);
}

std::size_t Observations::queriesFor(std::string_view name, std::uint16_t type) const {
    return static_cast<std::size_t>(
        std::count_if(queries.begin(), queries.end(), isFor(name, type)));
}

const SeenQuery* Observations::firstFor(std::string_view name, std::uint16_t type) const {
    const auto found = std::find_if(queries.begin(), queries.end(), isFor(name, type));
    return found == queries.end() ? nullptr : &*found;
}

} // namespace sotto::test
