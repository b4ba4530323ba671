// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dns_client.h"
#include "throwaway_ca.h"

#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::test {

/// A blocking TLS client that shows what a server's sessions are worth: resumes with a given
/// session, sends its first message as early data, shows a certificate. Verifies nothing.
class TlsProbe {
public:
    struct FreeSession {
        void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
    };
    using Session = std::shared_ptr<SSL_SESSION>;

    explicit TlsProbe(std::uint16_t port);
    ~TlsProbe();
    TlsProbe(const TlsProbe&) = delete;
    TlsProbe& operator=(const TlsProbe&) = delete;

    void setIdentity(const Identity& identity);
    void setSession(const Session& session);
    void setNewest12();

    /// Sends the message as early data, then shakes hands; false where the session forbids it.
    bool connectEarly(const Message& first);
    bool connect();
    bool wasResumed() const;
    bool earlyWasAccepted() const;

    bool send(const Message& query);
    std::optional<Message> receive();
    /// The newest session that the server gave; some come only with the first answer.
    Session session() const;

private:
    struct FreeContext {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };
    struct FreeSsl {
        void operator()(SSL* ssl) const { SSL_free(ssl); }
    };
    static int keepSession(SSL* ssl, SSL_SESSION* session);

    std::unique_ptr<SSL_CTX, FreeContext> m_context;
    std::unique_ptr<SSL, FreeSsl> m_ssl;
    int m_socket = -1;
    Session m_session;
};

} // namespace sotto::test
