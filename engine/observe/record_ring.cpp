// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/record_ring.h"

#include "wire/wire_name.h"

namespace sotto::engine {

RecordRing::RecordRing(std::function<void()> available)
    : m_available(std::move(available))
    , m_slots(std::make_unique_for_overwrite<QueryRecord[]>(kCapacity)) {}

QueryRecord* RecordRing::claim() {
    if (m_claimed - m_readSeen == kCapacity) {
        m_readSeen = m_read.load(std::memory_order_acquire);
        if (m_claimed - m_readSeen == kCapacity) {
            m_dropped.store(m_dropped.load(std::memory_order_relaxed) + 1,
                            std::memory_order_relaxed);
            return nullptr;
        }
    }
    return &m_slots[m_claimed++ % kCapacity];
}

void RecordRing::publish() {
    if (m_claimed == m_written.load(std::memory_order_relaxed))
        return;
    // Sequentially consistent with read(): either it sees these records, or we see its reset.
    m_written.store(m_claimed);
    if (!m_announced.load() && !m_announced.exchange(true) && m_available)
        m_available();
}

void RecordRing::push(const QueryRecord& record) {
    if (QueryRecord* slot = claim()) {
        *slot = record;
        publish();
    }
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
