// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setting_fold.h"

namespace sotto::app {

/// Two experimental ways to save a round trip, with what each costs.
class ConnectionGroup : public SettingFold {
    Q_OBJECT

public:
    ConnectionGroup(ServiceConnection& connection, QWidget* parent);
};

} // namespace sotto::app
