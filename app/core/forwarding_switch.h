// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/preferences.h"
#include "core/service_connection.h"

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace sotto::app {

/// The switch as people turn it, in the window and in the tray.
///
/// The first time ever that turning it on would switch the system's DNS, a provider must answer a
/// look-up before; where none does, stage() is Asking until the person has decided. Sotto itself
/// refuses every look-up while it is off, so the service's test of a provider is what asks.
///
/// Thread: GUI.
class ForwardingSwitch : public QObject {
    Q_OBJECT

public:
    enum class Stage {
        Idle,
        Trying, ///< a first look-up is under way
        Asking, ///< nobody answered it: turnOnNevertheless() or leaveOff()
    };

    ForwardingSwitch(ServiceConnection& connection, Preferences& preferences,
                     QObject* parent = nullptr);

    Stage stage() const { return m_stage; }
    /// While Asking: why nobody answered, in sentences.
    QString reasons() const { return m_reasons.join(QLatin1Char(' ')); }

    void turn(bool on);
    void turnOnNevertheless();
    void leaveOff();

signals:
    /// Of stage().
    void changed();
    /// The person is to decide; also where no window is on the screen.
    void asks();

private:
    bool needsTrial() const;
    void beginTrial();
    void tryNext();
    void begun(const QString& target, const protocol::ProviderTest& test);
    void reported(const protocol::ProviderTestReport& report);
    void failed(const QString& reason);
    void ask();
    void setStage(Stage stage);

    ServiceConnection& m_connection;
    Preferences& m_preferences;
    Stage m_stage = Stage::Idle;
    QStringList m_untried;           ///< providers, as ServiceConnection::testProvider() takes them
    QStringList m_asked;             ///< tests that were asked for and have not begun
    QHash<qint64, QString> m_labels; ///< of tests that run, by number
    QStringList m_reasons;
    QTimer m_deadline;
};

} // namespace sotto::app
