// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <vector>

#include <sys/types.h>
#include <sys/un.h>

namespace sotto::test {

/// Whom a process is to be.
struct Person {
    uid_t user = 65534;
    gid_t group = 65534;
    std::vector<gid_t> groups{}; ///< beside that one
};

/// Gives up root for good; calls nothing that another thread might hold a lock of.
bool becomeStranger(const Person& person);
sockaddr_un unixAddress(const QString& path);

/// A client of the service in a process of its own, as somebody else: it says hello, sends its
/// lines at once, and keeps what comes back. Needs root.
class Stranger {
public:
    /// When it has enough; it also ends where it is cut.
    struct Until {
        qsizetype replies = 0; ///< so many have come, hello's among them
        int replyTo = 0;       ///< or the one to this request
    };

    Stranger(const QString& path, const Person& person, const QByteArrayList& lines, Until until);
    ~Stranger();
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;

    bool hasEnded();
    /// Where nobody else in this process has to run meanwhile.
    void waitForEnd();
    /// The reply to a request, of those that have come; empty where there is none.
    QJsonObject reply(int id) const;
    qsizetype replyCount() const;

    static QByteArray line(int id, const QString& method, const QJsonObject& params = {});
    /// With the id 1.
    static QByteArray helloLine();

private:
    QList<QJsonObject> messages() const;

    pid_t m_process = -1; ///< -1 once it has ended
    int m_received = -1;  ///< a file in memory: nobody waits for whoever reads it
};

} // namespace sotto::test
