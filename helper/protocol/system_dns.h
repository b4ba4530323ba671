// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "json/json_fields.h"

/// Who asks whom on this computer: the system's DNS settings, as the lease keeper sees them.
namespace sotto::protocol {

enum class SystemDnsState {
    ByHand,      ///< the settings say that Sotto leaves the system's DNS alone
    Off,         ///< as it was before Sotto
    Taking,      ///< being switched, or verified
    On,          ///< the system's own look-ups reached this service
    Unanswered,  ///< switched, but nobody answers there: it is about to be given back, or kept
    Yielded,     ///< somebody else has taken over; system.take takes it again
    GivingBack,  ///< the earlier settings are coming back
    Failed,      ///< could not be switched, or not be given back: see reason
    Unavailable, ///< the lease keeper cannot be reached: see reason
};
QString enumText(SystemDnsState state);
bool enumFromText(const QString& text, SystemDnsState& state);

/// What is asked beside this service, or does not ask it.
struct SystemDnsException {
    /// For programs: "link_route_all", "link_domains", "vpn", "containers", "static_nsswitch",
    /// "network_namespace". More may come.
    QString kind;
    QString subject; ///< whose: an interface, a program
    QString detail;  ///< for people, in English: what goes where, and what can be done
    /// The same as data: who is asked there; of containers, the address of their bridge.
    SparseList<QString> servers = {};
    SparseList<QString> domains = {}; ///< which names go there

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("kind", self.kind);
        visit("subject", self.subject);
        visit("detail", self.detail);
        visit("servers", self.servers);
        visit("domains", self.domains);
    }
};

struct SystemDns {
    SystemDnsState state = SystemDnsState::ByHand;
    QStringList mechanisms; ///< "systemd-resolved", "networkmanager", "resolvconf", "file"
    QStringList addresses;  ///< that the system was told to ask; empty where it is not on
    int port = 0;
    QStringList interfaces; ///< that are covered
    bool ipv4 = false;
    bool ipv6 = false;
    QList<SystemDnsException> exceptions;
    QString winner;           ///< yielded: who took over, for people; a person: what was changed
    QString winnerKind;       ///< yielded: "person", "vpn", or "agent": one that never rests
    QString reason;           ///< failed, unavailable: why, and what to do; else empty
    bool keepsClosed = false; ///< where nobody answers it stays: no names rather than clear text

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("state", self.state);
        visit("mechanisms", self.mechanisms);
        visit("addresses", self.addresses);
        visit("port", self.port);
        visit("interfaces", self.interfaces);
        visit("ipv4", self.ipv4);
        visit("ipv6", self.ipv6);
        visit("exceptions", self.exceptions);
        visit("winner", self.winner);
        visit("winner_kind", self.winnerKind);
        visit("reason", self.reason);
        visit("keeps_closed", self.keepsClosed);
    }
};

/// Whether a mechanism was chosen, and why.
struct MechanismFinding {
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

struct SystemDnsExplanation {
    SystemDns system;
    QList<MechanismFinding> findings; ///< in the order in which they are tried
    /// What they were looked at for, as the settings want it; empty where there is no address that
    /// the system could ask.
    QStringList addresses = {};
    int port = 0;
    QString mechanism = {}; ///< "auto", or the only one that may be chosen

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("system", self.system);
        visit("findings", self.findings);
        visit("addresses", self.addresses);
        visit("port", self.port);
        visit("mechanism", self.mechanism);
    }
};

} // namespace sotto::protocol
