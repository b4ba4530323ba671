// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/input_end.h"

#include <array>

#include <poll.h>
#include <unistd.h>

namespace sotto::lease {

InputEnd::InputEnd()
    : m_notifier(STDIN_FILENO, QSocketNotifier::Read) {
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        if (!isReached())
            return;
        m_notifier.setEnabled(false);
        emit reached();
    });
}

bool InputEnd::isReached() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    std::array<char, 512> unused{};
    return ::poll(&input, 1, 0) == 1 && ::read(STDIN_FILENO, unused.data(), unused.size()) <= 0;
}

} // namespace sotto::lease
