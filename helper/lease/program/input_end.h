// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace sotto::lease {

/// Watches the standard input, of which nothing is used, for its end.
class InputEnd : public QObject {
    Q_OBJECT

public:
    InputEnd();

    /// Whether it has come already. What is read meanwhile is lost.
    static bool isReached();

signals:
    void reached();

private:
    QSocketNotifier m_notifier;
};

} // namespace sotto::lease
