// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/upstream_test_run.h"

#include "observe/clocks.h"
#include "upstream/certificate_verdict.h"
#include "upstream/upstream_groups.h"
#include "wire/record_types.h"

#include <asio/post.hpp>

#include <algorithm>
#include <utility>

namespace sotto::engine {

namespace {

constexpr std::int64_t kSecond = 1'000'000;

Result<std::shared_ptr<TlsContext>> contextOf(const UpstreamConfig& upstream) {
    if (!upstream.isEncrypted())
        return Error{ErrorCode::InvalidArgument, upstream.toString(),
                     "only encrypted servers can be tested"};
    EngineConfig alone;
    alone.upstreams = {upstream};
    auto contexts = UpstreamGroups::makeContexts(alone);
    if (!contexts)
        return contexts.error();
    return contexts.value().front().second;
}

} // namespace

UpstreamTestRun::UpstreamTestRun(Upstream::Surroundings& surroundings, UpstreamConfig upstream,
                                 std::shared_ptr<TlsContext> tls, std::string plainName,
                                 Questions questions, const ForwardConfig& forward, bool hasV6,
                                 Progress progress)
    : m_surroundings(surroundings)
    , m_upstream(std::move(upstream))
    , m_tls(std::move(tls))
    , m_plainName(std::move(plainName))
    , m_questions(std::move(questions))
    , m_forward(forward)
    , m_hasV6(hasV6)
    , m_progress(std::move(progress))
    , m_timer(surroundings.context)
    , m_deadline(surroundings.context)
    , m_addresses(m_upstream) {}

Result<UpstreamTestRun::Questions> UpstreamTestRun::questionsOf(const UpstreamTestNames& names) {
    Questions questions;
    struct Part {
        const std::string& name;
        std::optional<Question>& question;
        bool dnssecOk;
    };
    for (const Part& part : {Part{names.plain, questions.plain, false},
                             Part{names.signedGood, questions.signedGood, true},
                             Part{names.signedBad, questions.signedBad, true},
                             Part{names.filtered, questions.filtered, false}}) {
        if (part.name.empty())
            continue;
        const auto wire = nameFromText(part.name);
        if (!wire)
            return Error{ErrorCode::InvalidArgument, part.name, "not a domain name"};
        part.question = makeQuestion(wire->bytes(), record_type::kA, 1, part.dnssecOk, false);
    }
    return questions;
}

Result<std::shared_ptr<UpstreamTestRun>> UpstreamTestRun::make(Upstream::Surroundings& surroundings,
                                                               UpstreamConfig upstream,
                                                               const UpstreamTestNames& names,
                                                               const ForwardConfig& forward,
                                                               bool hasV6, Progress progress) {
    auto tls = contextOf(upstream);
    if (!tls)
        return tls.error();
    auto questions = questionsOf(names);
    if (!questions)
        return questions.error();
    return std::shared_ptr<UpstreamTestRun>(
        new UpstreamTestRun(surroundings, std::move(upstream), tls.take(), names.plain,
                            questions.take(), forward, hasV6, std::move(progress)));
}

void UpstreamTestRun::start() {
    m_deadline.expires_after(kLongest);
    m_deadline.async_wait([self = shared_from_this()](const asio::error_code& cancelled) {
        if (!cancelled)
            self->stop("the test did not end within " + std::to_string(kLongest.count()) +
                           " seconds",
                       AttemptOutcome::Silent);
    });
    asio::post(m_surroundings.context, [self = shared_from_this()] {
        if (!self->m_over)
            self->beginStep();
    });
}

void UpstreamTestRun::stop(const std::string& error, AttemptOutcome outcome) {
    if (!m_over)
        finish(error, outcome);
}

/// Notes why the present step fails.
void UpstreamTestRun::fail(AttemptOutcome outcome, const std::string& reason) {
    m_outcome = outcome;
    m_failure = reason;
}

/// Begins the next step that has something to wait for.
void UpstreamTestRun::beginStep() {
    for (; m_step < kSteps.size(); ++m_step) {
        fail(AttemptOutcome::Pending, {});
        if (!(this->*kSteps[m_step].begin)())
            continue;
        m_waiting = true;
        armTimer(kSteps[m_step].patience);
        return;
    }
    finish({});
}

void UpstreamTestRun::armTimer(std::chrono::milliseconds patience) {
    m_timer.expires_after(patience);
    m_timer.async_wait([self = shared_from_this(), step = m_step](const asio::error_code& stopped) {
        if (stopped || self->m_over || self->m_step != step)
            return;
        if (self->m_failure.empty())
            self->fail(AttemptOutcome::Silent, "no answer in time");
        self->stepOver();
    });
}

/// May be called from within a call of a connection or a query; what follows is not.
void UpstreamTestRun::stepOver() {
    if (!std::exchange(m_waiting, false))
        return;
    m_timer.cancel();
    asio::post(m_surroundings.context, [self = shared_from_this()] {
        if (!self->m_over)
            self->endStep();
    });
}

void UpstreamTestRun::endStep() {
    (this->*kSteps[m_step].end)();
    if (m_over)
        return;
    m_query.reset();
    ++m_step;
    m_progress(m_report);
    beginStep();
}

void UpstreamTestRun::finish(const std::string& error, AttemptOutcome outcome) {
    m_over = true;
    m_timer.cancel();
    m_deadline.cancel();
    m_query.reset();
    if (m_race)
        std::exchange(m_race, nullptr)->close();
    leaveConnection();
    m_report.finished = true;
    m_report.error = error;
    m_report.outcome = outcome;
    std::exchange(m_progress, nullptr)(m_report);
}

void UpstreamTestRun::race(const std::vector<IpAddress>& addresses) {
    ConnectRace::Hooks hooks;
    hooks.make = [this](DotConnection::Owner& owner, const IpAddress& address) {
        return connectTo(owner, address, nullptr, false);
    };
    hooks.takesEarlyData = [](DotConnection&, std::size_t) {};
    hooks.gotSession = [this](DotConnection& connection, SSL_SESSION* session) {
        connectionGotSession(connection, session);
    };
    hooks.attemptFailed = [this](const DotConnection& connection) {
        if (!m_report.tlsMicros) // else it is about another address of a server that is good
            noteShown(connection.channel());
    };
    hooks.won = [this](std::shared_ptr<DotConnection> connection,
                       const std::vector<PendingQuery*>&) {
        m_race = nullptr;
        m_connection = std::move(connection);
        m_connection->setOwner(*this);
        stepOver();
    };
    hooks.lost = [this](AttemptOutcome outcome, const std::string& reason) {
        m_race = nullptr;
        fail(outcome, reason);
        stepOver();
    };
    hooks.queriesSent = [](std::size_t) {};
    hooks.isWanted = [] { return false; };
    m_race =
        std::make_shared<ConnectRace>(m_surroundings.context, addresses, false, std::move(hooks));
    m_race->start();
}

std::shared_ptr<DotConnection> UpstreamTestRun::connectTo(DotConnection::Owner& owner,
                                                          const IpAddress& address,
                                                          SslPointer<SSL_SESSION> session,
                                                          bool earlyData) {
    UpstreamQueryOptions queryOptions;
    if (m_forward.clientSubnet.mode == ClientSubnet::Mode::Fixed)
        queryOptions.subnet = m_forward.clientSubnet;
    TlsChannel::Options options;
    options.source = address.isV6 ? m_forward.sourceAddressV6 : m_forward.sourceAddressV4;
    options.takeSession = [held = std::make_shared<SslPointer<SSL_SESSION>>(std::move(session))] {
        return std::move(*held);
    };
    options.mayUseEarlyData = [earlyData] { return earlyData; };
    auto connection = std::make_shared<DotConnection>(m_surroundings.context, owner, queryOptions);
    connection->open({address, m_upstream.port}, m_upstream, m_tls, std::move(options));
    return connection;
}

void UpstreamTestRun::leaveConnection() {
    if (m_connection)
        std::exchange(m_connection, nullptr)->close();
}

SslPointer<SSL_SESSION> UpstreamTestRun::takeSession() {
    const std::int64_t now = unixMicros() / kSecond;
    auto session = m_sessions.take(kOnlyKey, now);
    if (session && !mayResume(session.get(), m_upstream, *m_report.address, now))
        session.reset();
    return session;
}

bool UpstreamTestRun::ask(const std::optional<Question>& question) {
    if (!question)
        return false;
    m_answer.reset();
    m_mayRetry = true;
    m_query = std::make_unique<Query>(*this, *question);
    send();
    return true;
}

/// On the open connection, or on another one once it is open.
void UpstreamTestRun::send() {
    if (m_connection && m_connection->isOpen())
        m_connection->send(*m_query);
    else if (!m_connection)
        m_connection = connectTo(*this, *m_report.address, nullptr, false);
}

void UpstreamTestRun::replied(const UpstreamReply& reply) {
    if (reply.kind == UpstreamReply::Kind::Answer) {
        m_answerMicros = monotonicMicros() - m_query->way.sentAt;
        m_answerOctets = reply.message.size();
        UpstreamResponse response;
        if (readUpstreamResponse(reply.message, m_query->question(), response, m_failure))
            m_answer = std::move(response);
        else
            m_outcome = AttemptOutcome::BadAnswer;
        return stepOver();
    }
    fail(reply.outcome, std::string(reply.reason));
    if (!std::exchange(m_mayRetry, false))
        return stepOver();
    asio::post(m_surroundings.context, [self = shared_from_this()] {
        if (!self->m_over && self->m_waiting && self->m_query && !self->m_query->isPending())
            self->send();
    });
}

void UpstreamTestRun::connectionTakesEarlyData(DotConnection& connection, std::size_t) {
    if (m_query)
        connection.send(*m_query);
}

void UpstreamTestRun::connectionOpened(DotConnection& connection) {
    if (!m_query)
        stepOver();
    else if (!m_query->isPending())
        connection.send(*m_query);
}

void UpstreamTestRun::connectionGotSession(DotConnection&, SSL_SESSION* session) {
    m_sessions.put(kOnlyKey, session, unixMicros() / kSecond);
    if (m_awaitsTicket)
        stepOver();
}

void UpstreamTestRun::connectionClosed(DotConnection& connection, AttemptOutcome outcome,
                                       const std::string& reason) {
    if (&connection != m_connection.get())
        return;
    m_connection.reset();
    fail(outcome, reason);
    if (!m_query || !m_query->isPending())
        stepOver();
}

} // namespace sotto::engine
