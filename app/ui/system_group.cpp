// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/system_group.h"

namespace sotto::app {

SystemGroup::SystemGroup(ServiceConnection& connection, QWidget* parent)
    : SettingFold(QStringLiteral("system"), tr("System"),
                  tr("Shows or hides how Sotto treats this computer's DNS settings"), connection,
                  parent) {
    addBox(QStringLiteral("systemManage"), QStringLiteral("system.manage"),
           tr("Sotto sets this computer's DNS"),
           tr("Turning Sotto on switches this computer's DNS to it; turning it off brings the "
              "earlier settings back. Without this you set the system's DNS by hand."),
           tr("Who sets this computer's DNS was not changed."));
    addOptions(
        QStringLiteral("whenLost"), QStringLiteral("system.when_lost"),
        tr("When Sotto cannot answer:"),
        {{QStringLiteral("whenLostOpen"), QStringLiteral("open"),
          tr("Give the earlier DNS servers back (recommended)"),
          tr("Names are found again after a few seconds, but the questions go out as they "
             "did before Sotto.")},
         {QStringLiteral("whenLostClosed"), QStringLiteral("closed"), tr("Keep names unresolved"),
          tr("No question leaves this computer in clear text, but no name is found until "
             "Sotto answers again.")}},
        tr("What happens when Sotto cannot answer was not changed."));
    refresh();
}

} // namespace sotto::app
