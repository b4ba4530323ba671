// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/endpoint.h"
#include "engine/upstream_config.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::engine {

/// The addresses of one server: those that are configured, or those that its name has, looked up
/// when they are needed and kept as long as they may be. Ordered for connecting: the families in
/// turn (RFC 8305 §4), the address that worked last first, those that failed behind. Resolver
/// thread only.
class AddressBook {
public:
    struct Found {
        std::vector<IpAddress> addresses; ///< empty: error says why
        std::chrono::seconds lifetime{0};
        bool unencrypted = false; ///< asked for in clear text
        std::string error;
    };
    using Handler = std::function<void(Found)>;
    /// Looks a name up for the upstream with that ID, which may not be asked itself. The handler
    /// runs once, never from within the call.
    using LookUp = std::function<void(const std::string& name, std::uint32_t forUpstream, Handler)>;

    explicit AddressBook(const UpstreamConfig& config);
    ~AddressBook();

    bool isConfigured() const { return m_configured; }
    bool isLookingUp() const { return m_lookingUp; }
    /// Known and not past their lifetime.
    bool isFresh(std::int64_t now) const;
    /// done runs unless this object ends first.
    void lookUp(const LookUp& lookUp, const std::string& name, std::uint32_t forUpstream,
                std::function<void(const std::string& error)> done);

    /// In the order to try.
    std::vector<IpAddress> order() const;
    void noteWorked(const IpAddress& address);
    void noteFailed(const IpAddress& address);
    /// The network changed: what failed there may work here.
    void forgetFailures();

    const std::vector<IpAddress>& known() const { return m_known; }
    bool wasUnencrypted() const { return m_unencrypted; }

private:
    bool m_configured;
    bool m_lookingUp = false;
    bool m_unencrypted = false;
    std::vector<IpAddress> m_known;
    std::vector<IpAddress> m_failed; ///< the longest ago first
    std::vector<IpAddress> m_worked; ///< at most one
    std::int64_t m_freshUntil = 0;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace sotto::engine
