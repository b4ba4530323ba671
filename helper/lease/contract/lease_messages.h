// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json/json_fields.h"

/// What travels between sottod and the lease keeper: one JSON object a packet of a local
/// SOCK_SEQPACKET socket, at most kMaxPacket octets. The keeper answers a request with a Report,
/// and sends one unasked whenever something in it has changed, to whoever sent a request before.
namespace sotto::lease {

inline constexpr int kContractVersion = 1;
inline constexpr qsizetype kMaxPacket = 64 * 1024;
inline constexpr auto kSocketPath = "/run/sotto-lease/socket";

enum class Verb { Describe, Apply, Restore };
QString enumText(Verb verb);
bool enumFromText(const QString& text, Verb& verb);

/// What becomes of the lease when nobody answers on its addresses any more.
enum class WhenLost {
    Open,   ///< after ten seconds the earlier settings come back
    Closed, ///< it stays: no names rather than names in clear text
};
QString enumText(WhenLost whenLost);
bool enumFromText(const QString& text, WhenLost& whenLost);

struct Request {
    int version = kContractVersion;
    Verb verb = Verb::Describe;
    QStringList addresses;                      ///< apply: loopback addresses
    int port = 53;                              ///< apply
    QString mechanism = QStringLiteral("auto"); ///< apply: one of the mechanisms' names
    WhenLost whenLost = WhenLost::Open;         ///< apply
    bool takeOver = false; ///< apply: also where a person or a VPN has won before
    QString checkKey{};    ///< apply: of the names by which the sender is known (check_name.h)

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("version", self.version);
        visit("verb", self.verb);
        visit("addresses", self.addresses);
        visit("port", self.port);
        visit("mechanism", self.mechanism);
        visit("when_lost", self.whenLost);
        visit("take_over", self.takeOver);
        visit("check_key", self.checkKey);
    }
};

enum class State {
    Free,       ///< the system's DNS is not ours
    Taking,     ///< journalled, being applied or verified
    Held,       ///< applied, and the system's own look-ups reached us
    Unanswered, ///< held, but nobody answers; it is given back, or kept where Closed
    Yielded,    ///< somebody else has taken over
    GivingBack,
    Failed, ///< could not be taken, or not be given back: fault says why
};
QString enumText(State state);
bool enumFromText(const QString& text, State& state);

struct Finding {
    QString mechanism;
    bool usable = false;
    bool chosen = false;
    QString reason;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("mechanism", self.mechanism);
        visit("usable", self.usable);
        visit("chosen", self.chosen);
        visit("reason", self.reason);
    }
};

/// As systemdns/mechanism.h has it.
struct Exception {
    QString kind;
    QString subject;
    QString detail;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("kind", self.kind);
        visit("subject", self.subject);
        visit("detail", self.detail);
    }
};

struct Report {
    int version = kContractVersion;
    State state = State::Free;
    QStringList mechanisms; ///< in use, or what would be used
    QStringList addresses;  ///< that the system was told to ask; empty while free
    int port = 0;
    QStringList interfaces;
    bool ipv4 = false;
    bool ipv6 = false;
    QList<Exception> exceptions;
    QList<Finding> findings;
    QString winner;     ///< yielded: who took over, for people
    QString winnerKind; ///< yielded: "person", "vpn", or "agent": one that never rests
    QString fault;      ///< of the last request or the last try to give back; empty else
    qint64 since = 0;   ///< when the state began, Unix milliseconds

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("version", self.version);
        visit("state", self.state);
        visit("mechanisms", self.mechanisms);
        visit("addresses", self.addresses);
        visit("port", self.port);
        visit("interfaces", self.interfaces);
        visit("ipv4", self.ipv4);
        visit("ipv6", self.ipv6);
        visit("exceptions", self.exceptions);
        visit("findings", self.findings);
        visit("winner", self.winner);
        visit("winner_kind", self.winnerKind);
        visit("fault", self.fault);
        visit("since", self.since);
    }
};

} // namespace sotto::lease
