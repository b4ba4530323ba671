// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_require.h"
#include "lease_fuzz_entries.h"

#include "lease/journal/journal_record.h"
#include "lease/server/request_reader.h"

#include <QCryptographicHash>

namespace sotto::test {

namespace {

using lease::JournalDamage;
using lease::JournalRecord;
using lease::Request;
using lease::RequestFault;

QByteArray octetsOf(FuzzInput input) {
    return {reinterpret_cast<const char*>(input.data()), static_cast<qsizetype>(input.size())};
}

void checkJournal(const QByteArray& octets) {
    const auto read = lease::readRecord(octets);
    if (const auto* damage = std::get_if<JournalDamage>(&read)) {
        require(!damage->reason.isEmpty(), "damage has a reason");
        return;
    }
    const auto& record = std::get<JournalRecord>(read);
    require(record.target.fault().isEmpty(), "a lease asks loopback addresses");
    require(!record.entries.isEmpty() && record.entries.size() <= 4, "few mechanisms take part");
    for (const auto& entry : record.entries)
        require(lease::faultOfBefore(entry.before).isEmpty(), "what was captured is bounded");
    for (const QChar c : record.winner)
        require(c.isPrint(), "a winner can be shown");
    const auto again = lease::readRecord(lease::writtenRecord(record));
    require(std::holds_alternative<JournalRecord>(again) &&
                std::get<JournalRecord>(again) == record,
            "what is accepted is written as it was");
}

} // namespace

void tryLeaseRequest(FuzzInput input) {
    const auto read = lease::readRequest(octetsOf(input));
    if (const auto* fault = std::get_if<RequestFault>(&read)) {
        require(!fault->reason.isEmpty(), "a refusal has a reason");
        return;
    }
    const auto& request = std::get<Request>(read);
    require(request.version == lease::kContractVersion, "a request is of this version");
    require(request.addresses.size() <= 16 && request.mechanism.size() <= 100,
            "a request is small");
    const auto again = lease::readRequest(lease::packetOf(request));
    require(std::holds_alternative<Request>(again) &&
                json::toJson(std::get<Request>(again)) == json::toJson(request),
            "a request is read again as it was");
}

void tryLeaseJournal(FuzzInput input) {
    const QByteArray body = octetsOf(input);
    checkJournal(body);
    checkJournal("sotto-lease-journal 1 " +
                 QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex() + ' ' +
                 QByteArray::number(body.size()) + '\n' + body);
}

} // namespace sotto::test
