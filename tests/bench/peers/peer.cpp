// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

#include "upstreams.h"

#include <cstdio>
#include <fstream>
#include <utility>

namespace sotto::bench {

namespace {

void replaceAll(std::string& text, std::string_view word, const std::string& meaning) {
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
        text.replace(at, word.size(), meaning);
}

void repeatForEach(std::string& text, const std::vector<std::string>& addresses) {
    constexpr std::string_view kBegin = "{EACH}";
    constexpr std::string_view kEnd = "{END}";
    const auto begin = text.find(kBegin);
    const auto end = text.find(kEnd);
    if (begin == std::string::npos || end == std::string::npos)
        return;
    const auto inside = begin + kBegin.size();
    std::string repeated;
    for (const std::string& address : addresses) {
        std::string one = text.substr(inside, end - inside);
        replaceAll(one, "{ADDRESS}", address);
        repeated += one;
    }
    text.replace(begin, end + kEnd.size() - begin, repeated);
}

} // namespace

std::string PeerSite::write(std::string_view name, std::string content) const {
    repeatForEach(content, upstreams);
    const std::pair<std::string_view, std::string> meanings[] = {
        {"{PORT}", std::to_string(port)},
        {"{FOLDER}", folder.string()},
        {"{CA}", caFile.string()},
        {"{TLS_PORT}", std::to_string(Upstreams::kTlsPort)},
        {"{TLS_NAME}", Upstreams::kTlsName},
        {"{PLAIN_PORT}", std::to_string(Upstreams::kPlainPort)},
    };
    for (const auto& [word, meaning] : meanings)
        replaceAll(content, word, meaning);
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
