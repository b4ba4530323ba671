// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/mechanism.h"
#include "systemdns/resolv_conf_state.h"

#include <optional>
#include <variant>

namespace sotto::systemdns {

/// Reads and replaces /etc/resolv.conf, or a copy of it, below a root. A change happens wholly or
/// not at all, and is on the disk when the call returns: a new file is written beside it and
/// renamed over it. Where it is a mount, as in containers, and cannot be renamed over, it is
/// written in place. Of links in its own place it only ever replaces the link.
class ResolvConfFile {
public:
    /// folder: from the root on; no part of it may be a link.
    explicit ResolvConfFile(QString root, QString folder = QStringLiteral("/etc"),
                            QString name = QStringLiteral("resolv.conf"))
        : m_root(std::move(root))
        , m_folder(std::move(folder))
        , m_name(std::move(name)) {}

    std::variant<ResolvConfState, Fault> read() const;
    /// A link as it was, with what it would lead to now. Nothing where that is not a file.
    std::optional<ResolvConfState> behind(const ResolvConfState& link) const;
    /// Whether it can be replaced, as far as looking tells; else why not and what to do.
    std::optional<Fault> obstacle() const;

    /// Puts a regular file there. Without attributes it is the caller's, for all to read, written
    /// now; one that is written in place then keeps those that it has.
    [[nodiscard]] std::optional<Fault> write(const QByteArray& octets,
                                             const std::optional<FileAttributes>& attributes) const;
    [[nodiscard]] std::optional<Fault> putLink(const QString& target,
                                               const FileAttributes& attributes) const;
    [[nodiscard]] std::optional<Fault> remove() const;

private:
    QString m_root;
    QString m_folder;
    QString m_name;
};

} // namespace sotto::systemdns
