// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/socket_options.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace sotto::engine {

void enableFastOpen(int socket) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &on, sizeof on);
}

bool wasFastOpenRejected(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    return getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
           (info.tcpi_fastopen_client_fail == TFO_DATA_NOT_ACKED ||
            info.tcpi_fastopen_client_fail == TFO_SYN_RETRANSMITTED);
}

} // namespace sotto::engine
