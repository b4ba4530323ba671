// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/reach/system_reach.h"

#include "lease/contract/check_name.h"
#include "systemdns/os_lookup.h"
#include "systemdns/probe.h"

#include <QMetaObject>

#include <chrono>

namespace sotto::lease {

using systemdns::Fault;
using systemdns::MechanismId;
using systemdns::Target;
using systemdns::Transport;
using namespace std::chrono_literals;

namespace {

using Looked = std::variant<QStringList, Fault>;

constexpr auto kListenerPatience = 450ms; // for each of UDP and TCP
constexpr auto kSystemPatience = 2000ms;

/// systemd-resolved asks no server, not even one on this computer, before a link has an address.
const QString kNetworkIsDown = QStringLiteral("org.freedesktop.resolve1.NetworkDown");

/// Looks a new name up, and judges whether what was found is what only that sottod says.
template <class LookUp>
Reach::Answer asked(const QString& checkKey, const LookUp& lookUp) {
    if (checkKey.isEmpty())
        return {false, QStringLiteral("sottod has not come to the lease keeper yet")};
    const QString name = newCheckName();
    const Looked looked = lookUp(name);
    if (const auto* fault = std::get_if<Fault>(&looked))
        return {false, fault->reason, fault->busError == kNetworkIsDown};
    if (std::get<QStringList>(looked) == QStringList{checkAddress(name, checkKey)})
        return {true, {}};
    return {false, QStringLiteral("another program than sottod answers there")};
}

Reach::Answer askAt(const QString& address, quint16 port, const QString& checkKey) {
    for (const Transport transport : {Transport::Udp, Transport::Tcp}) {
        const auto answer = asked(checkKey, [&](const QString& name) {
            return systemdns::probe(name, address, port, transport, kListenerPatience);
        });
        if (!answer.came)
            return answer;
    }
    return {true, {}};
}

Reach::Answer askAddresses(const Target& target, Reach::Which which, const QString& checkKey) {
    Reach::Answer last{false, QStringLiteral("there is no address")};
    for (const QString& address : target.addresses) {
        last = askAt(address, target.port, checkKey);
        if (last.came == (which == Reach::Which::AnyAddress))
            break;
    }
    return last;
}

} // namespace

SystemReach::SystemReach(Options options)
    : m_options(std::move(options))
    , m_asker(std::make_unique<QObject>()) {
    m_asker->moveToThread(&m_thread);
    m_thread.start();
}

SystemReach::~SystemReach() {
    m_thread.quit();
    m_thread.wait();
}

void SystemReach::ask(std::function<Answer()> question, Handler handler) {
    QMetaObject::invokeMethod(
        m_asker.get(),
        [this, question = std::move(question), handler = std::move(handler)]() mutable {
            QMetaObject::invokeMethod(
                &m_home, [answer = question(), handler = std::move(handler)] { handler(answer); },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

void SystemReach::askListener(const Target& target, Which which, Handler handler) {
    ask([target, which, key = m_checkKey] { return askAddresses(target, which, key); },
        std::move(handler));
}

void SystemReach::askSystem(const QList<MechanismId>& mechanisms, Handler handler) {
    const bool isResolved = mechanisms.contains(MechanismId::Resolved);
    ask(
        [options = m_options, key = m_checkKey, isResolved] {
            const systemdns::ChildLookup child(options.lookUpProgram, kSystemPatience);
            Answer answer = asked(key, [&](const QString& name) { return child.lookUp(name); });
            if (!isResolved)
                return answer;
            const systemdns::SystemBus bus(options.busAddress);
            const systemdns::ResolvedLookup resolved(bus, kSystemPatience);
            const Answer byBus =
                asked(key, [&](const QString& name) { return resolved.lookUp(name); });
            answer.networkIsDown = byBus.networkIsDown;
            return answer.came ? byBus : answer;
        },
        std::move(handler));
}

} // namespace sotto::lease
