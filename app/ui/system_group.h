// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setting_fold.h"

namespace sotto::app {

/// Whether Sotto sets the system's DNS, and what becomes of it when Sotto cannot answer.
class SystemGroup : public SettingFold {
    Q_OBJECT

public:
    SystemGroup(ServiceConnection& connection, QWidget* parent);
};

} // namespace sotto::app
