// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/mechanism.h"

#include <array>
#include <utility>

namespace sotto::systemdns {

namespace {

constexpr std::array kNames{
    std::pair{MechanismId::Resolved, "systemd-resolved"},
    std::pair{MechanismId::NetworkManager, "networkmanager"},
    std::pair{MechanismId::Resolvconf, "resolvconf"},
    std::pair{MechanismId::PlainFile, "file"},
};

} // namespace

QString mechanismText(MechanismId id) {
    for (const auto& [candidate, name] : kNames) {
        if (candidate == id)
            return QLatin1String(name);
    }
    Q_UNREACHABLE();
}

std::optional<MechanismId> mechanismFromText(const QString& text) {
    for (const auto& [id, name] : kNames) {
        if (text == QLatin1String(name))
            return id;
    }
    return std::nullopt;
}

} // namespace sotto::systemdns
