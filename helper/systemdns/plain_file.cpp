// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/plain_file.h"

#include "systemdns/dhcp_leases.h"
#include "systemdns/file_coverage.h"
#include "systemdns/resolv_conf.h"
#include "systemdns/rooted_file.h"

#include <algorithm>

namespace sotto::systemdns {

namespace {

using Kind = ResolvConfState::Kind;

bool isOurs(const ResolvConfState& state) {
    return state.kind == Kind::Regular && authorshipOf(state.octets) == Authorship::Ours;
}

QString notKnown() {
    return QStringLiteral("/etc/resolv.conf is one that Sotto wrote, and what was there before is "
                          "not known; write this computer's DNS servers into it, as lines like: "
                          "nameserver 192.0.2.1");
}

bool isOursNow(const ResolvConfFile& file) {
    const auto read = file.read();
    const auto* state = std::get_if<ResolvConfState>(&read);
    return state && isOurs(*state);
}

bool isThere(const ResolvConfFile& file) {
    const auto read = file.read();
    const auto* state = std::get_if<ResolvConfState>(&read);
    return !state || state->kind != Kind::Absent;
}

/// What a resolv.conf says, whoever may read it and whenever it was written.
bool saysTheSame(const ResolvConfState& a, const ResolvConfState& b) {
    return a.kind == b.kind && a.link == b.link && (a.kind == Kind::Link || a.octets == b.octets);
}

/// Where vpnc-script lays its copies; it puts the content back, not the file.
const QString kVpncFolder = QStringLiteral("/run/vpnc");

std::vector<ResolvConfFile> vpncCopies(const QString& root) {
    std::vector<ResolvConfFile> copies;
    for (const QString& name : namesIn(root, kVpncFolder)) {
        if (name.startsWith(QLatin1String("resolv.conf-backup")))
            copies.emplace_back(root, kVpncFolder, name);
    }
    return copies;
}

std::vector<ResolvConfFile> copiesIn(const QString& root, const QStringList& names) {
    std::vector<ResolvConfFile> copies;
    for (const QString& name : names)
        copies.emplace_back(root, QStringLiteral("/etc"), name);
    return copies;
}

QString whatLiesThere(const ResolvConfState& state) {
    switch (state.kind) {
    case Kind::Absent:
        return QStringLiteral("there is no /etc/resolv.conf; it can be written");
    case Kind::Link:
        return QStringLiteral("/etc/resolv.conf is a link to %1").arg(state.link);
    case Kind::Regular:
        break;
    }
    return QStringLiteral("/etc/resolv.conf is a file");
}

/// Some agents keep the servers that they find where a lease brings none (dhclient-script does);
/// such a file must not become what comes back.
bool namesOnly(const ResolvConfState& state, const QStringList& addresses) {
    return ResolvConf::parse(state.octets).namesOnly(addresses);
}

} // namespace

PlainFile::PlainFile(Surroundings surroundings, QObject* parent)
    : Mechanism(parent)
    , m_surroundings(std::move(surroundings))
    , m_file(m_surroundings.root) {}

Finding PlainFile::look() const {
    Finding finding{id(), false, {}};
    const auto read = m_file.read();
    if (const auto* fault = std::get_if<Fault>(&read)) {
        finding.reason = fault->reason;
        return finding;
    }
    const auto& state = std::get<ResolvConfState>(read);
    const ResolvConf conf = ResolvConf::parse(state.octets);
    finding.leadsToResolved = conf.namesResolvedStub();
    finding.besideResolved = !finding.leadsToResolved;
    if (const auto obstacle = m_file.obstacle()) {
        finding.reason = obstacle->reason;
        return finding;
    }
    finding.usable = true;
    finding.reason = whatLiesThere(state);
    const ResolvConfWriter writer = writerOf(state, clues());
    if (isOurs(state))
        finding.reason += QStringLiteral(" that Sotto wrote");
    else if (!writer.name.isEmpty())
        finding.reason += QStringLiteral(" of %1").arg(writer.name);
    if (!conf.nameservers.isEmpty())
        finding.reason +=
            QStringLiteral(" and names %1").arg(conf.nameservers.join(QLatin1String(", ")));
    return finding;
}

std::optional<Leftover> PlainFile::leftover() const {
    const auto read = m_file.read();
    const auto* state = std::get_if<ResolvConfState>(&read);
    if (!state || !isOurs(*state))
        return std::nullopt;
    const Target target{ResolvConf::parse(state->octets).nameservers};
    if (!target.fault().isEmpty())
        return std::nullopt; // nothing that Sotto writes
    return Leftover{target, notKnown()};
}

bool PlainFile::supports(const Target& target) const {
    return target.port == Target::kDnsPort; // resolv.conf(5) knows no port
}

std::variant<QJsonObject, Fault> PlainFile::capture() const {
    const auto read = m_file.read();
    if (const auto* fault = std::get_if<Fault>(&read))
        return *fault;
    const auto& state = std::get<ResolvConfState>(read);
    if (isOurs(state))
        return Fault{notKnown()};
    return state.toJson();
}

std::optional<Fault> PlainFile::apply(const Target& target, const QJsonObject& before) {
    if (!target.fault().isEmpty() || !supports(target))
        return Fault{QStringLiteral("/etc/resolv.conf can name loopback addresses on port %1 only")
                         .arg(Target::kDnsPort)};
    const auto earlier = ResolvConfState::fromJson(before);
    if (!earlier)
        return Fault{QStringLiteral("what was recorded of /etc/resolv.conf cannot be read")};
    const QByteArray octets = composeResolvConf(target.addresses, earlier->keptLines());
    const auto now = m_file.read();
    if (const auto* fault = std::get_if<Fault>(&now))
        return *fault;
    const auto& state = std::get<ResolvConfState>(now);
    if (state.kind == Kind::Regular && state.octets == octets)
        return std::nullopt;
    return m_file.write(octets, std::nullopt);
}

Standing PlainFile::standing(const Target& target, const QJsonObject& before) const {
    const auto read = m_file.read();
    if (std::holds_alternative<Fault>(read))
        return {Standing::Holder::Person, QString(), std::nullopt};
    const auto& now = std::get<ResolvConfState>(read);
    const auto earlier = ResolvConfState::fromJson(before);
    return isOurs(now) ? standingOfOurs(target, now, earlier)
                       : standingOfOthers(target, now, earlier);
}

Standing PlainFile::standingOfOurs(const Target& target, const ResolvConfState& now,
                                   const std::optional<ResolvConfState>& earlier) const {
    // What an agent's file says beside its servers, which ours repeats, may have changed.
    if (earlier && earlier->kind == Kind::Link) {
        const auto led = m_file.behind(*earlier);
        if (led && !led->octets.isEmpty() && led->keptLines() != earlier->keptLines())
            return {Standing::Holder::Agent, writerOf(*led, clues()).name, led->toJson()};
    }
    if (!earlier || now.octets == composeResolvConf(target.addresses, earlier->keptLines()))
        return {};
    return {Standing::Holder::Agent, QStringLiteral("Sotto"), std::nullopt};
}

Standing PlainFile::standingOfOthers(const Target& target, const ResolvConfState& now,
                                     const std::optional<ResolvConfState>& earlier) const {
    const ResolvConfWriter writer = writerOf(now, clues());
    // A crash may come before the first apply().
    if (earlier && now.isUntouchedSince(*earlier))
        return {Standing::Holder::Agent, writer.name, std::nullopt};
    // Who changed something else in it has not taken the computer's names away from us.
    if (writer.kind != ResolvConfWriter::Kind::Agent && namesOnly(now, target.addresses))
        return {};
    switch (writer.kind) {
    case ResolvConfWriter::Kind::Vpn:
        return {Standing::Holder::Vpn,      writer.name, std::nullopt, false, false,
                mayPutOursBack(writer.name)};
    case ResolvConfWriter::Kind::Person:
        return {Standing::Holder::Person,
                QString(),
                std::nullopt,
                writer.mayBeDhclient,
                earlier && saysTheSame(now, *earlier),
                false};
    case ResolvConfWriter::Kind::Agent:
        break;
    }
    Standing standing{Standing::Holder::Agent, writer.name, std::nullopt};
    if (namesOnly(now, target.addresses))
        return standing;
    // Where a link led to what the agent now wrote in its place, the link is what comes back.
    if (earlier && earlier->kind == Kind::Link && now.kind == Kind::Regular) {
        const auto led = m_file.behind(*earlier);
        if (led && led->octets == now.octets) {
            standing.before = led->toJson();
            return standing;
        }
    }
    standing.before = now.toJson();
    return standing;
}

std::optional<Fault> PlainFile::restore(const Target& target, const QJsonObject& before) {
    const auto read = m_file.read();
    if (const auto* fault = std::get_if<Fault>(&read))
        return *fault;
    const auto& now = std::get<ResolvConfState>(read);
    const auto earlier = ResolvConfState::fromJson(before);
    if (earlier)
        mendCopies(*earlier);
    // Another's file that still leads here would leave the computer without names.
    if (!isOurs(now) && !namesOnly(now, target.addresses))
        return std::nullopt;
    if (!earlier)
        return Fault{QStringLiteral("what was recorded of /etc/resolv.conf cannot be read; write "
                                    "a new one")};
    return put(m_file, *earlier);
}

std::optional<Fault> PlainFile::put(const ResolvConfFile& file,
                                    const ResolvConfState& state) const {
    switch (state.kind) {
    case Kind::Absent:
        return file.remove();
    case Kind::Link:
        return file.putLink(state.link, state.attributes);
    case Kind::Regular:
        break;
    }
    return file.write(state.octets, state.attributes);
}

/// What cannot be mended is looked for again once the VPN has ended.
void PlainFile::mendCopies(const ResolvConfState& earlier) {
    const QString& root = m_surroundings.root;
    const auto tell = [this](const std::optional<Fault>& fault) {
        if (fault)
            emit noticed(QStringLiteral("a VPN's copy of Sotto's /etc/resolv.conf could not be "
                                        "replaced: %1")
                             .arg(fault->reason));
    };
    for (const ResolvConfFile& copy : copiesIn(root, vpnCopies())) {
        if (isOursNow(copy))
            tell(put(copy, earlier));
    }
    for (const ResolvConfFile& copy : vpncCopies(root)) {
        if (isOursNow(copy))
            tell(copy.write(octetsOf(earlier), std::nullopt));
    }
}

/// Not where it has a copy that is known and not ours: that one comes back.
bool PlainFile::mayPutOursBack(const QString& vpn) const {
    const QString& root = m_surroundings.root;
    auto copies = copiesIn(root, vpnCopies(vpn));
    if (isVpnc(vpn)) {
        for (auto& copy : vpncCopies(root))
            copies.push_back(copy);
    }
    const auto isMended = [](const auto& copy) { return isThere(copy) && !isOursNow(copy); };
    return std::none_of(copies.cbegin(), copies.cend(), isMended) ||
           std::any_of(copies.cbegin(), copies.cend(), isOursNow);
}

QByteArray PlainFile::octetsOf(const ResolvConfState& earlier) const {
    if (earlier.kind != Kind::Link)
        return earlier.octets;
    return m_file.behind(earlier).value_or(ResolvConfState()).octets;
}

Coverage PlainFile::coverage(const Target& target) const {
    return fileCoverage(m_surroundings.root, target);
}

void PlainFile::watch() {
    if (!m_watches.empty())
        return;
    // Beside the file itself: those of agents, which it may have been a link to; and what decides
    // on whom containers ask.
    for (const char* file :
         {"/etc/resolv.conf", "/run/NetworkManager/resolv.conf", "/run/systemd/resolve/resolv.conf",
          "/run/resolvconf/resolv.conf", "/run/connman/resolv.conf", "/run/netconfig/resolv.conf",
          "/etc/docker/daemon.json"}) {
        auto watch = std::make_unique<FileWatch>(m_surroundings.root + QLatin1String(file));
        connect(watch.get(), &FileWatch::changed, this, &Mechanism::changed);
        watch->start();
        m_watches.push_back(std::move(watch));
    }
}

WriterClues PlainFile::clues() const {
    return {namesIn(m_surroundings.root, QStringLiteral("/etc")),
            newestLeases(m_surroundings.root)};
}

} // namespace sotto::systemdns
