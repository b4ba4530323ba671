// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exit_code.h"
#include "protocol/client.h"

#include <QEventLoop>
#include <QObject>
#include <QString>
#include <QTimer>

#include <optional>

namespace sotto::cli {

/// One run of sottoctl: the connection, and where its words go. Calls wait for their reply; where
/// the system may ask for a password, as long as that takes.
class Session : public QObject {
    Q_OBJECT

public:
    static constexpr int kConnectMillis = 5000;
    static constexpr int kAskMillis = 1000; ///< without a password most replies are there by then

    Session(const QString& socketPath, bool json);

    /// Connects; where that fails, says why on standard error and gives the exit code.
    [[nodiscard]] std::optional<ExitCode> connect();

    protocol::Client& client() { return m_client; }
    bool json() const { return m_json; }

    /// Makes a call and waits. On a failure says why on standard error; failure() is the code.
    template <class Method>
    std::optional<typename Method::Result> call(const typename Method::Params& params) {
        std::optional<typename Method::Result> result;
        QEventLoop loop;
        QTimer asks;
        asks.setSingleShot(true);
        QObject::connect(&asks, &QTimer::timeout, this, &Session::tellWaiting);
        const bool mayBeAsked = mayAskForPassword();
        if (mayBeAsked)
            asks.start(kAskMillis);
        m_client.call<Method>(
            params, this,
            [&](const protocol::Reply<typename Method::Result>& reply) {
                if (reply.ok())
                    result = reply.value;
                else
                    tellFailure(*reply.error);
                loop.quit();
            },
            mayBeAsked ? protocol::Patience::Unlimited : protocol::Patience::Usual);
        loop.exec();
        return result;
    }
    ExitCode failure() const { return m_failure; }

    /// Writes to standard output; with --json the value, else the text.
    void print(const QString& text) const;
    void printJson(const QJsonValue& value) const;
    /// false once nobody reads standard output any more.
    bool outputWorks() const;
    /// Writes a line to standard error.
    static void complain(const QString& text);
    /// Says that no service answers, and what to do.
    void tellNotReachable(const QString& failure) const;

private:
    void tellFailure(const protocol::RpcError& error);
    bool mayAskForPassword() const;
    void tellWaiting() const;

    protocol::Client m_client;
    bool m_json;
    ExitCode m_failure = Refused;
};

} // namespace sotto::cli
