// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/client_subnet.h"

namespace sotto::service {

namespace {

/// The same address with zeros behind the prefix.
engine::IpAddress masked(engine::IpAddress address, unsigned prefix) {
    for (std::size_t i = 0; i < address.octets.size(); ++i) {
        const unsigned before = static_cast<unsigned>(i) * 8;
        const unsigned kept = prefix <= before ? 0 : std::min(prefix - before, 8U);
        address.octets[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
    }
    return address;
}

} // namespace

std::optional<engine::ClientSubnet> clientSubnetFromText(const QString& text, QString& why) {
    using Mode = engine::ClientSubnet::Mode;
    if (text == QLatin1String("strip"))
        return engine::ClientSubnet{};
    if (text == QLatin1String("pass"))
        return engine::ClientSubnet{Mode::Pass, {}, 0};
    const qsizetype slash = text.indexOf(QLatin1Char('/'));
    bool isNumber = false;
    const unsigned prefix = text.mid(slash + 1).toUInt(&isNumber);
    const auto address = engine::IpAddress::parse(text.left(slash).toStdString());
    if (slash < 0 || !address || !isNumber || prefix > (address->isV6 ? 128U : 32U)) {
        why = QStringLiteral("\"strip\", \"pass\" or a network such as \"192.0.2.0/24\" is "
                             "expected");
        return std::nullopt;
    }
    const engine::IpAddress network = masked(*address, prefix);
    if (network != *address) {
        why = QStringLiteral("the network is written %1/%2")
                  .arg(QString::fromStdString(network.toString()))
                  .arg(prefix);
        return std::nullopt;
    }
    return engine::ClientSubnet{Mode::Fixed, *address, static_cast<std::uint8_t>(prefix)};
}

} // namespace sotto::service
