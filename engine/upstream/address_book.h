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
/// when they are needed and kept as long as they may be, sleep included. Those that led nowhere, or
/// were found in another network, are looked up anew before their time, with a pause that doubles;
/// until there are others they are what there is. Ordered for connecting: the families in turn
/// (RFC 8305 §4), the address that worked last first, those that failed behind. Times are of the
/// boot clock. Resolver thread only.
class AddressBook {
public:
    /// Between two look-ups while there are addresses to try, at first and at the most.
    static constexpr std::chrono::seconds kShortestPause{1};
    static constexpr std::chrono::seconds kLongestPause{30};

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
    /// None is known, or those that are known are doubtful or past their lifetime, and the pause is
    /// over.
    bool wantsLookUp(std::int64_t now) const;
    /// done runs unless this object ends first, or the look-up is abandoned.
    void lookUp(const LookUp& lookUp, const std::string& name, std::uint32_t forUpstream,
                std::function<void(const std::string& error)> done);
    void abandonLookUp();

    /// In the order to try.
    std::vector<IpAddress> order() const;
    void noteWorked(const IpAddress& address);
    /// Where all of them did, they led nowhere.
    void noteFailed(const IpAddress& address);
    /// None of them worked.
    void noteLedNowhere() { m_freshUntil = 0; }
    /// What failed there may work here, and what was found there may be another server's here.
    void noteOtherNetwork();

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
    std::int64_t m_lastLookUp = 0;
    std::int64_t m_pause = 0;    ///< after it
    std::uint64_t m_lookUps = 0; ///< so many were begun or abandoned
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace sotto::engine
