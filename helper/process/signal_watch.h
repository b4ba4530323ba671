// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

namespace sotto::process {

/// Signals of the operating system as a Qt signal, on the thread that made it; SIGPIPE is ignored.
/// Once it is gone they are ignored: the process is ending already. At most one object of this
/// class may exist.
class SignalWatch : public QObject {
    Q_OBJECT

public:
    explicit SignalWatch(const QList<int>& numbers, QObject* parent = nullptr);
    ~SignalWatch() override;

signals:
    void came(int number);

private:
    void read();

    QList<int> m_numbers;
};

} // namespace sotto::process
