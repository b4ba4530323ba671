// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/port_owner.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <vector>

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sotto::service {

namespace {

constexpr int kMaxCgroups = 20000;
constexpr std::uint32_t kListening = 1U << 10U; // TCP_LISTEN
constexpr std::uint32_t kAllStates = 0xffffffff;

/// A socket as the kernel lists it (sock_diag(7)).
struct Socket {
    std::uint32_t inode = 0;
    std::uint32_t user = 0;
    std::uint64_t cgroup = 0; ///< 0: not told
};

bool isAny(const __be32* address, int family) {
    const int words = family == AF_INET6 ? 4 : 1;
    return std::all_of(address, address + words, [](__be32 word) { return word == 0; });
}

/// Whether a socket of that family at that address stands in the endpoint's way.
bool isInTheWay(const inet_diag_msg& message, const engine::Endpoint& endpoint) {
    if (ntohs(message.id.idiag_sport) != endpoint.port)
        return false;
    if (isAny(message.id.idiag_src, message.idiag_family))
        return true;
    if (engine::IpAddress{{}, endpoint.address.isV6} == endpoint.address)
        return true;
    const bool isV6 = message.idiag_family == AF_INET6;
    return isV6 == endpoint.address.isV6 &&
           std::memcmp(message.id.idiag_src, endpoint.address.octets.data(), isV6 ? 16 : 4) == 0;
}

std::uint64_t cgroupOf(const nlmsghdr& header) {
    const auto* attribute = reinterpret_cast<const rtattr*>(
        static_cast<const char*>(NLMSG_DATA(&header)) + NLMSG_ALIGN(sizeof(inet_diag_msg)));
    int left = static_cast<int>(header.nlmsg_len - NLMSG_SPACE(sizeof(inet_diag_msg)));
    for (; RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left)) {
        std::uint64_t cgroup = 0;
        if (attribute->rta_type == INET_DIAG_CGROUP_ID && RTA_PAYLOAD(attribute) == sizeof cgroup) {
            std::memcpy(&cgroup, RTA_DATA(attribute), sizeof cgroup);
            return cgroup;
        }
    }
    return 0;
}

/// Asks the kernel for the sockets of a family; false where it does not list them.
bool list(int family, PortProtocol protocol, const engine::Endpoint& endpoint,
          std::vector<Socket>& found) {
    const int netlink = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0)
        return false;
    struct {
        nlmsghdr header;
        inet_diag_req_v2 request;
    } question{};
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    question.request.sdiag_family = static_cast<__u8>(family);
    question.request.sdiag_protocol = protocol == PortProtocol::Udp ? IPPROTO_UDP : IPPROTO_TCP;
    question.request.idiag_states = protocol == PortProtocol::Udp ? kAllStates : kListening;
    const timeval patience{1, 0};
    ::setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bool more = ::send(netlink, &question, sizeof question, 0) == sizeof question;
    const bool asked = more;
    alignas(nlmsghdr) std::array<char, 32768> answer;
    while (more) {
        const auto octets = ::recv(netlink, answer.data(), answer.size(), 0);
        more = octets > 0;
        auto left = static_cast<unsigned>(std::max<ssize_t>(octets, 0));
        for (const auto* header = reinterpret_cast<const nlmsghdr*>(answer.data());
             more && NLMSG_OK(header, left); header = NLMSG_NEXT(header, left)) {
            if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
                more = false; // the end, or an error
                break;
            }
            const auto& message = *static_cast<const inet_diag_msg*>(NLMSG_DATA(header));
            if (isInTheWay(message, endpoint))
                found.push_back({message.idiag_inode, message.idiag_uid, cgroupOf(*header)});
        }
    }
    ::close(netlink);
    return asked;
}

/// The folder of a cgroup, below the root of the hierarchy; a cgroup's number is its folder's.
QString cgroupPath(std::uint64_t number, QString& root) {
    namespace fs = std::filesystem;
    root = QStringLiteral("/sys/fs/cgroup");
    if (!QFile::exists(root + QLatin1String("/cgroup.procs")))
        root += QLatin1String("/unified");
    std::error_code error;
    auto folder = fs::recursive_directory_iterator(
        root.toStdString(), fs::directory_options::skip_permission_denied, error);
    for (int seen = 0; !error && folder != fs::recursive_directory_iterator();
         folder.increment(error)) {
        if (!folder->is_directory(error))
            continue;
        struct stat info {};
        if (::stat(folder->path().c_str(), &info) == 0 && info.st_ino == number)
            return QString::fromStdString(folder->path().string()).mid(root.size());
        if (++seen > kMaxCgroups)
            break;
    }
    return {};
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(4096) : QByteArray();
}

QString programOf(qint64 pid) {
    return QString::fromUtf8(contentOf(QStringLiteral("/proc/%1/comm").arg(pid))).trimmed();
}

/// The process that has the socket open, where this user may see that.
qint64 holderOf(std::uint32_t inode) {
    const QByteArray wanted = "socket:[" + QByteArray::number(inode) + ']';
    for (const QString& pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        if (!pid.front().isDigit())
            continue;
        const QString folder = QStringLiteral("/proc/%1/fd").arg(pid);
        for (const QString& name :
             QDir(folder).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)) {
            std::array<char, 64> target;
            const auto length =
                ::readlink(QFile::encodeName(folder + QLatin1Char('/') + name).constData(),
                           target.data(), target.size());
            if (length == wanted.size() && std::memcmp(target.data(), wanted.constData(),
                                                       static_cast<std::size_t>(length)) == 0)
                return pid.toLongLong();
        }
    }
    return 0;
}

QString cgroupOfProcess(qint64 pid) {
    for (const QByteArray& line :
         contentOf(QStringLiteral("/proc/%1/cgroup").arg(pid)).split('\n')) {
        if (line.startsWith("0::"))
            return QString::fromUtf8(line.mid(3));
    }
    return {};
}

} // namespace

std::optional<PortOwner> portOwner(const engine::Endpoint& endpoint, PortProtocol protocol) {
    std::vector<Socket> sockets;
    if (!endpoint.address.isV6)
        list(AF_INET, protocol, endpoint, sockets);
    list(AF_INET6, protocol, endpoint, sockets); // one at all addresses has the IPv4 ones too
    if (sockets.empty())
        return std::nullopt;
    const Socket& socket = sockets.front();
    PortOwner owner;
    owner.user = socket.user;
    owner.pid = holderOf(socket.inode);
    if (owner.pid != 0) {
        owner.unit = unitOfCgroup(cgroupOfProcess(owner.pid));
    } else if (socket.cgroup != 0) {
        QString root;
        const QString cgroup = cgroupPath(socket.cgroup, root);
        owner.unit = unitOfCgroup(cgroup);
        // Of several processes of a service the first one is the oldest, mostly the main one.
        if (owner.unit.endsWith(QLatin1String(".service")))
            owner.pid = contentOf(root + cgroup + QLatin1String("/cgroup.procs"))
                            .split('\n')
                            .first()
                            .toLongLong();
    }
    if (owner.pid != 0)
        owner.program = programOf(owner.pid);
    if (owner.program.isEmpty() && owner.unit.isEmpty())
        owner.pid = 0;
    return owner;
}

} // namespace sotto::service
