// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/detection.h"
#include "systemdns/file_watch.h"
#include "systemdns/resolv_conf_file.h"
#include "systemdns/resolv_conf_writer.h"

#include <memory>
#include <vector>

namespace sotto::systemdns {

/// /etc/resolv.conf itself, replaced by one of ours that keeps what the earlier one said beside its
/// servers (search, domain, options).
///
/// A VPN that takes the file over keeps a copy of it, and puts that back at its end. Where such a
/// copy is one of ours, restore() replaces it, too.
///
/// What is kept of the earlier one is all that a file or link has: octets, mode, owner, time of
/// change; or where it leads.
class PlainFile : public Mechanism {
    Q_OBJECT

public:
    explicit PlainFile(Surroundings surroundings, QObject* parent = nullptr);

    MechanismId id() const override { return MechanismId::PlainFile; }
    Finding look() const override;
    bool supports(const Target& target) const override;
    std::variant<QJsonObject, Fault> capture() const override;
    [[nodiscard]] std::optional<Fault> apply(const Target& target,
                                             const QJsonObject& before) override;
    Standing standing(const Target& target, const QJsonObject& before) const override;
    [[nodiscard]] std::optional<Fault> restore(const Target& target,
                                               const QJsonObject& before) override;
    /// It is as Sotto wrote it: whoever reads it asks sottod and nobody else.
    std::optional<Leftover> leftover() const override;
    Coverage coverage(const Target& target) const override;
    void watch() override;

private:
    Standing standingOfOurs(const Target& target, const ResolvConfState& now,
                            const std::optional<ResolvConfState>& earlier) const;
    Standing standingOfOthers(const Target& target, const ResolvConfState& now,
                              const std::optional<ResolvConfState>& earlier) const;
    WriterClues clues() const;
    std::optional<Fault> put(const ResolvConfFile& file, const ResolvConfState& state) const;
    void mendCopies(const ResolvConfState& earlier);
    bool mayPutOursBack(const QString& vpn) const;
    QByteArray octetsOf(const ResolvConfState& earlier) const;

    Surroundings m_surroundings;
    ResolvConfFile m_file;
    std::vector<std::unique_ptr<FileWatch>> m_watches;
};

} // namespace sotto::systemdns
