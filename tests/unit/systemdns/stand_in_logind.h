// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusConnection>

namespace sotto::test {

/// Says on a bus what logind says when a computer goes to sleep and wakes up.
class StandInLogind {
public:
    explicit StandInLogind(const QString& busAddress);
    ~StandInLogind();
    StandInLogind(const StandInLogind&) = delete;
    StandInLogind& operator=(const StandInLogind&) = delete;

    void start(); ///< takes logind's name
    void prepareForSleep(bool begins);

private:
    QDBusConnection m_bus;
};

} // namespace sotto::test
