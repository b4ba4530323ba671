// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/address_book.h"

#include "observe/clocks.h"

#include <algorithm>

namespace sotto::engine {

namespace {

constexpr std::chrono::seconds kShortestLifetime{30};
constexpr std::chrono::seconds kLongestLifetime{24 * 3600};

std::int64_t micros(std::chrono::seconds duration) {
    return std::chrono::microseconds(duration).count();
}

} // namespace

AddressBook::AddressBook(const UpstreamConfig& config)
    : m_configured(!config.addresses.empty())
    , m_known(config.addresses) {}

AddressBook::~AddressBook() {
    *m_alive = false;
}

bool AddressBook::wantsLookUp(std::int64_t now) const {
    if (m_configured || m_lookingUp)
        return false;
    return m_known.empty() || (now >= m_freshUntil && now - m_lastLookUp >= m_pause);
}

void AddressBook::lookUp(const LookUp& lookUp, const std::string& name, std::uint32_t forUpstream,
                         std::function<void(const std::string& error)> done) {
    m_lookingUp = true;
    m_lastLookUp = bootMicros();
    m_pause = std::clamp(2 * m_pause, micros(kShortestPause), micros(kLongestPause));
    lookUp(name, forUpstream,
           [this, alive = m_alive, number = ++m_lookUps, done = std::move(done)](Found found) {
               if (!*alive || number != m_lookUps)
                   return;
               m_lookingUp = false;
               if (!found.addresses.empty()) {
                   m_known = std::move(found.addresses);
                   if (m_known.size() > UpstreamConfig::kMaxAddresses)
                       m_known.resize(UpstreamConfig::kMaxAddresses);
                   m_unencrypted = found.unencrypted;
                   m_freshUntil =
                       bootMicros() +
                       micros(std::clamp(found.lifetime, kShortestLifetime, kLongestLifetime));
               }
               // Where the look-up failed, the old addresses are better than none.
               done(m_known.empty() ? found.error : std::string());
           });
}

void AddressBook::abandonLookUp() {
    m_lookingUp = false;
    ++m_lookUps;
}

std::vector<IpAddress> AddressBook::order() const {
    std::vector<IpAddress> turns;
    std::vector<IpAddress> second;
    for (const IpAddress& address : m_known)
        (address.isV6 == m_known.front().isV6 ? turns : second).push_back(address);
    for (std::size_t i = 0; i < second.size(); ++i)
        turns.insert(turns.begin() + static_cast<std::ptrdiff_t>(std::min(2 * i + 1, turns.size())),
                     second[i]);
    const auto isIn = [](const std::vector<IpAddress>& list, const IpAddress& address) {
        return std::find(list.begin(), list.end(), address) != list.end();
    };
    std::stable_partition(turns.begin(), turns.end(),
                          [&](const IpAddress& address) { return !isIn(m_failed, address); });
    std::stable_partition(turns.begin(), turns.end(),
                          [&](const IpAddress& address) { return isIn(m_worked, address); });
    return turns;
}

void AddressBook::noteWorked(const IpAddress& address) {
    std::erase(m_failed, address);
    m_worked = {address};
    m_pause = std::min(m_pause, micros(kShortestPause));
}

void AddressBook::noteFailed(const IpAddress& address) {
    std::erase(m_worked, address);
    std::erase(m_failed, address);
    if (m_failed.size() >= UpstreamConfig::kMaxAddresses)
        m_failed.erase(m_failed.begin());
    m_failed.push_back(address);
    if (std::all_of(m_known.begin(), m_known.end(), [this](const IpAddress& known) {
            return std::find(m_failed.begin(), m_failed.end(), known) != m_failed.end();
        }))
        noteLedNowhere();
}

void AddressBook::noteOtherNetwork() {
    m_failed.clear();
    m_freshUntil = 0;
    m_pause = std::min(m_pause, micros(kShortestPause));
}

} // namespace sotto::engine
