// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clocks.h"
#include "upstream/certificate_facts.h"
#include "upstream/certificate_verdict.h"
#include "upstream/test_verdicts.h"
#include "upstream/upstream_test_run.h"

/// What is measured, in this order.
namespace sotto::engine {

namespace {

constexpr std::size_t kMostNames = 32; // of a certificate; who shows thousands is known by fewer

} // namespace

const std::array<UpstreamTestRun::Step, 10> UpstreamTestRun::kSteps{{
    {&UpstreamTestRun::connect, &UpstreamTestRun::noteConnected, kLongest},
    {&UpstreamTestRun::askPlain, &UpstreamTestRun::notePlain, kPatience},
    {&UpstreamTestRun::askSignedGood, &UpstreamTestRun::noteSignedGood, kPatience},
    {&UpstreamTestRun::askSignedBad, &UpstreamTestRun::noteSignedBad, kPatience},
    {&UpstreamTestRun::askFiltered, &UpstreamTestRun::noteFiltered, kPatience},
    {&UpstreamTestRun::awaitTicket, &UpstreamTestRun::noteTicket, kTicketPatience},
    {&UpstreamTestRun::resume, &UpstreamTestRun::noteResumed, kPatience},
    {&UpstreamTestRun::awaitTicket, &UpstreamTestRun::noteTicket, kTicketPatience},
    {&UpstreamTestRun::askEarly, &UpstreamTestRun::noteEarly, kPatience},
    {&UpstreamTestRun::tryV6, &UpstreamTestRun::noteV6, kLongest},
}};

bool UpstreamTestRun::connect() {
    if (m_addresses.isConfigured()) {
        race(m_addresses.order());
        return true;
    }
    constexpr std::uint32_t kForNobody = 0; // it has no ID
    m_addresses.lookUp(m_surroundings.lookUp, m_upstream.tlsName, kForNobody,
                       [this](const std::string& error) {
                           if (m_over)
                               return;
                           fail(AttemptOutcome::NameNotFound, error);
                           if (m_addresses.known().empty())
                               stepOver();
                           else
                               race(m_addresses.order());
                       });
    return true;
}

void UpstreamTestRun::noteConnected() {
    if (!m_connection)
        return finish(m_failure, m_outcome);
    const TlsChannel& channel = m_connection->channel();
    const TlsChannel::Facts& facts = channel.facts();
    noteShown(channel);
    m_report.tlsMicros = facts.tlsMicros;
    m_report.tlsVersion = facts.tlsVersion;
    m_report.cipher = facts.cipher;
}

/// What a server let see, be it that it was not to be trusted.
void UpstreamTestRun::noteShown(const TlsChannel& channel) {
    if (!channel.wasConnected())
        return;
    const X509* certificate = channel.ssl() ? shownCertificate(channel.ssl()) : nullptr;
    if (!certificate && m_report.connectMicros)
        return;
    m_report.address = channel.endpoint().address;
    m_report.connectMicros = channel.facts().connectMicros;
    if (!certificate)
        return;
    m_report.certificateNames = certificateNames(certificate, kMostNames);
    m_report.issuer = certificateIssuer(certificate);
    m_report.validFromUnixSeconds = validFromUnix(certificate);
    m_report.validUntilUnixSeconds = validUntilUnix(certificate);
    m_report.pin = pinOf(certificate);
}

void UpstreamTestRun::notePlain() {
    m_report.answers = m_answer && m_answer->rcode == rcode::kNoError && m_answer->positive;
    if (!m_answer)
        return finish("connected, but " + m_plainName + " was not answered: " + m_failure,
                      m_outcome);
    m_report.queryMicros = static_cast<std::uint32_t>(m_answerMicros);
    noteOptions();
}

void UpstreamTestRun::noteSignedGood() {
    if (!m_answer)
        return;
    noteOptions();
    m_report.validates = showsValidation(*m_answer);
    m_goodFailed = !m_report.validates;
}

bool UpstreamTestRun::askSignedBad() {
    return !m_goodFailed && ask(m_questions.signedBad);
}

void UpstreamTestRun::noteSignedBad() {
    if (!m_answer)
        return;
    noteOptions();
    m_report.refusesBad = refusesBogus(*m_answer);
}

void UpstreamTestRun::noteFiltered() {
    if (!m_answer)
        return;
    noteOptions();
    m_report.filters = blocks(*m_answer, *m_questions.filtered);
}

/// Of the first answer; all others are treated alike.
void UpstreamTestRun::noteOptions() {
    if (m_report.keepalive)
        return;
    m_report.keepalive = m_answer->keepaliveTenths.has_value();
    m_report.keepaliveMillis = std::uint32_t{m_answer->keepaliveTenths.value_or(0)} * 100;
    m_report.padding = m_answer->padded;
    m_report.paddedTo = m_answer->padded ? paddingBlockOf(m_answerOctets) : 0;
}

bool UpstreamTestRun::awaitTicket() {
    const bool isNeeded =
        !m_report.resumes || (*m_report.resumes && !m_report.earlyData && m_forward.earlyData);
    m_awaitsTicket =
        isNeeded && m_connection && !m_sessions.has(kOnlyKey, unixMicros() / 1'000'000);
    return m_awaitsTicket;
}

bool UpstreamTestRun::resume() {
    leaveConnection();
    auto session = takeSession();
    if (!session) {
        m_report.resumes = false;
        m_report.earlyData = false;
        return false;
    }
    m_ticketAllowsEarly = SSL_SESSION_get_max_early_data(session.get()) > 0;
    m_connection = connectTo(*this, *m_report.address, std::move(session), false);
    return true;
}

void UpstreamTestRun::noteResumed() {
    if (!m_connection || !m_connection->isOpen())
        return leaveConnection();
    m_report.resumes = m_connection->channel().facts().resumed;
    if (!*m_report.resumes || !m_ticketAllowsEarly)
        m_report.earlyData = false;
}

bool UpstreamTestRun::askEarly() {
    leaveConnection();
    if (m_report.earlyData || !m_report.resumes || !m_questions.plain)
        return false;
    m_report.earlyDataOff = !m_forward.earlyData;
    if (m_report.earlyDataOff)
        return false; // others could send it once more, which is for the user to choose
    auto session = takeSession();
    if (!session)
        return false;
    m_answer.reset();
    m_mayRetry = false;
    m_query = std::make_unique<Query>(*this, *m_questions.plain);
    m_connection = connectTo(*this, *m_report.address, std::move(session), true);
    return true;
}

void UpstreamTestRun::noteEarly() {
    m_report.earlyData = m_answer && m_query->way.use == ConnectionUse::EarlyData;
}

bool UpstreamTestRun::tryV6() {
    leaveConnection();
    std::vector<IpAddress> addresses = m_addresses.order();
    std::erase_if(addresses, [](const IpAddress& address) { return !address.isV6; });
    if (m_report.address->isV6)
        m_report.ipv6 = true;
    else if (m_hasV6 && !addresses.empty())
        race(addresses);
    return m_race != nullptr;
}

void UpstreamTestRun::noteV6() {
    // Without a way there this computer has no IPv6 to speak of.
    if (m_connection || m_outcome != AttemptOutcome::Unreachable)
        m_report.ipv6 = m_connection != nullptr;
}

} // namespace sotto::engine
