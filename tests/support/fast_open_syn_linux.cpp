// SPDX-License-Identifier: GPL-3.0-or-later
#include "fast_open_syn.h"

#include <fstream>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace sotto::test {
namespace {

constexpr int kQueue = 64;
constexpr int kClientAndServer = 3; // Documentation/networking/ip-sysctl.rst: tcp_fastopen
constexpr unsigned kSynData = 0x20; // TCPI_OPT_SYN_DATA of <linux/tcp.h>

} // namespace

bool allowFastOpen(int socket) {
    return ::setsockopt(socket, IPPROTO_TCP, TCP_FASTOPEN, &kQueue, sizeof kQueue) == 0;
}

bool systemHasFastOpen() {
    int mode = 0;
    std::ifstream("/proc/sys/net/ipv4/tcp_fastopen") >> mode;
    return (mode & kClientAndServer) == kClientAndServer;
}

bool cameWithSyn(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           (info.tcpi_options & kSynData) != 0;
}

} // namespace sotto::test
