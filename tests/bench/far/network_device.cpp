// SPDX-License-Identifier: GPL-3.0-or-later
#include "far/network_device.h"

#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

/// Room for a burst of some thousand queries that all leave at once.
constexpr int kQueueLength = 20000;

/// A socket to ask the kernel through, and a request that names a device.
class DeviceRequest {
public:
    explicit DeviceRequest(const char* device)
        : m_descriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        std::strncpy(m_request.ifr_name, device, IFNAMSIZ - 1);
    }
    ~DeviceRequest() { ::close(m_descriptor); }
    DeviceRequest(const DeviceRequest&) = delete;
    DeviceRequest& operator=(const DeviceRequest&) = delete;

    bool send(unsigned long what) { return ::ioctl(m_descriptor, what, &m_request) == 0; }
    ifreq* operator->() { return &m_request; }

private:
    int m_descriptor;
    ifreq m_request{};
};

bool setFlags(const char* device, short flags) {
    DeviceRequest request(device);
    request->ifr_flags = flags;
    return request.send(SIOCSIFFLAGS);
}

bool setAddress(const char* device, unsigned long which, const char* address) {
    DeviceRequest request(device);
    auto* own = reinterpret_cast<sockaddr_in*>(&request->ifr_addr);
    own->sin_family = AF_INET;
    ::inet_pton(AF_INET, address, &own->sin_addr);
    return request.send(which);
}

} // namespace

int makeTunDevice(const char* name) {
    const int descriptor = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return -1;
    ifreq request{};
    std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    if (::ioctl(descriptor, TUNSETIFF, &request) != 0) {
        ::close(descriptor);
        return -1;
    }
    DeviceRequest queue(name);
    queue->ifr_qlen = kQueueLength;
    queue.send(SIOCSIFTXQLEN);
    return descriptor;
}

bool raiseDevice(const char* device, const char* address) {
    bool done = true;
    // In this order: an address of a device that has one other end comes with a mask of its own.
    if (address)
        done = setAddress(device, SIOCSIFADDR, address) &&
               setAddress(device, SIOCSIFNETMASK, "255.255.255.0");
    return setFlags(device, IFF_UP | IFF_RUNNING) && done;
}

bool lowerDevice(const char* device) {
    return setFlags(device, 0);
}

} // namespace sotto::bench
