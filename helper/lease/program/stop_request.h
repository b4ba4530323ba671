// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace sotto::lease {

/// SIGTERM and SIGINT as a Qt signal. At most one object of this class may exist.
class StopRequest : public QObject {
    Q_OBJECT

public:
    StopRequest();
    ~StopRequest() override;

signals:
    void made();
};

} // namespace sotto::lease
