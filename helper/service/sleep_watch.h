// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

namespace sotto::service {

/// Tells when the computer is about to sleep and when it has woken up, where somebody says so: on
/// Linux logind, on the system bus (org.freedesktop.login1(5), PrepareForSleep). Without a bus or
/// without logind it is silent.
///
/// Sleep is not held up for us: what is done before it is a courtesy to servers, and whatever comes
/// too late for that is noticed afterwards by the engine's clocks.
///
/// Thread: main. The bus is opened on a thread of its own, because one that hangs would hold up
/// whoever opens it.
class SleepWatch : public QObject {
    Q_OBJECT

public:
    explicit SleepWatch(QObject* parent = nullptr);
    ~SleepWatch() override;

signals:
    void aboutToSleep();
    void wokeUp();

private:
    class System;
    std::unique_ptr<System> m_system;
};

} // namespace sotto::service
