// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/program/input_end.h"

#include <array>

#include <unistd.h>

namespace sotto::lease {

InputEnd::InputEnd()
    : m_notifier(STDIN_FILENO, QSocketNotifier::Read) {
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        std::array<char, 512> unused{};
        if (::read(STDIN_FILENO, unused.data(), unused.size()) > 0)
            return;
        m_notifier.setEnabled(false);
        emit reached();
    });
}

} // namespace sotto::lease
