// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/engine_config.h"
#include "support/dot_server.h"

#include <memory>
#include <vector>

namespace sotto::test {

/// The servers of a soak, of one CA, and what an engine needs to know of them.
class SoakServers {
public:
    static constexpr std::size_t kCount = 3;

    /// They run from then on.
    SoakServers();

    DotServer& operator[](std::size_t index) { return *m_servers[index]; }
    engine::EngineConfig config() const;
    Identity goodIdentity() const;
    /// For another name, expired, or of another CA, as kind says.
    Identity badIdentity(unsigned kind) const;

private:
    ThrowawayCa m_ca;
    std::vector<std::unique_ptr<DotServer>> m_servers;
};

} // namespace sotto::test
