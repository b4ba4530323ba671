// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// What a DotServer does wrong, and when. Plain values; the defaults are a server without fault.
namespace sotto::test {

/// How the server treats one answer.
struct Behaviour {
    enum class Question { Kept, OtherName, OtherType, OtherClass, OtherCase, LeftOut };
    enum class Ending {
        KeepOpen,
        Close,              ///< close_notify, then FIN
        CloseWithoutNotify, ///< FIN alone
        Reset,              ///< RST
    };

    /// Only the first so many queries that this behaviour is for get it, later ones a faultless
    /// answer; 0: all.
    unsigned times = 0;

    std::chrono::milliseconds delay{0};
    bool drop = false; ///< never answered; the ending still applies

    std::optional<std::uint16_t> rcode; ///< with this response code and no records
    bool truncated = false;             ///< TC set
    bool authenticData = false;         ///< AD set
    bool asQuery = false;               ///< QR not set
    bool wrongId = false;
    Question question = Question::Kept;
    std::size_t size = 0;     ///< grown to exactly so many octets by TXT records, up to 65535
    std::optional<Bytes> raw; ///< these octets in place of the answer, as one message

    bool unsolicitedFirst = false; ///< an answer that nobody asked for goes ahead
    unsigned copies = 1;
    bool halfFrame = false; ///< half of the answer, then the ending (at the least Close)
    Ending ending = Ending::KeepOpen;
};

/// How the server treats connections and, by name, queries.
struct ServerScript {
    enum class AtAccept { Serve, Close, Reset, Stall /* never answers the TLS handshake */ };
    enum class Tls { V1_1, V1_2, V1_3 };

    AtAccept atAccept = AtAccept::Serve;
    Tls oldest = Tls::V1_2;
    Tls newest = Tls::V1_3;
    bool alpn = true;    ///< chooses "dot" where the client offers it
    bool tickets = true; ///< offers session resumption

    Behaviour behaviour;                     ///< for names without one of their own
    std::map<std::string, Behaviour> byName; ///< presentation form; case has no meaning

    /// Closes a connection once it got so many answers; 0: never.
    unsigned closeAfterAnswers = 0;
    /// Holds answers until so many wait on a connection (or reorderWait passed), then sends them
    /// last first; 0 and 1: at once.
    unsigned reorder = 0;
    std::chrono::milliseconds reorderWait{200};
    /// Closes a connection that asked nothing for so long; 0: never.
    std::chrono::milliseconds idleClose{0};
};

} // namespace sotto::test
