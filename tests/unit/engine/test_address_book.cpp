// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/address_book.h"

#include "observe/clocks.h"

#include <QTest>

#include <optional>

using namespace sotto::engine;
using namespace std::chrono_literals;

namespace sotto::test {

/// When the addresses of a name are looked up anew.
class TestAddressBook : public QObject {
    Q_OBJECT

private slots:
    void init() {
        UpstreamConfig byName;
        byName.tlsName = "dot.example";
        m_book.emplace(byName);
        m_done = 0;
    }

    void configuredOnesAreNeverLookedUp() {
        UpstreamConfig config;
        config.addresses = {address("192.0.2.1")};
        AddressBook book(config);
        book.noteLedNowhere();
        book.noteOtherNetwork();
        QVERIFY(!book.wantsLookUp(after(24h)));
    }

    void lifetimes_data() {
        QTest::addColumn<int>("told"); // seconds
        QTest::addColumn<int>("kept");
        QTest::newRow("as told") << 300 << 300;
        QTest::newRow("half a minute at the least") << 1 << 30;
        QTest::newRow("a day at the most") << 604800 << 86400;
    }
    void lifetimes() {
        QFETCH(int, told);
        QFETCH(int, kept);
        QVERIFY(m_book->wantsLookUp(after(0s)));
        find("192.0.2.1", std::chrono::seconds(told));
        QVERIFY(!m_book->wantsLookUp(after(std::chrono::seconds(kept - 5))));
        QVERIFY(m_book->wantsLookUp(after(std::chrono::seconds(kept + 5))));
    }

    void doubtfulOnesAreLookedUpAfterAPause_data() {
        QTest::addColumn<bool>("otherNetwork");
        QTest::newRow("led nowhere") << false;
        QTest::newRow("another network") << true;
    }
    void doubtfulOnesAreLookedUpAfterAPause() {
        QFETCH(bool, otherNetwork);
        find("192.0.2.1", 24h);
        otherNetwork ? m_book->noteOtherNetwork() : m_book->noteLedNowhere();
        QVERIFY(!m_book->wantsLookUp(after(0s)));
        QVERIFY(m_book->wantsLookUp(after(2s)));
        QCOMPARE(m_book->order().size(), std::size_t{1}); // it is what there is
    }

    void theyAreDoubtfulOnceAllFailed() {
        lookUp();
        m_found({{address("192.0.2.1"), address("192.0.2.2")}, 24h, false, {}});
        m_book->noteFailed(address("192.0.2.1"));
        QVERIFY(!m_book->wantsLookUp(after(2s)));
        m_book->noteFailed(address("192.0.2.2"));
        QVERIFY(m_book->wantsLookUp(after(2s)));
    }

    void thePauseDoubles() {
        std::chrono::seconds pause = AddressBook::kShortestPause;
        for (int i = 0; i < 10; ++i) {
            find("192.0.2.1", 24h);
            m_book->noteLedNowhere();
            QVERIFY(!m_book->wantsLookUp(after(pause - 500ms)));
            QVERIFY(m_book->wantsLookUp(after(pause + 500ms)));
            pause = std::min(2 * pause, AddressBook::kLongestPause);
        }
        m_book->noteOtherNetwork();
        QVERIFY(m_book->wantsLookUp(after(2s)));
    }

    void whatWorkedEndsTheDoubling() {
        for (int i = 0; i < 10; ++i)
            find("192.0.2.1", 24h);
        m_book->noteWorked(address("192.0.2.1"));
        m_book->noteLedNowhere();
        QVERIFY(m_book->wantsLookUp(after(2s)));
    }

    void withoutAnyThereIsNoPause() {
        lookUp();
        m_found({});
        QCOMPARE(m_done, 1);
        QVERIFY(m_book->wantsLookUp(after(0s)));
    }

    void afterAFailureTheOldOnesAreKept() {
        find("192.0.2.1", 30s);
        m_book->noteLedNowhere();
        lookUp();
        m_found({});
        QCOMPARE(m_done, 2);
        QVERIFY(m_book->known() == std::vector{address("192.0.2.1")});
    }

    void abandonedLookUpsTellNothing() {
        lookUp();
        QVERIFY(!m_book->wantsLookUp(after(24h))); // one at a time
        const auto first = m_found;
        m_book->abandonLookUp();
        QVERIFY(m_book->wantsLookUp(after(0s)));
        lookUp();
        first({{address("192.0.2.1")}, 300s, false, {}});
        QVERIFY(m_book->known().empty() && m_book->isLookingUp());
        m_found({{address("192.0.2.2")}, 300s, false, {}});
        QVERIFY(m_book->known() == std::vector{address("192.0.2.2")});
        QCOMPARE(m_done, 1);
    }

private:
    static IpAddress address(std::string_view text) { return *IpAddress::parse(text); }
    static std::int64_t after(std::chrono::milliseconds time) {
        return bootMicros() + std::chrono::microseconds(time).count();
    }
    void lookUp() {
        m_book->lookUp([this](const std::string&, std::uint32_t,
                              AddressBook::Handler handler) { m_found = std::move(handler); },
                       "dot.example", 1, [this](const std::string&) { ++m_done; });
    }
    void find(std::string_view text, std::chrono::seconds lifetime) {
        lookUp();
        m_found({{address(text)}, lifetime, false, {}});
    }

    std::optional<AddressBook> m_book;
    AddressBook::Handler m_found; ///< of the last look-up
    int m_done = 0;
};

} // namespace sotto::test

QTEST_GUILESS_MAIN(sotto::test::TestAddressBook)
#include "test_address_book.moc"
