// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "protocol/messages.h"
#include "protocol/provider_test.h"

/// Every method of the IPC contract: its name, what it takes and what it gives. There are no
/// others, and none takes a path, a command or a program (docs/IPC.md lists them for people).
namespace sotto::protocol {

/// Must come first on a connection. Anybody may.
struct Hello {
    static constexpr auto kName = "hello";
    using Params = HelloParams;
    using Result = HelloResult;
};

/// Anybody may. Changes come as status.changed notifications to every connection that said hello.
struct GetStatus {
    static constexpr auto kName = "status";
    using Params = Empty;
    using Result = Status;
};

struct GetSettings {
    static constexpr auto kName = "settings.get";
    using Params = Empty;
    using Result = Settings;
};

/// All changes take effect together or none does.
struct SetSettings {
    static constexpr auto kName = "settings.set";
    using Params = SettingsChange;
    using Result = Settings;
};

struct ListProviders {
    static constexpr auto kName = "providers.list";
    using Params = Empty;
    using Result = ProviderList;
};

/// Chooses which of the shipped providers are used, in this order.
struct UseProviders {
    static constexpr auto kName = "providers.use";
    using Params = ProviderChoice;
    using Result = Status;
};

/// Begins to try out a provider, on connections of its own and without the cache. The reply comes
/// at once; what is measured follows as test.progress, on this connection only, until a report is
/// finished. A provider of the list or a configured upstream: as providers.use; an upstream of
/// one's own: as settings.set. Refused while too many tests run.
struct TestProvider {
    static constexpr auto kName = "providers.test";
    using Params = ProviderTestParams;
    using Result = ProviderTest;
};

/// Turns forwarding on or off. The state survives a restart of the service.
struct SetForwarding {
    static constexpr auto kName = "forwarding.set";
    using Params = ForwardingParams;
    using Result = Status;
};

/// Turns forwarding off for a while; it goes on by itself, at the latest when the service starts.
/// forwarding.set ends it. Refused where forwarding is off, or the time is not ahead.
struct PauseForwarding {
    static constexpr auto kName = "forwarding.pause";
    using Params = PauseParams;
    using Result = Status;
};

/// Takes the system's DNS again after somebody else took over, or after it failed.
struct TakeSystemDns {
    static constexpr auto kName = "system.take";
    using Params = Empty;
    using Result = Status;
};

/// Which mechanisms there are, and why each was chosen or not.
struct ExplainSystemDns {
    static constexpr auto kName = "system.explain";
    using Params = Empty;
    using Result = SystemDnsExplanation;
};

struct FlushCache {
    static constexpr auto kName = "cache.flush";
    using Params = FlushParams;
    using Result = FlushResult;
};

struct GetStatistics {
    static constexpr auto kName = "statistics";
    using Params = Empty;
    using Result = Statistics;
};

/// Gives the kept entries (the newest ones, up to the limit asked for), then log.entries
/// notifications follow until log.unsubscribe or the end of the connection.
struct SubscribeLog {
    static constexpr auto kName = "log.subscribe";
    using Params = LogSubscription;
    using Result = LogBatch;
};

struct UnsubscribeLog {
    static constexpr auto kName = "log.unsubscribe";
    using Params = Empty;
    using Result = Empty;
};

/// Asks the forwarder a question as a client would.
struct Query {
    static constexpr auto kName = "query";
    using Params = QueryParams;
    using Result = QueryResult;
};

/// Notifications, from the service to the client.
inline constexpr auto kStatusChanged = "status.changed"; ///< params: Status
inline constexpr auto kLogEntries = "log.entries";       ///< params: LogBatch
inline constexpr auto kTestProgress = "test.progress";   ///< params: ProviderTestReport

/// JSON-RPC 2.0 error codes (§5.1) and ours from -32000 down.
enum ErrorCode : int {
    ParseError = -32700,
    InvalidRequest = -32600,
    MethodNotFound = -32601,
    InvalidParams = -32602,
    InternalError = -32603,
    NotAuthorized = -32000, ///< the peer may not do this
    HelloRequired = -32001, ///< hello has not come first
    SetInFile = -32002,     ///< the administrator's file decides this key
    Rejected = -32003,      ///< understood, but the values cannot be put in force
};

} // namespace sotto::protocol
