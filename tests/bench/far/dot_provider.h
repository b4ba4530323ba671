// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "far/far_network.h"
#include "far/helper_process.h"
#include "far/shared.h"

#include "support/throwaway_ca.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include <openssl/ssl.h>

namespace sotto::bench {

/// What a provider is told while it works, and what it counts.
struct ProviderControl {
    std::atomic<int> tickets{2};                  ///< for each new connection
    std::atomic<std::int64_t> idleCloseMillis{0}; ///< closes what was idle for so long; 0: nothing
    std::atomic<unsigned> slowOneIn{0};           ///< one answer in so many is late; 0: none
    std::atomic<std::int64_t> slowMillis{0};      ///< by so much
    std::atomic<unsigned> closings{0};            ///< another value: closes all there are

    std::atomic<std::uint64_t> queries{0};
    std::atomic<std::int64_t> open{0};        ///< connections
    std::atomic<std::uint64_t> resumed{0};    ///< handshakes that a ticket made shorter
    std::atomic<std::uint64_t> early{0};      ///< connections with early data that was read
    std::atomic<std::uint64_t> fastOpened{0}; ///< connections whose first packet had data
};

/// One DNS-over-TLS provider on the far side, as a process of its own: quick, answers whatever is
/// asked (see appendAnswer()), in any order, and gives tickets that are good for early data and
/// outlive its process.
class DotProvider {
public:
    static constexpr std::uint16_t kPort = 853;

    /// network and identity outlive this object; the name in it is the provider's.
    DotProvider(const FarNetwork& network, const char* address, const test::Identity& identity);

    void start();
    /// As a process that is killed: its port is closed, its connections are reset or ended.
    void kill();
    /// Neither reads nor answers nor closes any more, but its system goes on.
    void hang() { m_process->halt(); }
    void goOn() { m_process->goOn(); }
    /// Ends every connection properly; waits until they are gone, but not for long.
    void closeConnections();
    /// Forgets what it was told.
    void behave();

    ProviderControl& control() { return *m_control; }
    const char* address() const { return m_address; }

private:
    struct FreeContext {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };

    const FarNetwork& m_network;
    const char* m_address;
    Shared<ProviderControl> m_control;
    std::unique_ptr<SSL_CTX, FreeContext> m_tls;
    std::unique_ptr<HelperProcess> m_process;
};

} // namespace sotto::bench
