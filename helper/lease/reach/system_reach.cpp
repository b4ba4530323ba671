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

/// Whether what was found for a name of newCheckName() is what only a sottod says.
Reach::Answer judged(const QString& name, const Looked& looked) {
    if (const auto* fault = std::get_if<Fault>(&looked))
        return {false, fault->reason, fault->busError == kNetworkIsDown};
    if (std::get<QStringList>(looked) == QStringList{checkAddress(name)})
        return {true, {}};
    return {false, QStringLiteral("somebody else answers there")};
}

Reach::Answer askAt(const QString& address, quint16 port) {
    for (const Transport transport : {Transport::Udp, Transport::Tcp}) {
        const QString name = newCheckName();
        const auto answer =
            judged(name, systemdns::probe(name, address, port, transport, kListenerPatience));
        if (!answer.came)
            return answer;
    }
    return {true, {}};
}

Reach::Answer askAddresses(const Target& target, Reach::Which which) {
    Reach::Answer last{false, QStringLiteral("there is no address")};
    for (const QString& address : target.addresses) {
        last = askAt(address, target.port);
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
    ask([target, which] { return askAddresses(target, which); }, std::move(handler));
}

void SystemReach::askSystem(const QList<MechanismId>& mechanisms, Handler handler) {
    const bool isResolved = mechanisms.contains(MechanismId::Resolved);
    ask(
        [options = m_options, isResolved] {
            QString name = newCheckName();
            const systemdns::ChildLookup child(options.lookUpProgram, kSystemPatience);
            Answer answer = judged(name, child.lookUp(name));
            if (!isResolved)
                return answer;
            name = newCheckName();
            const systemdns::SystemBus bus(options.busAddress);
            const Answer byBus =
                judged(name, systemdns::ResolvedLookup(bus, kSystemPatience).lookUp(name));
            answer.networkIsDown = byBus.networkIsDown;
            return answer.came ? byBus : answer;
        },
        std::move(handler));
}

} // namespace sotto::lease
