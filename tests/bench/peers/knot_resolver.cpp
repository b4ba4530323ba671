// SPDX-License-Identifier: GPL-3.0-or-later
#include "peers/peer.h"

namespace sotto::bench {

namespace {

// Nothing but the forwarding: kresd would ask the root servers and the trust anchor's place by
// itself. Its garbage collector is a program of its own, which this cache does not need.
constexpr const char* kConfig = R"(
net.listen('127.0.0.1', {PORT}, { kind = 'dns' })
net.tcp_pipeline(10000)
trust_anchors.remove('.')
modules.unload('ta_update')
modules.unload('priming')
modules.unload('ta_signal_query')
modules.unload('detect_time_skew')
modules.unload('detect_time_jump')
cache.open(256 * MB, 'lmdb://{FOLDER}/cache')
policy.add(policy.all(policy.TLS_FORWARD({
{EACH}    { '{ADDRESS}@{TLS_PORT}', hostname = '{TLS_NAME}', ca_file = '{CA}' },
{END}})))
)";

} // namespace

// Version 5, of which kresd is the whole resolver. Debian's development suite has none any more,
// so the newest release's is taken there.
Peer knotResolver() {
    return {"knot-resolver", "knot-resolver", [](const PeerSite& site) {
                return PeerSetup{{"/usr/sbin/kresd", "--noninteractive", "-c",
                                  site.write("kresd.conf", kConfig), site.folder.string()}};
            }};
}

} // namespace sotto::bench
