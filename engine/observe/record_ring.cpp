// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/record_ring.h"

#include "wire/wire_name.h"

#include <new>

namespace sotto::engine {

RecordRing::RecordRing(std::function<void()> available)
    : m_available(std::move(available)) {}

QueryRecord* RecordRing::claim() {
    if (m_claimed - m_readSeen == kCapacity) {
        m_readSeen = m_read.load(std::memory_order_acquire);
        if (m_claimed - m_readSeen == kCapacity) {
            drop();
            return nullptr;
        }
    }
    auto& block = m_blocks[m_claimed / kBlock % m_blocks.size()];
    if (!block) {
        block.reset(new (std::nothrow) QueryRecord[kBlock]);
        if (!block) {
            drop();
            return nullptr;
        }
    }
    return &slot(m_claimed++);
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
        out.push_back(slot(at));
    m_read.store(at, std::memory_order_release);
}

std::string QueryRecord::nameText() const {
    return nameToText(Bytes(name.data(), nameLength));
}

} // namespace sotto::engine
