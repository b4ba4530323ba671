// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/request_handler.h"

#include "service/ipc/request_params.h"
#include "service/version.h"

#include <QCoreApplication>
#include <QPointer>

#include <functional>

namespace sotto::service {

namespace {

constexpr qsizetype kMaxClientName = 200;
constexpr qsizetype kMaxQueryName = 1024;

template <class Result>
using Answer = std::variant<Result, Refusal>;

/// Reads the parameters of a method, runs it and sends what it gives.
template <class Method, class Body>
void serve(IpcConnection& connection, const IpcConnection::Request& request,
           const QStringList& required, Body body) {
    typename Method::Params params;
    if (const auto refusal = readParams(request.params, required, params)) {
        connection.refuse(request.id, *refusal);
        return;
    }
    const Answer<typename Method::Result> answer = body(params);
    if (const auto* refusal = std::get_if<Refusal>(&answer))
        connection.refuse(request.id, *refusal);
    else
        connection.reply(request.id, protocol::toJson(std::get<0>(answer)));
}

Refusal rejected(const engine::Error& error) {
    return {protocol::Rejected, QString::fromStdString(error.message())};
}

} // namespace

RequestHandler::RequestHandler(Service& service, Gate& gate, std::function<void()> statusTold)
    : m_service(service)
    , m_gate(gate)
    , m_statusTold(std::move(statusTold)) {}

const std::vector<RequestHandler::Verb>& RequestHandler::verbs() {
    using H = RequestHandler;
    static const std::vector<Verb> verbs{
        {protocol::Hello::kName, Right::Look, &H::hello},
        {protocol::GetStatus::kName, Right::Look, &H::status},
        {protocol::GetSettings::kName, Right::Toggle, &H::getSettings},
        {protocol::SetSettings::kName, Right::Configure, &H::setSettings},
        {protocol::ListProviders::kName, Right::Look, &H::listProviders},
        {protocol::UseProviders::kName, Right::Toggle, &H::useProviders},
        {protocol::TestProvider::kName, Right::Toggle, &H::testProvider},
        {protocol::SetForwarding::kName, Right::Toggle, &H::setForwarding},
        {protocol::PauseForwarding::kName, Right::Toggle, &H::pauseForwarding},
        {protocol::TakeSystemDns::kName, Right::Toggle, &H::takeSystemDns},
        {protocol::ExplainSystemDns::kName, Right::Toggle, &H::explainSystemDns},
        {protocol::FlushCache::kName, Right::Toggle, &H::flushCache},
        {protocol::GetStatistics::kName, Right::ReadLog, &H::statistics},
        {protocol::SubscribeLog::kName, Right::ReadLog, &H::subscribeLog},
        {protocol::UnsubscribeLog::kName, Right::Look, &H::unsubscribeLog},
        {protocol::Query::kName, Right::Toggle, &H::query},
    };
    return verbs;
}

void RequestHandler::handle(IpcConnection& connection, const IpcConnection::Request& request) {
    if (!connection.isReady() && request.method != QLatin1String(protocol::Hello::kName)) {
        connection.refuse(request.id,
                          {protocol::HelloRequired, QStringLiteral("\"hello\" must come first")});
        return;
    }
    for (const Verb& verb : verbs()) {
        if (request.method != QLatin1String(verb.name))
            continue;
        const Right right = rightFor(verb, request);
        const QPointer<IpcConnection> asker(&connection);
        m_gate.pass(
            connection, right,
            [this, asker, request, right, run = verb.run](const std::optional<Refusal>& refusal) {
                if (!asker)
                    return;
                if (refusal)
                    return asker->refuse(request.id, *refusal);
                m_granted = right;
                (this->*run)(*asker, request);
            });
        return;
    }
    connection.refuse(request.id, {protocol::MethodNotFound, QStringLiteral("unknown method")});
}

Right RequestHandler::rightFor(const Verb& verb, const IpcConnection::Request& request) const {
    const auto isMethod = [&](const char* name) { return request.method == QLatin1String(name); };
    if (isMethod(protocol::UseProviders::kName) && m_service.hasServersByHand())
        return Right::Configure;
    if (isMethod(protocol::TestProvider::kName)) {
        protocol::ProviderTestParams params;
        if (!readParams(request.params, {}, params) && !m_service.isKnownSubject(params))
            return Right::Configure;
    }
    return verb.right;
}

void RequestHandler::forget(IpcConnection& connection) {
    if (std::exchange(connection.followsLog, false))
        --m_logFollowers;
}

void RequestHandler::hello(IpcConnection& connection, const IpcConnection::Request& request) {
    protocol::HelloParams params;
    auto refusal = readParams(request.params, {QStringLiteral("protocol")}, params);
    if (!refusal && params.client.size() > kMaxClientName)
        refusal = Refusal{protocol::InvalidParams, QStringLiteral("\"client\" is too long")};
    if (!refusal && params.protocol != protocol::kProtocolVersion)
        refusal = Refusal{protocol::Rejected,
                          QStringLiteral("this service (%1) speaks version %2 of the protocol, "
                                         "not %3")
                              .arg(versionText())
                              .arg(protocol::kProtocolVersion)
                              .arg(params.protocol)};
    if (refusal)
        return connection.refuse(request.id, *refusal);
    connection.becomeReady();
    const QPointer<IpcConnection> asker(&connection);
    m_gate.look(connection, [asker, id = request.id](const PeerPermissions& permissions) {
        if (!asker)
            return;
        protocol::HelloResult result;
        result.protocol = protocol::kProtocolVersion;
        result.server = QStringLiteral("sottod");
        result.version = versionText();
        result.pid = QCoreApplication::applicationPid();
        result.mayToggle = permissions.toggle;
        result.mayReadLog = permissions.readLog;
        result.mayConfigure = permissions.configure;
        asker->reply(id, protocol::toJson(result));
    });
}

protocol::Status RequestHandler::tellStatus() {
    m_statusTold();
    return m_service.status();
}

void RequestHandler::status(IpcConnection& connection, const IpcConnection::Request& request) {
    serve<protocol::GetStatus>(
        connection, request, {},
        [&](const protocol::Empty&) -> Answer<protocol::Status> { return tellStatus(); });
}

void RequestHandler::getSettings(IpcConnection& connection, const IpcConnection::Request& request) {
    serve<protocol::GetSettings>(
        connection, request, {},
        [&](const protocol::Empty&) -> Answer<protocol::Settings> { return m_service.settings(); });
}

void RequestHandler::setSettings(IpcConnection& connection, const IpcConnection::Request& request) {
    serve<protocol::SetSettings>(
        connection, request, {QStringLiteral("values")},
        [&](const protocol::SettingsChange& change) -> Answer<protocol::Settings> {
            if (const auto refusal = m_service.changeSettings(change.values))
                return *refusal;
            return m_service.settings();
        });
}

void RequestHandler::listProviders(IpcConnection& connection,
                                   const IpcConnection::Request& request) {
    serve<protocol::ListProviders>(connection, request, {},
                                   [&](const protocol::Empty&) -> Answer<protocol::ProviderList> {
                                       return m_service.providers();
                                   });
}

void RequestHandler::useProviders(IpcConnection& connection,
                                  const IpcConnection::Request& request) {
    serve<protocol::UseProviders>(
        connection, request, {QStringLiteral("ids")},
        [&](const protocol::ProviderChoice& choice) -> Answer<protocol::Status> {
            if (const auto refusal =
                    m_service.useProviders(choice.ids, m_granted == Right::Configure))
                return *refusal;
            return tellStatus();
        });
}

void RequestHandler::testProvider(IpcConnection& connection,
                                  const IpcConnection::Request& request) {
    serve<protocol::TestProvider>(
        connection, request, {},
        [&](const protocol::ProviderTestParams& params) -> Answer<protocol::ProviderTest> {
            const QPointer<IpcConnection> asker(&connection);
            return m_service.testProvider(
                params, connection.peer().user, m_granted == Right::Configure,
                [asker](const protocol::ProviderTestReport& report) {
                    if (asker)
                        asker->notify(protocol::kTestProgress, protocol::toJson(report));
                });
        });
}

void RequestHandler::setForwarding(IpcConnection& connection,
                                   const IpcConnection::Request& request) {
    serve<protocol::SetForwarding>(
        connection, request, {QStringLiteral("enabled")},
        [&](const protocol::ForwardingParams& params) -> Answer<protocol::Status> {
            if (const auto refusal = m_service.setForwarding(params.enabled))
                return *refusal;
            return tellStatus();
        });
}

void RequestHandler::pauseForwarding(IpcConnection& connection,
                                     const IpcConnection::Request& request) {
    serve<protocol::PauseForwarding>(
        connection, request, {},
        [&](const protocol::PauseParams& params) -> Answer<protocol::Status> {
            if (const auto refusal = m_service.pauseForwarding(params.until))
                return *refusal;
            return tellStatus();
        });
}

void RequestHandler::takeSystemDns(IpcConnection& connection,
                                   const IpcConnection::Request& request) {
    serve<protocol::TakeSystemDns>(connection, request, {},
                                   [&](const protocol::Empty&) -> Answer<protocol::Status> {
                                       if (const auto refusal = m_service.takeSystemDns())
                                           return *refusal;
                                       return tellStatus();
                                   });
}

void RequestHandler::explainSystemDns(IpcConnection& connection,
                                      const IpcConnection::Request& request) {
    protocol::Empty nothing;
    if (const auto refusal = readParams(request.params, {}, nothing))
        return connection.refuse(request.id, *refusal);
    const QPointer<IpcConnection> asker(&connection);
    const bool begun = m_service.systemDns().explain(
        [asker, id = request.id](const protocol::SystemDnsExplanation& explanation) {
            if (asker)
                asker->reply(id, protocol::toJson(explanation));
        });
    if (!begun)
        connection.refuse(request.id,
                          {protocol::Rejected, QStringLiteral("too many programs ask for that")});
}

void RequestHandler::flushCache(IpcConnection& connection, const IpcConnection::Request& request) {
    serve<protocol::FlushCache>(
        connection, request, {},
        [&](const protocol::FlushParams& params) -> Answer<protocol::FlushResult> {
            if (!params.name && params.subtree)
                return Refusal{protocol::InvalidParams,
                               QStringLiteral("\"subtree\" needs a \"name\"")};
            if (!params.name)
                return protocol::FlushResult{m_service.forwarder().flush()};
            if (params.name->isEmpty() || params.name->size() > kMaxQueryName)
                return Refusal{protocol::InvalidParams, QStringLiteral("\"name\" is no DNS name")};
            using Scope = engine::Engine::FlushScope;
            const auto removed = m_service.forwarder().flush(
                *params.name, params.subtree ? Scope::Subtree : Scope::Name);
            if (!removed)
                return rejected(removed.error());
            return protocol::FlushResult{static_cast<qint64>(removed.value())};
        });
}

void RequestHandler::statistics(IpcConnection& connection, const IpcConnection::Request& request) {
    serve<protocol::GetStatistics>(connection, request, {},
                                   [&](const protocol::Empty&) -> Answer<protocol::Statistics> {
                                       return m_service.statistics();
                                   });
}

void RequestHandler::subscribeLog(IpcConnection& connection,
                                  const IpcConnection::Request& request) {
    m_service.forwarder().drain(); // what was answered just before belongs to the backlog
    if (!connection.isOpen())
        return; // it follows the log already, and has not read
    serve<protocol::SubscribeLog>(
        connection, request, {},
        [&](const protocol::LogSubscription& params) -> Answer<protocol::LogBatch> {
            if (params.backlog < 0)
                return Refusal{protocol::InvalidParams, QStringLiteral("\"backlog\" is negative")};
            if (!connection.followsLog && m_logFollowers >= kMaxLogFollowers)
                return Refusal{
                    protocol::Rejected,
                    QStringLiteral("%1 programs read the log already").arg(kMaxLogFollowers)};
            if (!std::exchange(connection.followsLog, true))
                ++m_logFollowers;
            return protocol::LogBatch{m_service.log().newest(params.backlog), 0};
        });
}

void RequestHandler::unsubscribeLog(IpcConnection& connection,
                                    const IpcConnection::Request& request) {
    serve<protocol::UnsubscribeLog>(connection, request, {},
                                    [&](const protocol::Empty&) -> Answer<protocol::Empty> {
                                        forget(connection);
                                        return protocol::Empty{};
                                    });
}

void RequestHandler::query(IpcConnection& connection, const IpcConnection::Request& request) {
    protocol::QueryParams params;
    if (const auto refusal = readParams(request.params, {QStringLiteral("name")}, params)) {
        connection.refuse(request.id, *refusal);
        return;
    }
    const std::uint16_t type = engine::recordTypeFromText(params.type.toStdString());
    if (params.name.isEmpty() || params.name.size() > kMaxQueryName || type == 0) {
        connection.refuse(request.id,
                          {protocol::InvalidParams,
                           type == 0 ? QStringLiteral("\"%1\" is no record type").arg(params.type)
                                     : QStringLiteral("\"name\" is no DNS name")});
        return;
    }
    if (connection.pendingQueries >= IpcConnection::kMaxPendingQueries) {
        connection.refuse(request.id,
                          {protocol::Rejected, QStringLiteral("too many queries at a time")});
        return;
    }
    const QPointer<IpcConnection> asker(&connection);
    const auto asked = m_service.forwarder().query(
        params.name, type, [asker, id = request.id](const protocol::QueryResult& result) {
            if (!asker)
                return;
            --asker->pendingQueries;
            asker->reply(id, protocol::toJson(result));
        });
    if (asked)
        ++connection.pendingQueries;
    else
        connection.refuse(request.id, rejected(asked.error()));
}

} // namespace sotto::service
