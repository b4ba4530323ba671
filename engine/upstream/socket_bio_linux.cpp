// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/socket_bio.h"

#include <cerrno>
#include <cstdint>

#include <sys/socket.h>

namespace sotto::engine {

namespace {

int descriptorOf(BIO* bio) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

bool wouldBlock() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int writeSocket(BIO* bio, const char* data, int length) {
    BIO_clear_retry_flags(bio);
    const auto sent =
        ::send(descriptorOf(bio), data, static_cast<std::size_t>(length), MSG_NOSIGNAL);
    if (sent < 0 && wouldBlock())
        BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int readSocket(BIO* bio, char* data, int length) {
    BIO_clear_retry_flags(bio);
    const auto received = ::recv(descriptorOf(bio), data, static_cast<std::size_t>(length), 0);
    if (received < 0 && wouldBlock())
        BIO_set_retry_read(bio);
    if (received == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(received);
}

long controlSocket(BIO* bio, int command, long, void*) {
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default:
        return 0;
    }
}

BIO_METHOD* makeMethod() {
    BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
    if (method) {
        BIO_meth_set_write(method, writeSocket);
        BIO_meth_set_read(method, readSocket);
        BIO_meth_set_ctrl(method, controlSocket);
    }
    return method;
}

} // namespace

BIO* makeSocketBio(int descriptor) {
    static BIO_METHOD* const kMethod = makeMethod(); // lives as long as the process
    BIO* bio = kMethod ? BIO_new(kMethod) : nullptr;
    if (bio) {
        BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
        BIO_set_init(bio, 1);
    }
    return bio;
}

} // namespace sotto::engine
