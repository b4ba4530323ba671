// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/record_ring.h"

#include "wire/wire_name.h"

namespace sotto::engine {

RecordRing::RecordRing(std::function<void()> available)
    : m_available(std::move(available))
    , m_slots(std::make_unique_for_overwrite<QueryRecord[]>(kCapacity)) {}

void RecordRing::push(const QueryRecord& record) {
    const std::uint64_t written = m_written.load(std::memory_order_relaxed);
    if (written - m_read.load(std::memory_order_acquire) == kCapacity) {
        m_dropped.store(m_dropped.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        return;
    }
    m_slots[written % kCapacity] = record;
    // Sequentially consistent with read(): either it sees this record, or we see its reset.
    m_written.store(written + 1);
    if (!m_announced.load() && !m_announced.exchange(true) && m_available)
        m_available();
}

void RecordRing::read(std::vector<QueryRecord>& out) {
    m_announced.store(false);
    const std::uint64_t written = m_written.load();
    std::uint64_t at = m_read.load(std::memory_order_relaxed);
    for (; at != written; ++at)
        out.push_back(m_slots[at % kCapacity]);
    m_read.store(at, std::memory_order_release);
}

std::string QueryRecord::nameText() const {
    return nameToText(Bytes(name.data(), nameLength));
}

} // namespace sotto::engine
