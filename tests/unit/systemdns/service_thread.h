// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThread>

#include <utility>

namespace sotto::test {

/// Where the stand-ins live: whoever is tested waits for their answers, so they need a thread of
/// their own.
class ServiceThread {
public:
    ServiceThread() {
        m_here.moveToThread(&m_thread);
        m_thread.start();
    }
    ~ServiceThread() {
        m_thread.quit();
        m_thread.wait();
    }
    ServiceThread(const ServiceThread&) = delete;
    ServiceThread& operator=(const ServiceThread&) = delete;

    /// Runs it there, and waits for its end.
    template <class Action>
    void run(Action&& action) {
        QMetaObject::invokeMethod(&m_here, std::forward<Action>(action),
                                  Qt::BlockingQueuedConnection);
    }

private:
    QThread m_thread;
    QObject m_here;
};

} // namespace sotto::test
