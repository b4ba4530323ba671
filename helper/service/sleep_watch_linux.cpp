// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/sleep_watch.h"

#include <QDBusConnection>
#include <QThread>

namespace sotto::service {

namespace {

constexpr int kEndMillis = 1000;
const QString kBusName = QStringLiteral("sottod-sleep");

/// Hears logind, on the thread that opens the bus.
class SleepNews : public QObject {
    Q_OBJECT

public:
    ~SleepNews() override { QDBusConnection::disconnectFromBus(kBusName); }

    void open() {
        QDBusConnection::connectToBus(QDBusConnection::SystemBus, kBusName)
            .connect(QStringLiteral("org.freedesktop.login1"),
                     QStringLiteral("/org/freedesktop/login1"),
                     QStringLiteral("org.freedesktop.login1.Manager"),
                     QStringLiteral("PrepareForSleep"), this, SLOT(prepareForSleep(bool)));
    }

public slots:
    void prepareForSleep(bool begins) { emit told(begins); }

signals:
    void told(bool begins);
};

} // namespace

class SleepWatch::System {
public:
    explicit System(SleepWatch& watch)
        : m_thread(std::make_unique<QThread>()) {
        auto* news = new SleepNews; // the thread deletes it
        news->moveToThread(m_thread.get());
        connect(m_thread.get(), &QThread::started, news, &SleepNews::open);
        connect(m_thread.get(), &QThread::finished, news, &QObject::deleteLater);
        connect(news, &SleepNews::told, &watch, [&watch](bool begins) {
            if (begins)
                emit watch.aboutToSleep();
            else
                emit watch.wokeUp();
        });
        m_thread->start();
    }
    ~System() {
        m_thread->quit();
        if (!m_thread->wait(kEndMillis))
            static_cast<void>(m_thread.release()); // the bus hangs, and so does whoever opens it
    }

private:
    std::unique_ptr<QThread> m_thread;
};

SleepWatch::SleepWatch(QObject* parent)
    : QObject(parent)
    , m_system(std::make_unique<System>(*this)) {}

SleepWatch::~SleepWatch() = default;

} // namespace sotto::service

#include "sleep_watch_linux.moc"
