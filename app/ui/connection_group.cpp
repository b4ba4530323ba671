// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connection_group.h"

namespace sotto::app {

ConnectionGroup::ConnectionGroup(ServiceConnection& connection, QWidget* parent)
    : SettingFold(QStringLiteral("connection"), tr("Connection (experimental)"),
                  tr("Shows or hides two ways to save a round trip"), connection, parent) {
    addBox(
        QStringLiteral("earlyData"), QStringLiteral("forward.early_data"), tr("TLS early data"),
        tr("When a connection is taken up again, the first questions go along with its handshake: "
           "a round trip less. But whoever controls the network could send such a question to the "
           "provider a second time, or tell that it belongs to your connection before."),
        tr("Early data was not changed."));
    addBox(
        QStringLiteral("tcpFastOpen"), QStringLiteral("forward.tcp_fast_open"), tr("TCP Fast Open"),
        tr("The very first packet carries data already: a round trip less. But it carries a mark "
           "that this computer got from the provider before, by which the network can tell that "
           "two connections are yours."),
        tr("TCP Fast Open was not changed."));
    refresh();
}

} // namespace sotto::app
