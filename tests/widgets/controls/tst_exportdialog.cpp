// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report/registry.h"
#include "tests/support/sampleresult.h"
#include "widgets/controls/exportdialog.h"
#include "widgets/controls/figurepreview.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <cmath>

using namespace brink;

namespace {

Figure sample(const char* name = "ladder") { return *figureInfo(name).make(test::sampleResult(), {}); }

template <typename Widget> Widget* named(const ExportDialog& dialog, const char* name)
{
    for (auto* widget : dialog.findChildren<Widget*>())
        if (widget->accessibleName() == QLatin1String(name))
            return widget;
    return nullptr;
}

} // namespace

class TestExportDialog : public QObject {
    Q_OBJECT
private slots:
    void choiceComesBack()
    {
        ExportChoice choice;
        choice.format = QStringLiteral("svg");
        choice.widthMm = 88.9;
        choice.heightMm = 40;
        choice.fontPt = 7.5;
        choice.dpi = 600;
        choice.theme = ThemeKind::Dark;
        choice.outlinesText = choice.isTransparent = choice.writesCsv = true;
        choice.includesPaths = false;
        QVERIFY(ExportDialog(QStringLiteral("x"), {sample()}, choice).choice() == choice);
        QVERIFY(ExportDialog(QStringLiteral("x"), {sample()}, {}).choice() == ExportChoice());
    }

    void aPaperWidthSetsTheWidth()
    {
        ExportDialog dialog(QStringLiteral("x"), {sample()}, {});
        auto* preset = named<QComboBox>(dialog, "Width preset");
        auto* width = named<QDoubleSpinBox>(dialog, "Width");
        for (int i = 0; i < paperWidths().size(); ++i) {
            preset->setCurrentIndex(i);
            Q_EMIT preset->activated(i);
            QCOMPARE(width->value(), paperWidths()[i].widthMm);
            QCOMPARE(preset->currentIndex(), i);
        }
        width->setValue(77.7);
        QCOMPARE(preset->currentIndex(), preset->count() - 1);
    }

    /// What the preview shows is what is written: the same proportions, and the picture of renderFigure() at its scale.
    void thePreviewIsTheFigureAtItsProportions()
    {
        ExportDialog dialog(QStringLiteral("x"), {sample()}, {});
        auto* preview = dialog.findChild<FigurePreview*>();
        QSignalSpy drawn(preview, &FigurePreview::drawn);
        dialog.show();
        QTRY_VERIFY(!drawn.isEmpty());
        for (const double height : {0.0, 60.0}) {
            drawn.clear();
            named<QDoubleSpinBox>(dialog, "Height")->setValue(height);
            QTRY_VERIFY(!preview->picture().isNull() && (height == 0 || !drawn.isEmpty()));
            const ExportSpec spec = exportSpec(dialog.choice());
            const QSizeF mm = exportSizeMm(sample(), spec);
            const double aspect = double(preview->picture().height()) / preview->picture().width();
            QVERIFY2(std::abs(aspect - mm.height() / mm.width()) < 0.01, qPrintable(QString::number(aspect)));
            ExportSpec same = spec;
            same.dpi = preview->scale() * 25.4;
            QCOMPARE(preview->picture(), renderFigure(sample(), same));
        }
    }

    void changesInARowAreDrawnOnce()
    {
        ExportDialog dialog(QStringLiteral("x"), {sample()}, {});
        auto* preview = dialog.findChild<FigurePreview*>();
        QSignalSpy drawn(preview, &FigurePreview::drawn);
        dialog.show();
        QTRY_VERIFY(!drawn.isEmpty());
        drawn.clear();
        for (int i = 0; i < 20; ++i)
            named<QDoubleSpinBox>(dialog, "Width")->setValue(90 + i);
        QTRY_COMPARE(drawn.size(), 1);
        QTest::qWait(200);
        QCOMPARE(drawn.size(), 1);
    }

    void sizeIsSaid_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("words");
        QTest::addRow("pixels") << "png" << "1004 × ";
        QTest::addRow("paper") << "pdf" << "85.0 × ";
    }
    void sizeIsSaid()
    {
        QFETCH(QString, format);
        QFETCH(QString, words);
        ExportChoice choice;
        choice.format = format;
        const ExportDialog dialog(QStringLiteral("x"), {sample()}, choice);
        QVERIFY2(named<QLabel>(dialog, "Size")->text().startsWith(words), qPrintable(named<QLabel>(dialog, "Size")->text()));
    }

    void onlyWhatMattersCanBeSet_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<bool>("hasDpi");
        QTest::addColumn<bool>("hasLetters");
        QTest::addColumn<bool>("hasWidth");
        QTest::addRow("PDF") << "pdf" << false << true << true;
        QTest::addRow("SVG") << "svg" << false << true << true;
        QTest::addRow("PNG") << "png" << true << false << true;
        QTest::addRow("CSV") << "csv" << false << false << false;
    }
    void onlyWhatMattersCanBeSet()
    {
        QFETCH(QString, format);
        ExportChoice choice;
        choice.format = format;
        const ExportDialog dialog(QStringLiteral("x"), {sample()}, choice);
        QTEST(named<QSpinBox>(dialog, "Resolution")->isEnabled(), "hasDpi");
        QTEST(named<QComboBox>(dialog, "Letters")->isEnabled(), "hasLetters");
        QTEST(named<QDoubleSpinBox>(dialog, "Width")->isEnabled(), "hasWidth");
    }

    void aPictureThatIsTooLowIsRefusedWithAReason()
    {
        ExportDialog dialog(QStringLiteral("x"), {sample()}, {});
        dialog.show();
        QSignalSpy refused(dialog.findChild<FigurePreview*>(), &FigurePreview::refused);
        named<QDoubleSpinBox>(dialog, "Height")->setValue(1);
        QTRY_VERIFY(!refused.isEmpty());
        QPushButton* save = nullptr;
        for (auto* button : dialog.findChildren<QPushButton*>())
            if (button->isDefault())
                save = button;
        QVERIFY(save && !save->isEnabled());
        QVERIFY(named<QLabel>(dialog, "Size")->text().contains("height"));
        named<QDoubleSpinBox>(dialog, "Height")->setValue(50);
        QTRY_VERIFY(save->isEnabled());
    }

    void severalFiguresAreSeenOneByOne()
    {
        const ExportDialog dialog(QStringLiteral("all"), {sample("ladder"), sample("weibull")}, {});
        auto* shown = named<QComboBox>(dialog, "Previewed figure");
        QCOMPARE(shown->count(), 2);
        shown->setCurrentIndex(1);
        QCOMPARE(dialog.figure().name, std::string("weibull"));
        QCOMPARE(named<QLabel>(dialog, "Caption")->text(), QString::fromStdString(plainText(sample("weibull").caption)));
    }

    void captionAndFigureAreCopied()
    {
        ExportDialog dialog(QStringLiteral("x"), {sample()}, {});
        QSignalSpy copied(&dialog, &ExportDialog::copyRequested);
        named<QPushButton>(dialog, "Copy figure")->click();
        QCOMPARE(copied.size(), 1);
        named<QPushButton>(dialog, "Copy caption")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), QString::fromStdString(plainText(sample().caption)));
    }

    void fitsASmallScreen()
    {
        ExportDialog dialog(QStringLiteral("x"), {sample()}, {});
        dialog.show();
        QVERIFY2(dialog.minimumSizeHint().height() <= 660 && dialog.minimumSizeHint().width() <= 1200,
            qPrintable(QStringLiteral("%1 x %2").arg(dialog.minimumSizeHint().width()).arg(dialog.minimumSizeHint().height())));
    }
};

QTEST_MAIN(TestExportDialog)
#include "tst_exportdialog.moc"
