// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/window_test.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>

namespace sotto::test {

/// Keyboard, screen readers, directions, sizes and colours.
class TestWindowAccess : public WindowTest {
    Q_OBJECT

private:
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QWidget* target = QApplication::focusWidget();
        QTest::keyClick(target ? target : &m_app->window(), key, modifiers);
    }

    void arrange() override {
        makeOrdinary(*m_service);
        openConnected();
    }

private slots:
    void keysOpenPages() {
        const char* pages[] = {"overviewPage", "providersPage", "logPage", "statisticsPage"};
        for (int i = 3; i >= 0; --i) {
            press(static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
            QTRY_VERIFY2(m_app->sees(pages[i]), pages[i]);
        }
    }

    void ctrlFSearches() {
        m_app->window().showPage("providers");
        press(Qt::Key_F, Qt::ControlModifier);
        QTRY_COMPARE(QApplication::focusWidget(), m_app->find("providerSearch"));
        m_app->window().showPage("statistics");
        press(Qt::Key_F, Qt::ControlModifier);
        QTRY_COMPARE(QApplication::focusWidget(), m_app->find("logSearch"));
    }

    void escapeEmptiesTheSearchAndNeverHides() {
        m_app->window().setTrayAvailable(true);
        m_app->window().showPage("log");
        press(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(m_app->find("logSearch"), "abc");
        press(Qt::Key_Escape);
        QVERIFY(m_app->window().isVisible());
        QVERIFY(m_app->find<QLineEdit>("logSearch")->text().isEmpty());
        press(Qt::Key_Escape);
        QVERIFY(m_app->window().isVisible());
    }

    void closingHidesWhereThereIsATray() {
        QSignalSpy toTray(&m_app->window(), &app::MainWindow::wentToTray);
        QSignalSpy shown(&m_app->window(), &app::MainWindow::shown);
        QSignalSpy quit(&m_app->window(), &app::MainWindow::quitRequested);
        m_app->window().setTrayAvailable(true);
        m_app->window().close();
        QVERIFY(!m_app->window().isVisible());
        QCOMPARE(toTray.size(), 1);
        QCOMPARE(shown.size(), 0);
        m_app->window().bringUp();
        QVERIFY(m_app->window().isVisible());
        QCOMPARE(shown.size(), 1);
        QCOMPARE(quit.size(), 0);
    }

    void closingQuitsWithoutATrayAndSaysSo() {
        QSignalSpy quit(&m_app->window(), &app::MainWindow::quitRequested);
        QVERIFY(m_app->sees("footnote"));
        QVERIFY(m_app->text("footnote").contains("closing the window ends"));
        m_app->window().close();
        QCOMPARE(quit.size(), 1);
    }

    void closingHidesWithATray() {
        QSignalSpy quit(&m_app->window(), &app::MainWindow::quitRequested);
        m_app->window().setTrayAvailable(true);
        QVERIFY(!m_app->sees("footnote"));
        m_app->window().close();
        QCOMPARE(quit.size(), 0);
        QVERIFY(!m_app->window().isVisible());
        m_app->window().bringUp();
        QVERIFY(m_app->window().isVisible());
    }

    void ctrlQQuits() {
        QSignalSpy quit(&m_app->window(), &app::MainWindow::quitRequested);
        press(Qt::Key_Q, Qt::ControlModifier);
        QTRY_COMPARE(quit.size(), 1);
    }

    void everyControlHasNames() {
        for (int page = 0; page < m_app->window().pageCount(); ++page) {
            m_app->window().showPage(page);
            for (QWidget* widget : m_app->window().findChildren<QWidget*>()) {
                const bool control =
                    qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) ||
                    qobject_cast<QComboBox*>(widget) || qobject_cast<QAbstractItemView*>(widget);
                const bool ofQt = qobject_cast<QLineEdit*>(widget->parentWidget()) ||
                                  qobject_cast<QAbstractItemView*>(widget->parentWidget()) ||
                                  qobject_cast<QComboBox*>(widget->parentWidget()) ||
                                  widget->parentWidget()->inherits("QComboBoxPrivateContainer");
                if (!control || ofQt)
                    continue;
                QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
                QAccessibleInterface* access = QAccessible::queryAccessibleInterface(widget);
                QVERIFY(access);
                QVERIFY2(!access->text(QAccessible::Name).isEmpty(),
                         qPrintable(widget->objectName()));
            }
        }
    }

    void valuesAreTheirOwnNames() {
        QTRY_VERIFY(m_app->text("queriesValue") != "—");
        QAccessibleInterface* access =
            QAccessible::queryAccessibleInterface(m_app->find("queriesValue"));
        QCOMPARE(access->text(QAccessible::Name), m_app->text("queriesValue"));
        QCOMPARE(access->text(QAccessible::Description), QString("Queries"));
    }

    void switchIsACheckBoxForReaders() {
        QAccessibleInterface* access =
            QAccessible::queryAccessibleInterface(m_app->find("forwardingSwitch"));
        QCOMPARE(access->role(), QAccessible::CheckBox);
        QVERIFY(access->state().checked);
    }

    void tabReachesTheSwitch() {
        QStringList seen;
        for (int i = 0; i < 12; ++i) {
            press(Qt::Key_Tab);
            if (QWidget* focus = QApplication::focusWidget())
                seen.append(focus->objectName());
        }
        QVERIFY2(seen.contains("navOverview"), qPrintable(seen.join(' ')));
        QVERIFY2(seen.contains("forwardingSwitch"), qPrintable(seen.join(' ')));
        QVERIFY(seen.indexOf("navOverview") < seen.indexOf("forwardingSwitch"));
    }

    void mirrorsForRightToLeft() {
        QWidget* sidebar = m_app->find("sidebar");
        QCOMPARE(sidebar->x(), 0);
        m_app->window().setLayoutDirection(Qt::RightToLeft);
        QTRY_COMPARE(sidebar->geometry().right(), m_app->window().width() - 1);
        for (int page = 0; page < m_app->window().pageCount(); ++page) {
            m_app->window().showPage(page);
            QVERIFY(!m_app->window().grab().isNull());
        }
    }

    void fitsASmallWindow() {
        m_app->window().resize(800, 560);
        QCOMPARE(m_app->window().size(), QSize(800, 560)); // nothing asks for more
        QTRY_VERIFY(m_app->find("sidebar")->width() < 100);
        m_app->window().resize(1600, 1000);
        QTRY_VERIFY(m_app->find("sidebar")->width() > 100);
    }

    void themeIsChosenAndKept() {
        auto* dark = m_app->find("sidebar")->findChild<QAction*>("theme-dark");
        QVERIFY(dark);
        dark->trigger();
        QCOMPARE(qApp->palette().color(QPalette::Window), app::darkColors().window);
        QCOMPARE(m_app->preferences().theme(), app::ThemeChoice::Dark);
        const QImage image = m_app->window().grab().toImage();
        QCOMPARE(image.pixelColor(4, image.height() / 2), app::darkColors().sidebar);
        app::Theme::instance().setChoice(app::ThemeChoice::Light);
        const QImage light = m_app->window().grab().toImage();
        QCOMPARE(light.pixelColor(4, light.height() / 2), app::lightColors().sidebar);
    }
};

} // namespace sotto::test

QTEST_MAIN(sotto::test::TestWindowAccess)
#include "test_window_access.moc"
