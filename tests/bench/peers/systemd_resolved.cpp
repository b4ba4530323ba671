// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

/// It keeps no more than 4096 answers; some room is left for what it adds by itself.
constexpr std::size_t kCacheBound = 4000;

constexpr const char* kConfig = R"([Resolve]
{EACH}DNS={ADDRESS}:{TLS_PORT}#{TLS_NAME}
{END}FallbackDNS=
Domains=~.
DNSOverTLS=yes
DNSSEC=no
LLMNR=no
MulticastDNS=no
Cache=yes
CacheFromLocalhost=yes
DNSStubListener=no
DNSStubListenerExtra=127.0.0.1:{PORT}
)";

} // namespace

// It takes no configuration file as an argument, so the file goes to its place in the root.
Peer systemdResolved() {
    return {"systemd-resolved",
            "systemd-resolved",
            [](const PeerSite& site) {
                const auto folder = site.root / "etc/systemd/resolved.conf.d";
                std::filesystem::create_directories(folder);
                std::filesystem::create_directories(site.root / "run/systemd");
                std::filesystem::copy_file(site.write("bench.conf", kConfig), folder / "bench.conf",
                                           std::filesystem::copy_options::overwrite_existing);
                return PeerSetup{{"/usr/lib/systemd/systemd-resolved"},
                                 upstream::kVerified,
                                 {"SSL_CERT_FILE=" + site.caFile.string()}};
            },
            true,
            kCacheBound,
            "keeps 4096 answers at the most, so it was asked for 4000 names only"};
}

} // namespace sotto::bench
