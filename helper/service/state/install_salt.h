// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <array>
#include <cstdint>

namespace sotto::service {

/// "salt" in the state directory: random octets that are made once an installation, so that others
/// cannot tell which upstream a name goes to (engine::Policy::Hashed). Only its owner may read it.
class InstallSalt {
public:
    using Octets = std::array<std::uint8_t, 16>;

    explicit InstallSalt(QString stateDirectory);

    /// Reads them, or makes them where there are none or a damaged file. Where they cannot be kept,
    /// why says so, and they hold for this run only. Looks at the disk once.
    const Octets& octets(QString& why);

private:
    bool read();

    QString m_path;
    Octets m_octets{};
    bool m_known = false;
};

} // namespace sotto::service
