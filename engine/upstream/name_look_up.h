// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "upstream/address_book.h"
#include "upstream/pending_query.h"
#include "upstream/plain_server.h"
#include "upstream/upstream.h"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace sotto::engine {

/// Looks up the addresses of an upstream's own name: by the encrypted upstreams that need no such
/// look-up themselves, one after the other, and then, only where the settings name such servers, in
/// clear text. Never through the forwarder itself. Resolver thread only.
class NameLookUp : public std::enable_shared_from_this<NameLookUp> {
public:
    /// One upstream is waited for so long.
    static constexpr std::chrono::milliseconds kPatience{1500};

    NameLookUp(asio::io_context& context, const std::string& name,
               std::vector<std::shared_ptr<Upstream>> upstreams,
               const std::vector<Endpoint>& bootstrap, const ForwardConfig& forward,
               AddressBook::Handler handler);
    ~NameLookUp();

    void start();
    /// Ends with an error, soon.
    void giveUp();
    /// Nobody hears of it any more.
    void close();
    bool isOver() const { return !m_handler; }

private:
    class TypeQuery;

    void askNext();
    void replied();
    void finish();

    asio::io_context& m_context;
    asio::steady_timer m_timer;
    std::string m_name;
    std::vector<std::shared_ptr<Upstream>> m_upstreams; ///< still to be asked
    std::vector<std::unique_ptr<PlainServer>> m_bootstrap;
    std::size_t m_next = 0;
    std::unique_ptr<TypeQuery> m_v4;
    std::unique_ptr<TypeQuery> m_v6;
    AddressBook::Found m_found;
    AddressBook::Handler m_handler; ///< empty once over
};

} // namespace sotto::engine
