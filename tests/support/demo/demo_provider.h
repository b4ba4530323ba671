// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sotto::test {

/// One of the demonstration's servers, as a provider to choose.
struct DemoProvider {
    std::string id;
    std::string name;
    std::string description;
    std::string tlsName{};       ///< that clients are told
    std::string certificateName; ///< that the server can prove
    std::string filter = "none";
    std::chrono::milliseconds delay{0}; ///< on top of the one that is asked for
    std::vector<std::string> blocked{}; ///< names that do not exist for it
};

/// The providers of the demonstration; the first is the one that is used without a choice.
std::vector<DemoProvider> demoProviders(const std::string& firstName);

/// Where a provider's server listens on 127.0.0.1.
struct ServedProvider {
    DemoProvider provider;
    std::uint16_t port = 0;
};

/// A list in the form of resources/providers.schema.json; ca are the authorities of all.
std::string providerListText(std::span<const ServedProvider> served, const std::string& ca);

} // namespace sotto::test
