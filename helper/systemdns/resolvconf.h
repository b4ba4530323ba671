// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "systemdns/detection.h"
#include "systemdns/file_watch.h"
#include "systemdns/program_run.h"
#include "systemdns/resolv_conf_file.h"

namespace sotto::systemdns {

/// resolvconf(8), Debian's or openresolv: a record of ours among those of the interfaces. Its name
/// begins with "lo", which both list first, and both leave everybody else's servers out behind a
/// loopback address.
///
/// Nothing of others is overwritten, so that next to nothing is captured: the record goes, and
/// resolv.conf is made anew from the records that are there then.
class Resolvconf : public Mechanism {
    Q_OBJECT

public:
    explicit Resolvconf(Surroundings surroundings, ProgramRunner run = runProgram,
                        QObject* parent = nullptr);

    MechanismId id() const override { return MechanismId::Resolvconf; }
    Finding look() const override;
    bool supports(const Target& target) const override;
    std::variant<QJsonObject, Fault> capture() const override;
    [[nodiscard]] std::optional<Fault> apply(const Target& target,
                                             const QJsonObject& before) override;
    Standing standing(const Target& target, const QJsonObject& before) const override;
    [[nodiscard]] std::optional<Fault> restore(const Target& target,
                                               const QJsonObject& before) override;
    std::optional<Leftover> leftover() const override;
    Coverage coverage(const Target& target) const override;
    void watch() override;

private:
    enum class Variant { Debian, Openresolv };
    struct Program {
        QString path;
        Variant variant;
    };

    /// The reason where there is none that is known.
    std::variant<Program, QString> program() const;
    std::variant<Program, QString> usableProgram() const;
    /// Whether it is what resolvconf makes, so that records show in it.
    bool isMadeBy(Variant variant, const ResolvConfState& state) const;
    bool namesOnly(const Target& target) const;
    bool hasRecord() const;
    std::optional<Fault> stillNamed(const Target& target, const QString& reason) const;
    bool othersName(const Target& target) const;
    std::optional<ResolvConfState> othersFile(const Program& program, const Target& target) const;
    ProgramEnd removeRecord(const Program& program) const;
    Standing standingAgainst(const QString& firstServer) const;

    Surroundings m_surroundings;
    ProgramRunner m_run;
    ResolvConfFile m_file;
    FileWatch m_watch;
    FileWatch m_dockerWatch;
};

} // namespace sotto::systemdns
