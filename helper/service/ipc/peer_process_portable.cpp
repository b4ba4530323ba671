// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/ipc/peer_process.h"

namespace sotto::service {

std::shared_ptr<const PeerProcess> PeerProcess::ofSocket(qintptr) {
    return nullptr;
}

std::shared_ptr<const PeerProcess> PeerProcess::ofNumber(qint64, quint32) {
    return nullptr;
}

PeerProcess::PeerProcess(int descriptor, quint32 pid, quint32 user)
    : m_descriptor(descriptor)
    , m_pid(pid)
    , m_user(user) {}

PeerProcess::~PeerProcess() = default;

bool PeerProcess::isAlive() const {
    return false;
}

std::optional<ProcessSubject> PeerProcess::subject() const {
    return std::nullopt;
}

} // namespace sotto::service
