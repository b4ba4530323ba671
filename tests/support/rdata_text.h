// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <string>
#include <string_view>
#include <vector>

namespace sotto::test {

/// One word of a master file; inside quotes blanks and semicolons have no meaning.
struct Word {
    std::string text; ///< escapes are kept
    bool quoted = false;
    int line = 1;
};

/// The number of a type from its mnemonic ("HTTPS") or RFC 3597 form ("TYPE65").
std::optional<std::uint16_t> typeFromText(std::string_view text);

/// A name as a master file gives it: "@" is the origin, and without the last dot the origin
/// follows.
std::optional<Name> nameInFile(std::string_view text, const Name& origin);

/// Turns the words of one record's data into its wire form: the types named in rr, and any type in
/// the form "\# length hex" (RFC 3597 §5). Where it cannot, error says why.
std::optional<Bytes> rdataFromWords(std::uint16_t type, const std::vector<Word>& words,
                                    const Name& origin, std::string& error);

/// The same for data written in one string with absolute names: what tests compare answers with.
/// Empty where the text is wrong.
Bytes rdata(std::uint16_t type, std::string_view text);

} // namespace sotto::test
