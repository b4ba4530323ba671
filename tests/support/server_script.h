// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_message.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

/// What a server of the tests does wrong, and when. Plain values; the defaults are a server without
/// fault.
namespace sotto::test {

/// How the server treats one answer.
struct Behaviour {
    enum class Question { Kept, OtherName, OtherType, OtherClass, OtherCase, LeftOut };
    enum class Ending {
        KeepOpen,
        Close,              ///< close_notify, then FIN
        CloseWithoutNotify, ///< FIN alone
        HalfClose,          ///< FIN alone, and the other direction stays open, read and unanswered
        Reset,              ///< RST
    };

    /// Only the first so many queries that this behaviour is for get it, later ones a faultless
    /// answer; 0: all.
    unsigned times = 0;
    /// Only every so-manieth query that this behaviour is for gets it; 0 and 1: all.
    unsigned every = 0;

    std::chrono::milliseconds delay{0};
    bool drop = false; ///< never answered; the ending still applies

    std::optional<std::uint16_t> rcode; ///< with this response code and no records
    bool truncated = false;             ///< TC set
    bool truncatedUdp = false;          ///< TC set and no records, over UDP only
    bool authenticData = false;         ///< AD set
    bool asQuery = false;               ///< QR not set
    bool wrongId = false;
    bool wrongSource = false; ///< over UDP from another port than was asked
    Question question = Question::Kept;
    std::size_t size = 0;     ///< grown to exactly so many octets by TXT records, up to 65535
    std::optional<Bytes> raw; ///< these octets in place of the answer, as one message

    /// The idle time told to clients that use EDNS (RFC 7828), in steps of 100 ms.
    std::optional<std::chrono::milliseconds> keepalive;
    /// The scope with which a client's subnet is given back (RFC 7871 §7.2.1); nothing: not at all.
    std::optional<std::uint8_t> subnetScope;
    /// What answers to padded queries are padded to a multiple of (RFC 8467); 0: not padded.
    std::size_t paddingBlock = 468;

    bool unsolicitedFirst = false; ///< an answer that nobody asked for goes ahead
    unsigned copies = 1;
    bool halfFrame = false; ///< half of the answer, then the ending (at the least Close)
    Ending ending = Ending::KeepOpen;
};

/// How the server treats connections and, by name, queries.
struct ServerScript {
    enum class AtAccept { Serve, Close, Reset, Stall /* never answers the TLS handshake */ };
    enum class Tls { V1_1, V1_2, V1_3 };
    enum class ZeroRtt {
        NotOffered,
        Accepted,
        Rejected, ///< tickets allow it, but what comes is thrown away
    };
    enum class ClientCertificate { NotAsked, Asked, Demanded };

    AtAccept atAccept = AtAccept::Serve;
    Tls oldest = Tls::V1_2;
    Tls newest = Tls::V1_3;
    bool alpn = true;    ///< chooses "dot" where the client offers it
    bool tickets = true; ///< offers session resumption
    ZeroRtt earlyData = ZeroRtt::NotOffered;
    ClientCertificate clientCertificate = ClientCertificate::NotAsked; ///< any is good enough
    std::chrono::milliseconds helloDelay{0}; ///< before the handshake is answered
    std::chrono::milliseconds helloGap{0};   ///< within that answer: half of it, then the rest

    Behaviour behaviour;                     ///< for names without one of their own
    std::map<std::string, Behaviour> byName; ///< presentation form; case has no meaning

    /// Ends a connection once it got so many answers; 0: never.
    unsigned closeAfterAnswers = 0;
    Behaviour::Ending endingAfterAnswers = Behaviour::Ending::Close;
    /// Reads nothing more from a connection while so many of its queries are unanswered; 0: always.
    unsigned maxInFlight = 0;
    /// Holds answers until so many wait on a connection (or reorderWait passed), then sends them
    /// last first; 0 and 1: at once.
    unsigned reorder = 0;
    std::chrono::milliseconds reorderWait{200};
    /// Ends a connection that asked nothing for so long; 0: never.
    std::chrono::milliseconds idleClose{0};
    Behaviour::Ending idleEnding = Behaviour::Ending::Close;
};

} // namespace sotto::test
