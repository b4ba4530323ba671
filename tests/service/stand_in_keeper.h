// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "lease/contract/lease_messages.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::test {

/// Speaks the keeper's part of the contract on a socket of its own, and does nothing to any system.
/// It serves on a thread of its own, so that tests may wait for the service meanwhile.
class StandInKeeper {
public:
    /// Packets to send for a request; runs on the keeper's thread.
    using Answer = std::function<std::vector<QByteArray>(const lease::Request& request)>;

    explicit StandInKeeper(QString path);
    ~StandInKeeper();

    /// Serves from now on; an obedient keeper unless setAnswer() says otherwise.
    void start();
    /// Ends every connection and leaves no socket.
    void stop();

    void setAnswer(Answer answer);
    /// Sends a packet to everybody who is connected.
    void tell(const QByteArray& packet);

    std::vector<lease::Request> requests() const;
    /// How many requests with this verb have come.
    int count(lease::Verb verb) const;
    lease::Request lastRequest() const;
    int connections() const { return m_connections; }

    /// What an obedient keeper says: taken, or given back.
    static std::vector<QByteArray> obey(const lease::Request& request);
    static lease::Report report(lease::State state, const lease::Request& request = {});
    static QByteArray packet(const lease::Report& report);

private:
    void serve();
    bool receive(int client);

    QString m_path;
    std::thread m_thread;
    int m_listener = -1;
    int m_wake = -1;
    std::vector<int> m_clients; ///< of the thread
    std::atomic<int> m_connections = 0;
    mutable std::mutex m_mutex;
    Answer m_answer = obey;
    std::vector<lease::Request> m_requests;
    std::vector<QByteArray> m_toTell;
    bool m_ending = false;
};

} // namespace sotto::test
