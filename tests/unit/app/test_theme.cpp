// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"
#include "ui/theme.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>

namespace sotto::app {

namespace {

/// WCAG 2.1, relative luminance and contrast ratio.
double luminance(const QColor& color) {
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
           0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

} // namespace

class TestTheme : public QObject {
    Q_OBJECT

private slots:
    void textCanBeRead_data() {
        QTest::addColumn<QColor>("ink");
        QTest::addColumn<QColor>("ground");
        QTest::addColumn<double>("least");
        for (const Colors* c : {&lightColors(), &darkColors()}) {
            const char* scheme = c->dark ? "dark" : "light";
            const auto row = [&](const char* what, const QColor& ink, const QColor& ground,
                                 double least = 4.5) {
                QTest::addRow("%s %s", scheme, what) << ink << ground << least;
            };
            row("text on window", c->text, c->window);
            row("text on surface", c->text, c->surface);
            row("text on sidebar", c->text, c->sidebar);
            row("text on selection", c->text, c->accentSoft);
            row("text on problem", c->text, c->badSoft);
            row("text on notice", c->text, c->warningSoft);
            row("muted on window", c->muted, c->window);
            row("muted on surface", c->muted, c->surface);
            row("muted on sidebar", c->muted, c->sidebar);
            row("muted on selection", c->muted, c->accentSoft);
            row("muted on border", c->muted, c->border);
            row("accent on surface", c->accent, c->surface);
            row("accent on selection", c->accent, c->accentSoft);
            row("on accent", c->onAccent, c->accent);
            row("bad on surface", c->bad, c->surface);
            row("bad on selection", c->bad, c->accentSoft);
            row("warning on surface", c->warning, c->surface);
            row("warning on selection", c->warning, c->accentSoft);
            row("good dot", c->good, c->surface, 3);
            row("outline of a field", c->control, c->surface, 3);
            row("outline on window", c->control, c->window, 3);
            row("focus ring", c->accent, c->window, 3);
        }
    }

    void textCanBeRead() {
        QFETCH(QColor, ink);
        QFETCH(QColor, ground);
        QFETCH(double, least);
        const double ratio = contrast(ink, ground);
        QVERIFY2(ratio >= least, qPrintable(QString::number(ratio)));
    }

    void appliesAChoice() {
        Theme theme(*qApp);
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setChoice(ThemeChoice::Dark);
        QCOMPARE(qApp->palette().color(QPalette::Window), darkColors().window);
        theme.setChoice(ThemeChoice::Light);
        QCOMPARE(qApp->palette().color(QPalette::Window), lightColors().window);
        QCOMPARE(changed.size(), 2);
        QVERIFY(!qApp->styleSheet().contains('@'));
    }

    void hasAnIconForEachState() {
        QList<QImage> seen;
        for (const AppState state : {AppState::Disconnected, AppState::Off, AppState::Starting,
                                     AppState::Protected, AppState::Trouble}) {
            const QIcon icon = trayIcon(state);
            QVERIFY(icon.availableSizes().contains(QSize(22, 22)));
            // by shape: without its colours each is still another picture
            const QImage shape =
                icon.pixmap(QSize(64, 64)).toImage().convertToFormat(QImage::Format_Grayscale8);
            QVERIFY(!seen.contains(shape));
            seen.append(shape);
        }
        QVERIFY(!appIcon().isNull());
    }

    void tintsLineIcons() {
        const QImage image = linePixmap(QStringLiteral("close"), Qt::red, 24, 2).toImage();
        QCOMPARE(image.size(), QSize(48, 48));
        QCOMPARE(image.pixelColor(24, 24).rgb(), QColor(Qt::red).rgb());
        QVERIFY(linePixmap(QStringLiteral("no such icon"), Qt::red, 24, 1).isNull());
    }
};

} // namespace sotto::app

QTEST_MAIN(sotto::app::TestTheme)
#include "test_theme.moc"
