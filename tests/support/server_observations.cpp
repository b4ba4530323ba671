// SPDX-License-Identifier: GPL-3.0-or-later
#include "server_observations.h"

#include <algorithm>

namespace sotto::test {

Name SeenQuery::name() const {
    return message && !message->questions.empty() ? message->questions[0].name : Name{};
}

std::uint16_t SeenQuery::type() const {
    return message && !message->questions.empty() ? message->questions[0].type : std::uint16_t{0};
}

std::size_t Observations::handshakes() const {
    return static_cast<std::size_t>(
        std::count_if(connections.begin(), connections.end(),
                      [](const SeenConnection& each) { return each.handshakeDone; }));
}

std::size_t Observations::openConnections() const {
    return static_cast<std::size_t>(
        std::count_if(connections.begin(), connections.end(),
                      [](const SeenConnection& each) { return each.open; }));
}

std::size_t Observations::queriesFor(std::string_view name, std::uint16_t type) const {
    const auto wanted = Name::fromText(name);
    return static_cast<std::size_t>(
        std::count_if(queries.begin(), queries.end(), [&](const SeenQuery& each) {
            return wanted && each.message && each.name().sameAs(*wanted) &&
                   (type == 0 || each.type() == type);
        }));
}

} // namespace sotto::test
