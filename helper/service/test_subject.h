// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/provider_test.h"
#include "service/refusal.h"
#include "service/settings/effective_settings.h"
#include "service/settings/provider_catalog.h"

#include <variant>

namespace sotto::service {

/// What a test of a provider is about.
struct TestSubject {
    engine::UpstreamConfig config;
    QString provider; ///< id in the catalog; empty for one's own upstream
    protocol::ProviderClaims claims;
    bool isKnown = false; ///< of the catalog or configured, rather than new in the request
};

/// Finds it: with the terms that are configured where it is in use. Pure.
std::variant<TestSubject, Refusal> testSubject(const protocol::ProviderTestParams& params,
                                               const EffectiveSettings& settings,
                                               const ProviderCatalog& catalog);

} // namespace sotto::service
