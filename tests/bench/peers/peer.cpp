// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

#include "upstreams.h"

#include <cstdio>
#include <fstream>
#include <utility>

namespace sotto::bench {

std::string PeerSite::write(std::string_view name, std::string content) const {
    const std::pair<std::string_view, std::string> meanings[] = {
        {"{PORT}", std::to_string(port)},
        {"{FOLDER}", folder.string()},
        {"{CA}", caFile.string()},
        {"{TLS_PORT}", std::to_string(Upstreams::kTlsPort)},
        {"{TLS_NAME}", Upstreams::kTlsName},
        {"{PLAIN_PORT}", std::to_string(Upstreams::kPlainPort)},
    };
    for (const auto& [word, meaning] : meanings) {
        for (auto at = content.find(word); at != std::string::npos; at = content.find(word))
            content.replace(at, word.size(), meaning);
    }
    const std::filesystem::path file = folder / name;
    std::ofstream(file) << content;
    return file.string();
}

bool PeerSite::isAtLeast(int major, int minor) const {
    const auto epoch = version.find(':');
    const std::string numbers = version.substr(epoch == std::string::npos ? 0 : epoch + 1);
    int ownMajor = 0;
    int ownMinor = 0;
    std::sscanf(numbers.c_str(), "%d.%d", &ownMajor, &ownMinor);
    return std::pair(ownMajor, ownMinor) >= std::pair(major, minor);
}

std::vector<Peer> allPeers() {
    return {dnsdist(), unbound(), knotResolver(),  pdnsRecursor(),    smartdns(),
            bind9(),   dnsmasq(), dnscryptProxy(), systemdResolved(), stubby()};
}

} // namespace sotto::bench
