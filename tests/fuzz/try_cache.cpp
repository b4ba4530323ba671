// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz_entries.h"
#include "fuzz_require.h"

#include "cache/response_cache.h"
#include "wire/wire_name.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::test {

namespace {

using engine::AnswerKind;
using engine::CacheConfig;
using engine::ResponseCache;
using Use = ResponseCache::Use;

constexpr std::size_t kMostSteps = 4000;
constexpr std::uint32_t kPatience = 10; // for a refresh that was handed over
constexpr std::uint32_t kShortestRecheck = 2;
constexpr std::size_t kEmptyTables = 64 * 8 * sizeof(void*);
constexpr std::size_t kGuard = 8; // octets behind the room that must stay

/// The rest of the input, octet by octet; zeros behind its end.
class Octets {
public:
    explicit Octets(FuzzInput input)
        : m_input(input) {}
    bool atEnd() const { return m_at >= m_input.size(); }
    std::uint8_t next() { return atEnd() ? 0 : m_input[m_at++]; }
    template <class T, std::size_t N>
    T oneOf(const std::array<T, N>& choices) {
        return choices[next() % N];
    }

private:
    FuzzInput m_input;
    std::size_t m_at = 0;
};

CacheConfig readConfig(Octets& octets) {
    constexpr std::array<std::size_t, 6> kSizes{std::size_t{16} << 20, 0,       4096,
                                                std::size_t{64} << 10, 1 << 20, 100'000};
    using std::chrono::seconds;
    CacheConfig config;
    config.sizeBytes = octets.oneOf(kSizes);
    const std::uint8_t bits = octets.next();
    config.stale.enabled = bits & 1;
    config.stale.mode =
        bits & 2 ? CacheConfig::Stale::Mode::Immediate : CacheConfig::Stale::Mode::Verify;
    config.stale.preferPositive = bits & 4;
    config.keepTtl = bits & 8;
    config.stale.keep = seconds(octets.oneOf(std::array{100, 0, 1, 86400}));
    config.stale.recheck = seconds(octets.oneOf(std::array{5, 0, 1, 300}));
    config.stale.answerTtl = seconds(octets.oneOf(std::array{30, 1}));
    config.prefetch.hits = octets.oneOf(std::array{0U, 1U, 2U, 300U});
    config.prefetch.percentage = octets.oneOf(std::array{10U, 1U, 50U, 90U});
    config.prefetch.gap = seconds(octets.oneOf(std::array{60, 1}));
    return config;
}

/// A few names, one below another, in different spellings.
engine::Question readQuestion(Octets& octets) {
    static const std::array<std::string, 8> kNames = {
        ".",
        "a",
        "b.A",
        "c.b.a",
        "xa",
        "\\000.a",
        std::string(63, 'x') + ".a",
        std::string(63, 'x') + '.' + std::string(63, 'y') + '.' + std::string(63, 'z') + '.' +
            std::string(61, 'w')};
    const std::uint8_t bits = octets.next();
    const auto name = engine::nameFromText(kNames[bits % kNames.size()]);
    return engine::makeQuestion(name->bytes(), bits & 8 ? 28 : 1, bits & 16 ? 3 : 1, bits & 32,
                                bits & 64);
}

void append16(std::vector<std::uint8_t>& wire, std::size_t value) {
    wire.push_back(static_cast<std::uint8_t>(value >> 8));
    wire.push_back(static_cast<std::uint8_t>(value));
}

/// An answer whose records carry its number; the name is spelt in upper case.
engine::UpstreamResponse makeResponse(const engine::Question& question, std::uint32_t number,
                                      Octets& octets) {
    engine::UpstreamResponse response;
    response.rcode = octets.oneOf(std::array<std::uint8_t, 4>{0, 3, 2, 9});
    const std::uint8_t bits = octets.next();
    response.authenticData = bits & 1;
    response.extendedError = bits & 2 ? std::uint16_t{6} : engine::extended_error::kNone;
    const std::size_t records = 1 + (bits >> 2) % 4;
    const std::size_t padding = std::size_t{octets.next()} * 80;
    auto& wire = response.wire;
    wire.resize(engine::kHeaderOctets);
    wire[5] = 1;
    wire[7] = static_cast<std::uint8_t>(records);
    for (const std::uint8_t octet : question.name.bytes())
        wire.push_back(octet >= 'a' && octet <= 'z' ? static_cast<std::uint8_t>(octet - 32)
                                                    : octet);
    append16(wire, question.type);
    append16(wire, question.queryClass);
    for (std::size_t i = 0; i < records; ++i) {
        append16(wire, 0xc00c);
        append16(wire, question.type);
        append16(wire, question.queryClass);
        response.ttlOffsets.push_back(static_cast<std::uint16_t>(wire.size()));
        append16(wire, 0);
        append16(wire, std::size_t{octets.next()} * (i + 1));
        append16(wire, 4 + (i == 0 ? padding : 0));
        append16(wire, number >> 16);
        append16(wire, number);
        wire.resize(wire.size() + (i == 0 ? padding : 0), 0x55);
    }
    return response;
}

using Key = std::string;

Key keyOf(const engine::Question& question) {
    Key key(question.name.bytes().begin(), question.name.bytes().end());
    key += static_cast<char>(question.type);
    key += static_cast<char>(question.queryClass);
    key += question.dnssecOk ? 'd' : '-';
    key += question.checkingDisabled ? 'c' : '-';
    return key;
}

/// What should be kept for one question.
struct Expected {
    engine::Question question;
    engine::UpstreamResponse response;
    AnswerKind kind = AnswerKind::Other;
    std::uint32_t storedAt = 0;
    std::uint32_t lifetime = 0;
    std::uint32_t nextRefresh = 0;
    bool refreshFailed = false;

    std::uint32_t age(std::uint32_t now) const { return now > storedAt ? now - storedAt : 0; }
    bool isFresh(std::uint32_t now) const { return age(now) < lifetime; }
    bool isUsable(std::uint32_t now, std::uint32_t keep) const {
        return isFresh(now) ||
               (kind != AnswerKind::Failure && age(now) < std::uint64_t{lifetime} + keep);
    }
};

/// A cache and its model, which has no bound: what the model has and the cache has not was evicted.
class CacheTrial {
public:
    explicit CacheTrial(Octets& octets)
        : m_octets(octets)
        , m_cache(std::size_t{1} << 20) {
        configure();
    }

    void step() {
        m_complete = m_cache.usage().entries == m_expected.size();
        switch (m_octets.next() % 12) {
        case 0:
        case 1:
        case 2:
            insert();
            break;
        case 3:
        case 4:
            look(Use::Client);
            break;
        case 5:
            look(Use::LastResort);
            break;
        case 6:
            m_now += m_octets.next();
            break;
        case 7:
            m_now += std::uint32_t{m_octets.next()} * 1024;
            break;
        case 8:
            configure();
            break;
        case 9:
            forget();
            break;
        case 10:
            fail();
            break;
        case 11:
            visit();
            break;
        }
        checkUsage();
    }

private:
    std::uint32_t keep() const {
        return m_config.stale.enabled ? static_cast<std::uint32_t>(m_config.stale.keep.count()) : 0;
    }
    std::uint32_t recheck() const {
        return static_cast<std::uint32_t>(m_config.stale.recheck.count());
    }
    Expected* expected(const engine::Question& question) {
        const auto found = m_expected.find(keyOf(question));
        return found == m_expected.end() ? nullptr : &found->second;
    }

    void configure() {
        m_config = readConfig(m_octets);
        m_cache.configure(m_config, m_now);
    }

    bool prefersOld(const Expected& old, AnswerKind fresh) const {
        if (old.kind == AnswerKind::Failure || !old.isUsable(m_now, keep()))
            return false;
        if (fresh == AnswerKind::Denial)
            return m_config.stale.enabled && m_config.stale.preferPositive &&
                   old.kind == AnswerKind::Positive;
        return fresh != AnswerKind::Positive;
    }

    void insert() {
        const auto question = readQuestion(m_octets);
        Expected fresh;
        fresh.question = question;
        fresh.response = makeResponse(question, ++m_lastNumber, m_octets);
        fresh.kind = m_octets.oneOf(std::array{AnswerKind::Positive, AnswerKind::Denial,
                                               AnswerKind::Failure, AnswerKind::Other});
        fresh.storedAt = m_now;
        fresh.lifetime = std::uint32_t{m_octets.next()} * (m_octets.next() % 4 == 3 ? 2400 : 1);
        const bool oldStays =
            m_cache.insert(question, fresh.response, fresh.kind, m_now, fresh.lifetime);
        Expected* old = expected(question);
        const bool preferred = old && prefersOld(*old, fresh.kind);
        require(!oldStays || preferred, "only a better answer stays in the place of a newer one");
        require(oldStays || !preferred || !m_complete, "a better answer stays");
        if (oldStays) {
            leaveAlone(*old, fresh.kind == AnswerKind::Denial
                                 ? fresh.lifetime
                                 : std::max(recheck(), kShortestRecheck));
            return;
        }
        m_expected.erase(keyOf(question));
        if (fresh.lifetime > 0)
            m_expected.emplace(keyOf(question), std::move(fresh));
    }

    void look(Use use) {
        const auto question = readQuestion(m_octets);
        const std::uint8_t bits = m_octets.next();
        const std::uint32_t now = m_now - (bits & 1); // this reader's clock may be behind
        std::size_t room = 65535;
        if (bits & 2)
            room = std::size_t{m_octets.next()} * 4;
        m_buffer.assign(room + kGuard, 0xee);
        const auto found =
            m_cache.copy(question, now, engine::MutableBytes(m_buffer).first(room), use);
        require(std::all_of(m_buffer.end() - kGuard, m_buffer.end(),
                            [](std::uint8_t octet) { return octet == 0xee; }),
                "nothing is written behind the room");
        Expected* kept = expected(question);
        if (use == Use::LastResort)
            require(m_cache.hasLastResort(question, now) == bool(found), "a last resort is told");
        const bool due = kept && isDue(*kept, now, use);
        require(!found || due, "only what may be used is given");
        if (!found) {
            require(!due || !m_complete, "what is kept is found");
            if (due)
                m_expected.erase(keyOf(question)); // evicted
            return;
        }
        require(found.octets == kept->response.wire.size(), "an answer has its length");
        require(found.stale == !kept->isFresh(now), "stale is what has expired");
        checkError(found, *kept);
        checkRefresh(found, *kept, now, use);
        checkContents(*kept, now, found.stale, std::min<std::size_t>(room, found.octets));
    }

    bool isDue(const Expected& kept, std::uint32_t now, Use use) const {
        if (kept.isFresh(now))
            return true;
        if (keep() == 0 || !kept.isUsable(now, keep()))
            return false;
        return use == Use::LastResort ||
               m_config.stale.mode == CacheConfig::Stale::Mode::Immediate ||
               (kept.refreshFailed && now < kept.nextRefresh);
    }

    static void checkError(const ResponseCache::Found& found, const Expected& kept) {
        const std::uint16_t stale = kept.response.rcode == engine::rcode::kNxDomain
                                        ? engine::extended_error::kStaleNxDomain
                                        : engine::extended_error::kStaleAnswer;
        require(found.extendedError == (found.stale ? stale : kept.response.extendedError),
                "the extended error is the upstream's, or says that the answer is stale");
    }

    void checkRefresh(const ResponseCache::Found& found, Expected& kept, std::uint32_t now,
                      Use use) const {
        const bool mayRefresh = now >= kept.nextRefresh;
        if (found.stale && use == Use::Client)
            require(found.refresh == mayRefresh, "what is given at once is asked anew by one");
        if (!found.refresh)
            return;
        require(mayRefresh, "a refresh is claimed once");
        if (!found.stale) {
            const auto& prefetch = m_config.prefetch;
            const std::uint64_t share = std::uint64_t{kept.lifetime} * prefetch.percentage;
            require(prefetch.hits > 0 && kept.kind != AnswerKind::Failure &&
                        (kept.lifetime - kept.age(now)) <= (share + 99) / 100,
                    "nothing is prefetched before its time");
        }
        require(found.stale ? use == Use::Client : true, "a last resort claims no refresh");
        kept.nextRefresh = now + kPatience;
        kept.refreshFailed = false;
    }

    void checkContents(const Expected& kept, std::uint32_t now, bool stale, std::size_t octets) {
        std::vector<std::uint8_t> wire = kept.response.wire;
        engine::store16(&wire[2], static_cast<std::uint16_t>(
                                      kept.response.rcode |
                                      (kept.response.authenticData && !stale ? 0x20 : 0)));
        const auto name = kept.question.name.bytes();
        std::copy(name.begin(), name.end(), wire.begin() + engine::kHeaderOctets);
        for (const std::uint16_t offset : kept.response.ttlOffsets) {
            std::uint32_t ttl = engine::load32(&wire[offset]);
            if (stale)
                ttl = static_cast<std::uint32_t>(m_config.stale.answerTtl.count());
            else if (!m_config.keepTtl)
                ttl -= std::min(ttl, kept.age(now));
            if (offset + 4U <= octets) // of one that was cut in the middle nothing is read
                engine::store32(&wire[offset], ttl);
            else
                octets = std::min<std::size_t>(octets, offset);
        }
        // Less than a header says nothing of AD.
        if (octets >= engine::kHeaderOctets)
            require(std::equal(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(octets),
                               m_buffer.begin()),
                    "what is given is what was last kept for this question");
    }

    void forget() {
        const auto question = readQuestion(m_octets);
        const auto name = question.name.bytes();
        const std::uint8_t how = m_octets.next() % 4;
        const std::size_t before = m_cache.usage().entries;
        std::size_t removed = 0;
        if (how == 0)
            removed = m_cache.clear();
        else
            removed = how == 1 ? m_cache.removeSubtree(name) : m_cache.removeName(name);
        require(m_cache.usage().entries == before - removed, "what is forgotten is counted");
        const std::size_t had = m_expected.size();
        std::erase_if(m_expected, [&](const auto& one) {
            const auto other = one.second.question.name.bytes();
            return how == 0 || (how == 1 ? endsWith(other, name) : equal(other, name));
        });
        require(removed <= had - m_expected.size(), "only what was meant is forgotten");
        require(!m_complete || removed == had - m_expected.size(),
                "all that was meant is forgotten");
    }
    static bool equal(engine::Bytes left, engine::Bytes right) {
        return std::equal(left.begin(), left.end(), right.begin(), right.end());
    }
    /// Whether the name is the other or lies below it, label by label.
    static bool endsWith(engine::Bytes name, engine::Bytes apex) {
        while (name.size() > apex.size())
            name = name.subspan(std::size_t{1} + name[0]);
        return equal(name, apex);
    }

    void fail() {
        const auto question = readQuestion(m_octets);
        m_cache.noteFailedRefresh(question, m_now);
        if (Expected* kept = expected(question))
            leaveAlone(*kept, kShortestRecheck);
    }
    void leaveAlone(Expected& kept, std::uint32_t forSeconds) const {
        kept.refreshFailed = true;
        kept.nextRefresh = m_now + forSeconds;
    }

    void visit() {
        std::size_t visited = 0;
        m_cache.visit(m_now, [&](const ResponseCache::Kept& one) {
            ++visited;
            const std::size_t name = engine::uncompressedNameLength(one.wire.subspan(12));
            require(name > 0, "what is kept has a question");
            const auto question = engine::makeQuestion(
                one.wire.subspan(12, name), engine::load16(&one.wire[12 + name]),
                engine::load16(&one.wire[14 + name]), one.dnssecOk, one.checkingDisabled);
            const Expected* kept = expected(question);
            require(kept && kept->isUsable(m_now, keep()), "only what is usable is visited");
            require(kept->kind == one.kind && kept->storedAt == one.storedAt &&
                        kept->lifetime == one.lifetime &&
                        kept->response.extendedError == one.extendedError &&
                        kept->response.wire.size() == one.wire.size(),
                    "what is visited is what was kept");
        });
        const auto usable = static_cast<std::size_t>(
            std::count_if(m_expected.begin(), m_expected.end(),
                          [&](const auto& one) { return one.second.isUsable(m_now, keep()); }));
        require(visited <= usable && (!m_complete || visited == usable), "each is visited once");
    }

    void checkUsage() const {
        const auto usage = m_cache.usage();
        require(usage.entries <= m_expected.size(), "nothing is kept twice");
        require(usage.capacityBytes <= m_config.sizeBytes, "the bound is the configured one");
        require(usage.bytes <= std::max(m_config.sizeBytes, kEmptyTables), "the bound holds");
    }

    Octets& m_octets;
    ResponseCache m_cache;
    CacheConfig m_config;
    std::map<Key, Expected> m_expected;
    std::vector<std::uint8_t> m_buffer;
    std::uint32_t m_now = 1000;
    std::uint32_t m_lastNumber = 0;
    bool m_complete = true; ///< before this step the cache had all that the model has
};

} // namespace

void tryCache(FuzzInput input) {
    Octets octets(input);
    CacheTrial trial(octets);
    for (std::size_t step = 0; step < kMostSteps && !octets.atEnd(); ++step)
        trial.step();
}

} // namespace sotto::test
