// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/target.h"

#include <QJsonObject>
#include <QList>
#include <QObject>

#include <optional>
#include <variant>

namespace sotto::systemdns {

/// By which of a computer's ways the system's DNS is set. A journal names these, never paths.
enum class MechanismId {
    Resolved,       ///< "systemd-resolved"
    NetworkManager, ///< "networkmanager", where it writes resolv.conf itself
    Resolvconf,     ///< "resolvconf": Debian's or openresolv
    PlainFile,      ///< "file": /etc/resolv.conf
};
QString mechanismText(MechanismId id);
std::optional<MechanismId> mechanismFromText(const QString& text);

/// Why something could not be done, in a sentence for people, without a full stop.
struct Fault {
    QString reason;
};

/// Whether a computer's look-ups go by a mechanism.
struct Finding {
    MechanismId id = MechanismId::PlainFile;
    bool usable = false;
    QString reason; ///< why, or why not, as what was seen: "systemd-resolved is not running"
    /// Programs that go by it would not come to systemd-resolved: it is also applied beside that.
    bool besideResolved = false;
};

/// Something that is asked beside the target, or that the target does not reach.
struct Exception {
    /// "link_route_all", "link_domains", "vpn", "containers", "static_nsswitch",
    /// "network_namespace"
    QString kind;
    QString subject; ///< whose: an interface, a program
    QString detail;  ///< for people, in English: what goes where
    /// The same as data: who is asked in place of the target; of containers, the address of their
    /// bridge.
    QStringList servers = {};
    QStringList domains = {}; ///< which names go there

    bool operator==(const Exception&) const = default;
};

/// What asks the target once a mechanism is applied, and what does not.
struct Coverage {
    QStringList interfaces; ///< up, with an address, loopback not among them
    bool ipv4 = false; ///< of them one has an address of that family, not just a link-local one
    bool ipv6 = false;
    QList<Exception> exceptions;
};

/// Who holds the system's DNS while a lease is on.
struct Standing {
    enum class Holder {
        Us,     ///< as it was applied, or still leading to the target and nobody else
        Agent,  ///< a DHCP client, a network daemon: apply again, on top of its newest values
        Person, ///< somebody edited what was written: theirs stays
        Vpn,    ///< likewise
    };
    Holder holder = Holder::Us;
    QString who; ///< as far as it can be told: "dhclient", "tailscale"
    /// The newest values of agents, in place of what was captured; absent where unchanged.
    std::optional<QJsonObject> before;
};

/// One way to set the system's DNS: describe, apply, verify, restore, changed by others.
///
/// What capture() gives is kept in a journal across crashes and reboots, and given back to apply(),
/// standing() and restore(); it is keyed by what stays the same over a reboot (a connection's UUID,
/// an interface's GUID, a service's UUID) and read as if an enemy had written it. Nothing in it may
/// name a path to write or a program to run. At most 64 KiB.
///
/// Every call may be repeated, and be the first one after a crash in the middle of any other.
///
/// Thread: the one that made it; calls may wait up to some seconds for a daemon.
class Mechanism : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual MechanismId id() const = 0;
    /// Looks only; asks no daemon to start.
    virtual Finding look() const = 0;
    /// Whether it can name that port.
    virtual bool supports(const Target& target) const = 0;

    /// All that apply() will overwrite.
    virtual std::variant<QJsonObject, Fault> capture() const = 0;
    /// All or nothing: on a fault the system is as before the call, as far as it lets itself.
    [[nodiscard]] virtual std::optional<Fault> apply(const Target& target,
                                                     const QJsonObject& before) = 0;
    virtual Standing standing(const Target& target, const QJsonObject& before) const = 0;
    /// Gives back what was captured: a person's settings octet for octet, an agent's to the agent.
    /// Where others have taken over meanwhile, theirs stays, unless it leads to the target alone.
    [[nodiscard]] virtual std::optional<Fault> restore(const Target& target,
                                                       const QJsonObject& before) = 0;
    virtual Coverage coverage(const Target& target) const = 0;

    /// Begins to tell of changes; before that, changed() is never emitted.
    virtual void watch() = 0;

signals:
    /// standing() may give another answer than before. Bursts are the receiver's to gather.
    void changed();
};

} // namespace sotto::systemdns
