// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/forward_config.h"
#include "engine/result.h"
#include "engine/upstream_test.h"
#include "upstream/patience.h"
#include "upstream/upstream.h"

#include <asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::engine {

/// Measures once what one server can do, step by step, on connections and with sessions of its own,
/// so that nothing of it touches those in use. Resolver thread only, but for make().
class UpstreamTestRun : public DotConnection::Owner,
                        public std::enable_shared_from_this<UpstreamTestRun> {
public:
    static constexpr std::chrono::seconds kLongest{20}; ///< all of it
    /// For a query, or a connection.
    static constexpr std::chrono::milliseconds kPatience = patience::kHandshake;
    /// For a ticket, which comes after the handshake (RFC 8446 §4.6.1).
    static constexpr std::chrono::milliseconds kTicketPatience{500};

    using Progress = std::function<void(const UpstreamTestReport&)>;

    /// Checks what is configured. hasV6: this computer has IPv6. May be called on any thread.
    static Result<std::shared_ptr<UpstreamTestRun>> make(Upstream::Surroundings& surroundings,
                                                         UpstreamConfig upstream,
                                                         const UpstreamTestNames& names,
                                                         const ForwardConfig& forward, bool hasV6,
                                                         Progress progress);

    /// progress runs after each step, never from within this call, and last with finished set.
    void start();
    /// Ends at once with this error.
    void stop(const std::string& error, AttemptOutcome outcome = AttemptOutcome::Pending);
    bool isOver() const { return m_over; }

private:
    /// begin says whether end has something to wait for.
    struct Step {
        bool (UpstreamTestRun::*begin)();
        void (UpstreamTestRun::*end)();
        std::chrono::milliseconds patience;
    };
    static const std::array<Step, 10> kSteps;
    static constexpr SessionKey kOnlyKey{}; ///< the sessions are of one server

    struct Questions {
        std::optional<Question> plain;
        std::optional<Question> signedGood;
        std::optional<Question> signedBad;
        std::optional<Question> filtered;
    };
    static Result<Questions> questionsOf(const UpstreamTestNames& names);

    /// The one question that is under way.
    class Query : public PendingQuery {
    public:
        Query(UpstreamTestRun& run, const Question& question)
            : PendingQuery(question)
            , m_run(run) {}
        void replied(const UpstreamReply& reply) override { m_run.replied(reply); }

    private:
        UpstreamTestRun& m_run;
    };

    UpstreamTestRun(Upstream::Surroundings& surroundings, UpstreamConfig upstream,
                    std::shared_ptr<TlsContext> tls, std::string plainName, Questions questions,
                    const ForwardConfig& forward, bool hasV6, Progress progress);

    void beginStep();
    void armTimer(std::chrono::milliseconds patience);
    void stepOver();
    void endStep();
    void fail(AttemptOutcome outcome, const std::string& reason);
    void finish(const std::string& error, AttemptOutcome outcome = AttemptOutcome::Pending);

    bool connect();
    void noteConnected();
    void noteShown(const TlsChannel& channel);
    bool askPlain() { return ask(m_questions.plain); }
    void notePlain();
    bool askSignedGood() { return ask(m_questions.signedGood); }
    void noteSignedGood();
    bool askSignedBad();
    void noteSignedBad();
    bool askFiltered() { return ask(m_questions.filtered); }
    void noteFiltered();
    bool awaitTicket();
    void noteTicket() { m_awaitsTicket = false; }
    bool resume();
    void noteResumed();
    bool askEarly();
    void noteEarly();
    bool tryV6();
    void noteV6();

    void race(const std::vector<IpAddress>& addresses);
    std::shared_ptr<DotConnection> connectTo(DotConnection::Owner& owner, const IpAddress& address,
                                             SslPointer<SSL_SESSION> session, bool earlyData);
    void leaveConnection();
    SslPointer<SSL_SESSION> takeSession();

    bool ask(const std::optional<Question>& question);
    void send();
    void replied(const UpstreamReply& reply);
    void noteOptions();

    void connectionTakesEarlyData(DotConnection& connection, std::size_t octets) override;
    void connectionOpened(DotConnection& connection) override;
    void connectionGotSession(DotConnection& connection, SSL_SESSION* session) override;
    void connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                          const std::string& reason) override;
    void connectionDistrusted(DotConnection&) override {}
    void connectionIdle(DotConnection&) override {}
    void queriesSent(std::size_t) override {}

    Upstream::Surroundings& m_surroundings;
    const UpstreamConfig m_upstream;
    const std::shared_ptr<TlsContext> m_tls;
    const std::string m_plainName;
    const Questions m_questions;
    const ForwardConfig m_forward;
    const bool m_hasV6;
    Progress m_progress;
    UpstreamTestReport m_report;

    std::size_t m_step = 0;
    bool m_waiting = false; ///< for the present step
    bool m_over = false;
    asio::steady_timer m_timer;    ///< of the present step
    asio::steady_timer m_deadline; ///< of all

    AddressBook m_addresses;
    SessionStore m_sessions;
    std::shared_ptr<ConnectRace> m_race;
    std::shared_ptr<DotConnection> m_connection;
    std::string m_failure;                              ///< why the present step failed, if it did
    AttemptOutcome m_outcome = AttemptOutcome::Pending; ///< the same for programs

    std::unique_ptr<Query> m_query;
    bool m_mayRetry = false; ///< servers end connections that have served
    std::optional<UpstreamResponse> m_answer;
    std::size_t m_answerOctets = 0;
    std::int64_t m_answerMicros = 0; ///< after it was sent

    bool m_goodFailed = false; ///< so that a failure of the bad one says nothing
    bool m_awaitsTicket = false;
    bool m_ticketAllowsEarly = false;
};

} // namespace sotto::engine
