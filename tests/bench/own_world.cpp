// SPDX-License-Identifier: GPL-3.0-or-later
#include "own_world.h"

#include "far/network_device.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace sotto::bench {

namespace {

bool writeFile(const char* file, const std::string& text) {
    std::ofstream out(file);
    out << text;
    return out.flush().good();
}

/// A device that looks like a way outside and is none. systemd-resolved takes a system that has
/// only the loopback device for one without a network, and asks nobody. Where it cannot be made,
/// that one gives no answers.
void addBlindDevice() {
    // Open as long as this process lives: the device goes with it.
    if (makeTunDevice("blind") >= 0)
        raiseDevice("blind", "198.51.100.1"); // RFC 5737: documentation
}

bool bind(const std::filesystem::path& folder, const std::filesystem::path& root) {
    const std::filesystem::path target = root / folder.relative_path();
    std::error_code ignored;
    std::filesystem::create_directories(target, ignored);
    return ::mount(folder.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0;
}

} // namespace

bool enterOwnWorld(const std::filesystem::path& peersRoot, std::string& error) {
    const auto failed = [&error](const char* what) {
        error = std::string(what) + ": " + std::strerror(errno);
        return false;
    };
    const auto user = std::to_string(::geteuid());
    const auto group = std::to_string(::getegid());
    const bool isRoot = ::geteuid() == 0;
    if (::unshare(CLONE_NEWNET | CLONE_NEWNS | (isRoot ? 0 : CLONE_NEWUSER)) != 0)
        return failed("this user may not make namespaces");
    if (!isRoot && (!writeFile("/proc/self/setgroups", "deny") ||
                    !writeFile("/proc/self/uid_map", "0 " + user + " 1") ||
                    !writeFile("/proc/self/gid_map", "0 " + group + " 1")))
        return failed("the user namespace cannot be used");
    if (!raiseDevice("lo", nullptr))
        return failed("the loopback device cannot be raised");
    addBlindDevice();
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return failed("mounts cannot be made private");
    if (peersRoot.empty())
        return true;
    for (const std::filesystem::path& folder :
         {std::filesystem::path("/dev"), std::filesystem::path("/proc"),
          std::filesystem::temp_directory_path()}) {
        if (!bind(folder, peersRoot))
            return failed(("cannot bind " + folder.string() + " into the peers' root").c_str());
    }
    return true;
}

} // namespace sotto::bench
