// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/os_lookup.h"

#include "systemdns/resolved_bus.h"

#include <QDBusArgument>
#include <QProcess>
#include <QProcessEnvironment>

#include <arpa/inet.h>
#include <array>
#include <netdb.h>
#include <sys/socket.h>
#include <utility>

namespace sotto::systemdns {

namespace {

constexpr qint64 kMaxOutput = 16 * 1024;

/// With a dot at its end, no search domain is added to it.
QString absolute(const QString& name) {
    return name.endsWith(QLatin1Char('.')) ? name : name + QLatin1Char('.');
}

bool isAddress(const QString& text) {
    std::array<unsigned char, sizeof(in6_addr)> octets{};
    const QByteArray latin = text.toLatin1();
    return ::inet_pton(AF_INET, latin.constData(), octets.data()) == 1 ||
           ::inet_pton(AF_INET6, latin.constData(), octets.data()) == 1;
}

} // namespace

ChildLookup::ChildLookup(QStringList command, std::chrono::milliseconds patience)
    : m_command(std::move(command))
    , m_patience(patience) {}

std::variant<QStringList, Fault> ChildLookup::lookUp(const QString& name) const {
    QProcess child;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/sbin:/usr/bin:/sbin:/bin"));
    child.setProcessEnvironment(environment);
    child.setStandardInputFile(QProcess::nullDevice());
    child.start(m_command.value(0), m_command.mid(1) + QStringList{absolute(name)});
    if (!child.waitForFinished(static_cast<int>(m_patience.count()))) {
        const bool started = child.error() != QProcess::FailedToStart;
        child.kill();
        child.waitForFinished();
        return Fault{started ? QStringLiteral("the system's resolver did not answer in time")
                             : QStringLiteral("%1 could not be started").arg(m_command.value(0))};
    }
    if (child.exitStatus() != QProcess::NormalExit || child.exitCode() != 0)
        return Fault{QStringLiteral("the system's resolver: %1")
                         .arg(QString::fromLocal8Bit(child.readAllStandardError()).trimmed())};
    QStringList addresses;
    const QString output = QString::fromLatin1(child.readAllStandardOutput().left(kMaxOutput));
    for (const QString& line : output.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        if (isAddress(line) && !addresses.contains(line))
            addresses << line;
    }
    return addresses;
}

int answerLookup(const char* name, std::FILE* addresses, std::FILE* reasons) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(name, nullptr, &hints, &found); error != 0) {
        std::fprintf(reasons, "%s\n", ::gai_strerror(error));
        return 1;
    }
    for (const addrinfo* entry = found; entry; entry = entry->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0)
            std::fprintf(addresses, "%s\n", text.data());
    }
    ::freeaddrinfo(found);
    return std::fflush(addresses) == 0 ? 0 : 1;
}

ResolvedLookup::ResolvedLookup(const SystemBus& bus, std::chrono::milliseconds patience)
    : m_bus(bus)
    , m_patience(patience) {}

std::variant<QStringList, Fault> ResolvedLookup::lookUp(const QString& name) const {
    // SD_RESOLVED_DNS and SD_RESOLVED_NO_SEARCH: no multicast, no search domains.
    constexpr qulonglong kFlags = (1U << 0U) | (1U << 8U);
    const auto reply =
        m_bus.call(ResolvedBus::object(), QStringLiteral("ResolveHostname"),
                   {kWholeSystem, absolute(name), int(AF_UNSPEC), kFlags}, m_patience);
    if (const auto* fault = std::get_if<Fault>(&reply))
        return *fault;
    const auto argument = std::get<QVariantList>(reply).value(0).value<QDBusArgument>();
    if (argument.currentSignature() != QLatin1String("a(iiay)"))
        return Fault{QStringLiteral("systemd-resolved answered in an unknown form")};
    QStringList addresses;
    argument.beginArray();
    while (!argument.atEnd()) {
        int link = 0;
        int family = 0;
        QByteArray octets;
        argument.beginStructure();
        argument >> link >> family >> octets;
        argument.endStructure();
        const QString text = addressText(octets);
        if (!text.isEmpty() && !addresses.contains(text))
            addresses << text;
    }
    argument.endArray();
    return addresses;
}

} // namespace sotto::systemdns
