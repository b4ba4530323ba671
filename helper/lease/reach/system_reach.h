// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/state/reach.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace sotto::lease {

/// Reach by real questions. They are asked one after another on a thread of its own, which waits
/// for answers in place of the caller; destruction waits for the one that is being asked.
class SystemReach : public Reach {
public:
    struct Options {
        QStringList lookUpProgram; ///< this program, and what makes it answerLookup()
        QString busAddress;        ///< of the system bus; empty for the usual one
    };

    explicit SystemReach(Options options);
    ~SystemReach() override;

    void useKey(const QString& checkKey) override { m_checkKey = checkKey; }
    void askListener(const systemdns::Target& target, Which which, Handler handler) override;
    void askSystem(const QList<systemdns::MechanismId>& mechanisms, Handler handler) override;

private:
    void ask(std::function<Answer()> question, Handler handler);

    Options m_options;
    QString m_checkKey;
    QObject m_home; ///< of the handlers
    QThread m_thread;
    std::unique_ptr<QObject> m_asker; ///< lives on m_thread
};

} // namespace sotto::lease
