// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::test {

/// A domain name as its labels, most specific first, in the case they were spelt in. The root has
/// none. Written apart from the engine's code so that it can judge it.
struct Name {
    std::vector<std::string> labels;

    /// Reads presentation form (RFC 1035 §5.1 escapes, with or without the last dot).
    static std::optional<Name> fromText(std::string_view text);
    /// Presentation form with the last dot.
    std::string toText() const;

    /// The uncompressed wire form.
    std::string toWire() const;
    /// The wire form in lower case: equal for names that DNS holds to be the same.
    std::string key() const;

    bool isRoot() const { return labels.empty(); }
    Name parent() const;
    bool isAtOrBelow(const Name& ancestor) const;
    bool sameAs(const Name& other) const { return key() == other.key(); }

    /// Compares with case.
    bool operator==(const Name&) const = default;
};

} // namespace sotto::test
