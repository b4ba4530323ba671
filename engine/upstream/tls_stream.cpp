// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <cstring>

namespace sotto::engine {

namespace {

int streamIndex() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

} // namespace

/// The BIO through which OpenSSL reads our input and writes our output.
struct TlsStream::Bio {
    static int read(BIO* bio, char* out, std::size_t size, std::size_t* octets) {
        auto* stream = static_cast<TlsStream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        *octets = std::min(size, stream->m_input.size());
        if (*octets == 0) {
            if (!stream->m_ended)
                BIO_set_retry_read(bio);
            return 0;
        }
        std::memcpy(out, stream->m_input.data(), *octets);
        stream->m_input = stream->m_input.subspan(*octets);
        return 1;
    }

    static int write(BIO* bio, const char* data, std::size_t size, std::size_t* octets) {
        auto* stream = static_cast<TlsStream*>(BIO_get_data(bio));
        BIO_clear_retry_flags(bio);
        const auto* begin = reinterpret_cast<const std::uint8_t*>(data);
        stream->m_output.insert(stream->m_output.end(), begin, begin + size);
        *octets = size;
        return 1;
    }

    static long control(BIO* bio, int command, long, void*) {
        const auto* stream = static_cast<const TlsStream*>(BIO_get_data(bio));
        switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_EOF:
            return stream->m_ended && stream->m_input.empty() ? 1 : 0;
        default:
            return 0;
        }
    }

    static const BIO_METHOD* method() {
        static const BIO_METHOD* const method = [] {
            BIO_METHOD* fresh =
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "octets in memory");
            if (!fresh)
                return fresh;
            BIO_meth_set_read_ex(fresh, read);
            BIO_meth_set_write_ex(fresh, write);
            BIO_meth_set_ctrl(fresh, control);
            return fresh;
        }();
        return method;
    }
};

TlsStream::TlsStream(SslPointer<SSL> ssl, SessionTaker taker)
    : m_ssl(std::move(ssl))
    , m_taker(std::move(taker)) {
    BIO* bio = m_ssl && Bio::method() ? BIO_new(Bio::method()) : nullptr;
    if (!bio)
        return;
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(m_ssl.get(), bio, bio);
    m_usable = SSL_set_ex_data(m_ssl.get(), streamIndex(), this) == 1;
}

TlsStream::~TlsStream() = default;

std::size_t TlsStream::writeEarly(Bytes plain) {
    ERR_clear_error();
    std::size_t taken = 0;
    const int result = SSL_write_early_data(m_ssl.get(), plain.data(), plain.size(), &taken);
    return result == 1 ? taken : 0;
}

TlsStream::Step TlsStream::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(m_ssl.get());
    if (result == 1)
        return Step::Done;
    switch (SSL_get_error(m_ssl.get(), result)) {
    case SSL_ERROR_WANT_READ:
        return Step::NeedInput;
    case SSL_ERROR_SSL:
        return m_ended && m_input.empty() && ERR_peek_error() == 0 ? Step::Closed : Step::Failed;
    default:
        return Step::Closed;
    }
}

TlsStream::Step TlsStream::read(MutableBytes out, std::size_t& octets) {
    ERR_clear_error();
    if (SSL_read_ex(m_ssl.get(), out.data(), out.size(), &octets) == 1)
        return Step::Done;
    octets = 0;
    switch (SSL_get_error(m_ssl.get(), 0)) {
    case SSL_ERROR_WANT_READ:
        return Step::NeedInput;
    case SSL_ERROR_SSL:
        return Step::Failed;
    default:
        return Step::Closed;
    }
}

bool TlsStream::write(Bytes plain) {
    while (!plain.empty()) {
        ERR_clear_error();
        std::size_t taken = 0;
        if (SSL_write_ex(m_ssl.get(), plain.data(), plain.size(), &taken) != 1)
            return false;
        plain = plain.subspan(taken);
    }
    return true;
}

void TlsStream::shutDown() {
    if (!m_ssl || !SSL_is_init_finished(m_ssl.get()))
        return;
    ERR_clear_error();
    SSL_shutdown(m_ssl.get());
}

int giveSessionToStream(SSL* ssl, SSL_SESSION* session) {
    const auto* stream = static_cast<const TlsStream*>(SSL_get_ex_data(ssl, streamIndex()));
    if (stream && stream->m_taker)
        stream->m_taker(session);
    return 0; // the reference that OpenSSL made stays its own
}

} // namespace sotto::engine
