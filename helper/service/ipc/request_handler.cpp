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

RequestHandler::RequestHandler(Service& service, Authorization authorization)
    : m_service(service)
    , m_authorization(authorization) {}

const std::vector<RequestHandler::Verb>& RequestHandler::verbs() {
    using H = RequestHandler;
    static const std::vector<Verb> verbs{
        {protocol::Hello::kName, Right::Look, &H::hello},
        {protocol::GetStatus::kName, Right::Look, &H::status},
        {protocol::GetSettings::kName, Right::Operate, &H::getSettings},
        {protocol::SetSettings::kName, Right::Configure, &H::setSettings},
        {protocol::ListProviders::kName, Right::Operate, &H::listProviders},
        {protocol::UseProviders::kName, Right::Operate, &H::useProviders},
        {protocol::TestProvider::kName, Right::Operate, &H::testProvider},
        {protocol::SetForwarding::kName, Right::Operate, &H::setForwarding},
        {protocol::FlushCache::kName, Right::Operate, &H::flushCache},
        {protocol::GetStatistics::kName, Right::Operate, &H::statistics},
        {protocol::SubscribeLog::kName, Right::Operate, &H::subscribeLog},
        {protocol::UnsubscribeLog::kName, Right::Operate, &H::unsubscribeLog},
        {protocol::Query::kName, Right::Operate, &H::query},
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
        if (m_authorization.allows(connection.peer(), verb.right))
            (this->*verb.run)(connection, request);
        else
            connection.refuse(request.id,
                              {protocol::NotAuthorized,
                               QStringLiteral("this user may not use \"%1\"").arg(request.method)});
        return;
    }
    connection.refuse(request.id, {protocol::MethodNotFound, QStringLiteral("unknown method")});
}

void RequestHandler::forget(IpcConnection& connection) {
    if (std::exchange(connection.followsLog, false))
        --m_logFollowers;
}

void RequestHandler::hello(IpcConnection& connection, const IpcConnection::Request& request) {
    using protocol::HelloResult;
    serve<protocol::Hello>(
        connection, request, {QStringLiteral("protocol")},
        [&](const protocol::HelloParams& params) -> Answer<HelloResult> {
            if (params.client.size() > kMaxClientName)
                return Refusal{protocol::InvalidParams, QStringLiteral("\"client\" is too long")};
            if (params.protocol != protocol::kProtocolVersion)
                return Refusal{protocol::Rejected,
                               QStringLiteral("this service (%1) speaks version %2 of the "
                                              "protocol, not %3")
                                   .arg(versionText())
                                   .arg(protocol::kProtocolVersion)
                                   .arg(params.protocol)};
            connection.becomeReady();
            HelloResult result;
            result.protocol = protocol::kProtocolVersion;
            result.server = QStringLiteral("sottod");
            result.version = versionText();
            result.pid = QCoreApplication::applicationPid();
            const auto may = [&](Right right) {
                return m_authorization.allows(connection.peer(), right) ? protocol::Permission::Yes
                                                                        : protocol::Permission::No;
            };
            result.mayToggle = may(Right::Operate);
            result.mayReadLog = may(Right::Operate);
            result.mayConfigure = may(Right::Configure);
            return result;
        });
}

void RequestHandler::status(IpcConnection& connection, const IpcConnection::Request& request) {
    serve<protocol::GetStatus>(
        connection, request, {},
        [&](const protocol::Empty&) -> Answer<protocol::Status> { return m_service.status(); });
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
            if (const auto refusal = m_service.useProviders(
                    choice.ids, m_authorization.allows(connection.peer(), Right::Configure)))
                return *refusal;
            return m_service.status();
        });
}

void RequestHandler::testProvider(IpcConnection& connection,
                                  const IpcConnection::Request& request) {
    serve<protocol::TestProvider>(
        connection, request, {},
        [&](const protocol::ProviderTestParams& params) -> Answer<protocol::ProviderTest> {
            const QPointer<IpcConnection> asker(&connection);
            return m_service.testProvider(
                params, connection.peer().user,
                m_authorization.allows(connection.peer(), Right::Configure),
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
            return m_service.status();
        });
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
