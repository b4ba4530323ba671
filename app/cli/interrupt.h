// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace sotto::cli {

/// Turns Ctrl-C into a signal of the event loop, while it exists. At most one at a time.
class Interrupt : public QObject {
    Q_OBJECT

public:
    explicit Interrupt(QObject* parent = nullptr);
    ~Interrupt() override;

signals:
    void interrupted();
};

} // namespace sotto::cli
