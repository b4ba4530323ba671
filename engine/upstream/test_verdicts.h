// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "wire/upstream_response.h"

#include <cstddef>
#include <cstdint>
#include <optional>

/// What single answers say of the server that gave them; nothing where they leave it open. Pure.
namespace sotto::engine {

/// Whether it checks signatures, by its answer for a name with right ones (RFC 4035 §3.2.3).
std::optional<bool> showsValidation(const UpstreamResponse& signedGood);

/// Whether it holds back a name with wrong signatures (RFC 4035 §5.5).
std::optional<bool> refusesBogus(const UpstreamResponse& signedBad);

/// Whether it blocks the name of the question: denies or refuses it, says so (RFC 8914 §4.16 to
/// §4.18), or gives only addresses that lead nowhere.
std::optional<bool> blocks(const UpstreamResponse& response, const Question& question);

/// What a padded message of so many octets was padded to a multiple of, as far as servers do it in
/// a usual way (RFC 8467 §4); else 0.
std::uint32_t paddingBlockOf(std::size_t octets);

} // namespace sotto::engine
