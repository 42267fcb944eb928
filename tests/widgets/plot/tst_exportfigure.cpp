// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/report/registry.h"
#include "tests/support/compare.h"
#include "tests/support/sampleresult.h"
#include "widgets/plot/exportfigure.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <cmath>
#include <functional>
#include <limits>

using namespace brink;

namespace {

Figure sample(const char* name = "ladder") { return *figureInfo(name).make(test::sampleResult(), {}); }

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::optional<Error> errorOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

} // namespace

class TestExportFigure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }
    void sizesAreExact_data();
    void sizesAreExact();
    void pngHasItsResolution();
    void heightCanBeGiven();
    void svgTextStaysText();
    void svgIsXmlWhateverTheWordsAre();
    void nothingLeavesItsPanel_data();
    void nothingLeavesItsPanel();
    void pdfEmbedsItsFont();
    void lettersAsCurvesNeedNoFont();
    void lettersAsCurvesLookTheSame();
    void rangesAreTaken();
    void provenanceComesBack_data();
    void provenanceComesBack();
    void foreignFilesHaveNoProvenance_data();
    void foreignFilesHaveNoProvenance();
    void csvIsTheDataOfTheLayers();
    void everyFigureExportsInEveryFormat();
    void themeDoesNotFollowTheWindow();
    void sameFigureGivesTheSamePicture();
    void unknownFormatSuggestsNearest();
    void absurdSizesAreRefused_data();
    void absurdSizesAreRefused();
    void unwritableFolderIsNamed();
    void fullDiskLeavesNothing();
    void failedWriteKeepsTheOldFile();

private:
    [[nodiscard]] QString path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
};

void TestExportFigure::sizesAreExact_data()
{
    QTest::addColumn<double>("widthMm");
    QTest::addRow("one column") << 85.0;
    QTest::addRow("two columns") << 175.0;
    QTest::addRow("odd width") << 91.37;
}

void TestExportFigure::sizesAreExact()
{
    QFETCH(double, widthMm);
    const Figure figure = sample();
    const double heightMm = std::round(widthMm * figure.aspect * 100) / 100;
    ExportSpec spec;
    spec.widthMm = widthMm;

    exportFigure(figure, spec, path("f.svg"));
    const QRegularExpression svgSize(QStringLiteral("<svg width=\"([0-9.]+)mm\" height=\"([0-9.]+)mm\""));
    const auto svg = svgSize.match(QString::fromUtf8(contents(path("f.svg"))));
    QVERIFY(svg.hasMatch());
    compareClose(svg.captured(1).toDouble(), widthMm, 0, 1e-6);
    compareClose(svg.captured(2).toDouble(), heightMm, 0, 1e-6);

    exportFigure(figure, spec, path("f.pdf"));
    const QRegularExpression pageSize(QStringLiteral("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]"));
    const auto pdf = pageSize.match(QString::fromLatin1(contents(path("f.pdf"))));
    QVERIFY(pdf.hasMatch());
    compareClose(pdf.captured(1).toDouble() * 25.4 / 72, widthMm, 0, 1e-5); // six decimals of a point
    compareClose(pdf.captured(2).toDouble() * 25.4 / 72, heightMm, 0, 1e-5);

    exportFigure(figure, spec, path("f.png"));
    const QImage png(path("f.png"));
    QCOMPARE(png.width(), int(std::lround(widthMm / 25.4 * 300)));
    QCOMPARE(png.height(), int(std::lround(heightMm / 25.4 * 300)));
}

void TestExportFigure::pngHasItsResolution()
{
    ExportSpec spec;
    spec.dpi = 600;
    exportFigure(sample(), spec, path("dpi.png"));
    const QImage png(path("dpi.png"));
    QCOMPARE(png.dotsPerMeterX(), int(std::lround(600 / 0.0254)));
    QCOMPARE(png.width(), int(std::lround(85 / 25.4 * 600)));
}

void TestExportFigure::heightCanBeGiven()
{
    ExportSpec spec;
    spec.heightMm = 60;
    QCOMPARE(renderFigure(sample(), spec).height(), int(std::lround(60 / 25.4 * 300)));
}

void TestExportFigure::nothingLeavesItsPanel_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<bool>("outlines");
    for (const char* what : {"line", "curve", "band", "bars", "points", "picture", "heatmap", "intervals"})
        for (const bool outlines : {false, true})
            QTest::addRow("%s, %s", what, outlines ? "letters as outlines" : "text") << what << outlines;
}

void TestExportFigure::nothingLeavesItsPanel()
{
    QFETCH(QString, what);
    QFETCH(bool, outlines);
    const Column x = makeColumn({-3, 0.5, 4});
    const Column y = makeColumn({-2, 0.5, 5});
    const std::map<QString, Layer> layers{{"line", LineLayer{"l", {}, x, y}}, {"curve", LineLayer{"l", {}, makeColumn({0.5, 4, -3}), makeColumn({0.5, 0.5, 5})}},
        {"band", BandLayer{"b", {}, x, makeColumn({-4, -3, -5}), makeColumn({0.5, 6, 7})}}, {"bars", BarLayer{"b", {}, makeColumn({0.5}), makeColumn({9}), -4, {}, 5}},
        {"points", ScatterLayer{"p", {}, makeColumn({0.5, 1.05}), makeColumn({1.1, 0.5})}},
        {"picture", RasterLayer{"r", 3, 3, 1, std::make_shared<const std::vector<std::uint8_t>>(9, std::uint8_t(90))}},
        {"heatmap", HeatmapLayer{"h", 3, 3, makeColumn(std::vector<double>(9, 0.5))}},
        {"intervals", ScatterLayer{"p", {}, makeColumn({0.5}), makeColumn({0.5}), {}, {}, {}, 4, {}, {}, {}, {}, makeColumn({-3}), makeColumn({4}), makeColumn({-3}), makeColumn({4})}}};
    Panel panel;
    panel.id = "main";
    panel.x.range = panel.y.range = std::array{0.0, 1.0};
    panel.x.isVisible = panel.y.isVisible = false;
    panel.legend = LegendPlace::None;
    panel.layers = {layers.at(what)};
    Figure figure;
    figure.name = "small";
    figure.panels = {panel};
    ExportSpec spec;
    spec.outlinesText = outlines;
    QSvgRenderer renderer(encodedFigure(figure, spec, QStringLiteral("svg")));
    QVERIFY(renderer.isValid());
    QImage image(850, 527, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    renderer.render(&painter);
    painter.end();
    // 3 pt are the renderer's own margin; a marker or a pen at the edge may reach half its width over it.
    constexpr int margin = 3;
    int outside = 0;
    int inside = 0;
    for (int row = 0; row < image.height(); ++row)
        for (int column = 0; column < image.width(); ++column) {
            const bool isMargin = row < margin || column < margin || row >= image.height() - margin || column >= image.width() - margin;
            (isMargin ? outside : inside) += image.pixelColor(column, row) != Qt::white;
        }
    QCOMPARE(outside, 0);
    QVERIFY(inside > 0 || what == "points"); // both points lie outside
}

void TestExportFigure::svgIsXmlWhateverTheWordsAre()
{
    Figure figure = sample();
    figure.name = "a<b";
    figure.caption = "C&W L2 <untargeted>: p < 0.001 & \"all\" images";
    QXmlStreamReader reader(encodedFigure(figure, {}, QStringLiteral("svg")));
    QHash<QString, QString> texts;
    while (!reader.atEnd())
        if (reader.readNext() == QXmlStreamReader::StartElement && (reader.name() == QLatin1String("title") || reader.name() == QLatin1String("desc")))
            texts.insert(reader.name().toString(), reader.readElementText());
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(texts["title"], QString::fromStdString(figure.name));
    QCOMPARE(texts["desc"], QString::fromStdString(figure.caption));
}

void TestExportFigure::svgTextStaysText()
{
    ExportSpec spec;
    exportFigure(sample(), spec, path("text.svg"));
    const QString svg = QString::fromUtf8(contents(path("text.svg")));
    QVERIFY(svg.contains(QStringLiteral(">distance, L2 (pixel range [0,1])</text>")));
    QVERIFY(svg.contains(QStringLiteral(">CLEVER estimate</text>")));
    QVERIFY(svg.contains(QStringLiteral("g/‖∇g‖")));
    QVERIFY(svg.contains(QStringLiteral(", sans-serif\"")));
    // 8 pt in hundredths of a millimetre.
    QVERIFY(svg.contains(QStringLiteral("font-size=\"%1\"").arg(std::lround(8 * 2540 / 72.0))));
}

void TestExportFigure::pdfEmbedsItsFont()
{
    exportFigure(sample(), {}, path("font.pdf"));
    const QByteArray pdf = contents(path("font.pdf"));
    QVERIFY(pdf.startsWith("%PDF"));
    QVERIFY(pdf.contains("/FontFile2") || pdf.contains("/FontFile3"));
    QVERIFY(!pdf.contains("/Subtype /Image")); // a ladder is lines and text only
}

void TestExportFigure::lettersAsCurvesNeedNoFont()
{
    ExportSpec spec;
    const QByteArray svgText = encodedFigure(sample(), spec, QStringLiteral("svg"));
    const QByteArray pdfText = encodedFigure(sample(), spec, QStringLiteral("pdf"));
    QVERIFY(svgText.contains("<text") && pdfText.contains("/FontDescriptor"));
    spec.outlinesText = true;
    QVERIFY(!encodedFigure(sample(), spec, QStringLiteral("svg")).contains("<text"));
    QVERIFY(!encodedFigure(sample(), spec, QStringLiteral("pdf")).contains("/FontDescriptor"));
}

void TestExportFigure::lettersAsCurvesLookTheSame()
{
    const auto drawn = [](bool outlinesText) {
        ExportSpec spec;
        spec.outlinesText = outlinesText;
        QImage image(850, 530, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        QSvgRenderer(encodedFigure(sample("weibull"), spec, QStringLiteral("svg"))).render(&painter);
        return image;
    };
    const QImage text = drawn(false);
    const QImage curves = drawn(true);
    qint64 ink = 0, difference = 0;
    for (int y = 0; y < text.height(); ++y)
        for (int x = 0; x < text.width(); ++x) {
            ink += 255 - qGray(text.pixel(x, y));
            difference += std::abs(qGray(text.pixel(x, y)) - qGray(curves.pixel(x, y)));
        }
    // Hinting moves edges of letters by parts of a pixel; anything missing or misplaced would cost much more.
    QVERIFY2(ink > 0 && double(difference) < 0.15 * double(ink), qPrintable(QString::number(double(difference) / double(ink))));
}

void TestExportFigure::rangesAreTaken()
{
    const Figure figure = sample();
    const std::string id = figure.panels.front().id;
    const Figure zoomed = withRanges(figure, {{id, {1, 2, 3, 4}}, {"no such panel", {0, 1, 0, 1}}});
    QCOMPARE(*zoomed.panels.front().x.range, (std::array<double, 2>{1, 2}));
    QCOMPARE(*zoomed.panels.front().y.range, (std::array<double, 2>{3, 4}));
    QVERIFY(renderFigure(zoomed, {}) != renderFigure(figure, {}));
}

void TestExportFigure::provenanceComesBack_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addRow("png") << QStringLiteral("png");
    QTest::addRow("svg") << QStringLiteral("svg");
    QTest::addRow("pdf") << QStringLiteral("pdf");
}

void TestExportFigure::provenanceComesBack()
{
    QFETCH(QString, suffix);
    Figure figure = sample("weibull");
    figure.provenance["note"] = "a < b & \"c\" ]]> ‖∇g‖₂ \n end";
    figure.provenance["long"] = std::string(200'000, 'x');
    const QString file = m_folder.filePath(QStringLiteral("p.") + suffix);
    exportFigure(figure, {}, file);
    const Json document = readProvenance(file);
    QCOMPARE(document.at("schema").get<std::string>(), std::string("brink.figure/1"));
    QCOMPARE(document.at("figure").get<std::string>(), std::string("weibull"));
    QCOMPARE(document.at("caption").get<std::string>(), plainText(figure.caption));
    QVERIFY(document.at("provenance") == figure.provenance);
}

void TestExportFigure::foreignFilesHaveNoProvenance_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addRow("empty") << QByteArray();
    QTest::addRow("text") << QByteArray("hello");
    QTest::addRow("another SVG") << QByteArray("<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>{}</metadata></svg>");
    QTest::addRow("broken JSON") << QByteArray("<svg><metadata id=\"brink\">{\"schema\":</metadata></svg>");
    QTest::addRow("wrong type of schema") << QByteArray("<svg><metadata id=\"brink\">{\"schema\":5}</metadata></svg>");
    QTest::addRow("truncated PNG") << QByteArray("\x89PNG\r\n\x1a\n");
    QTest::addRow("PDF with a reference to nowhere") << QByteArray("%PDF-1.4\n/EF <</F 9 0 R>>\n");
    QTest::addRow("PDF with a broken stream") << QByteArray("%PDF-1.4\n9 0 obj\nstream\nxyz\nendstream\n/EF <</F 9 0 R>>\n");
}

void TestExportFigure::foreignFilesHaveNoProvenance()
{
    QFETCH(QByteArray, bytes);
    QFile file(path("foreign"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    file.close();
    const auto error = errorOf([&] { static_cast<void>(readProvenance(path("foreign"))); });
    QVERIFY(error);
    QCOMPARE(error->code(), ErrorCode::Format);
    const auto missing = errorOf([&] { static_cast<void>(readProvenance(path("not-there.png"))); });
    QVERIFY(missing);
    QCOMPARE(missing->code(), ErrorCode::Io);
}

void TestExportFigure::csvIsTheDataOfTheLayers()
{
    const Figure figure = sample("clever-batches");
    exportFigure(figure, {}, path("data.csv"));
    const QByteArray csv = contents(path("data.csv"));
    QCOMPARE(csv, QByteArray::fromStdString(figureCsv(figure)));
    // And the numbers read back as they were: "batches,score,<x>,<y>" lines against the layer.
    const auto* line = std::get_if<LineLayer>(&figure.panels[0].layers[1]);
    QVERIFY(line);
    std::size_t row = 0;
    for (const QByteArray& text : csv.split('\n')) {
        if (!text.startsWith("batches,score,"))
            continue;
        const QList<QByteArray> cells = text.split(',');
        QCOMPARE(cells[2].toDouble(), (*line->x)[row]);
        QCOMPARE(cells[3].toDouble(), (*line->y)[row]);
        ++row;
    }
    QCOMPARE(row, line->x->size());
}

void TestExportFigure::everyFigureExportsInEveryFormat()
{
    for (const FigureInfo& info : figureInfos()) {
        for (const std::string& format : exportFormats()) {
            const QString file = m_folder.filePath(QString::fromStdString(info.name + "." + format));
            exportFigure(sample(info.name.c_str()), {}, file);
            QVERIFY2(QFile(file).size() > 300, qPrintable(file));
        }
    }
}

void TestExportFigure::themeDoesNotFollowTheWindow()
{
    const QPalette before = QApplication::palette();
    QApplication::setPalette(QPalette(QColor(10, 10, 10)));
    const QImage image = renderFigure(sample(), {});
    QApplication::setPalette(before);
    QCOMPARE(image.pixelColor(1, 1), QColor(Qt::white));
}

void TestExportFigure::sameFigureGivesTheSamePicture()
{
    QCOMPARE(renderFigure(sample("weibull"), {}), renderFigure(sample("weibull"), {}));
}

void TestExportFigure::unknownFormatSuggestsNearest()
{
    const auto error = errorOf([&] { exportFigure(sample(), {}, path("figure.pfd")); });
    QVERIFY(error);
    QCOMPARE(error->code(), ErrorCode::Usage);
    QVERIFY(error->message().find("did you mean \"pdf\"?") != std::string::npos);
    QVERIFY(!QFile::exists(path("figure.pfd")));
}

void TestExportFigure::absurdSizesAreRefused_data()
{
    QTest::addColumn<double>("widthMm");
    QTest::addColumn<double>("fontPt");
    QTest::addColumn<double>("dpi");
    QTest::addRow("negative width") << -85.0 << 8.0 << 300.0;
    QTest::addRow("NaN width") << std::numeric_limits<double>::quiet_NaN() << 8.0 << 300.0;
    QTest::addRow("a kilometre") << 1e6 << 8.0 << 300.0;
    QTest::addRow("no font") << 85.0 << 0.0 << 300.0;
    QTest::addRow("no resolution") << 85.0 << 8.0 << 0.0;
    QTest::addRow("too many pixels") << 1900.0 << 8.0 << 4800.0;
}

void TestExportFigure::absurdSizesAreRefused()
{
    QFETCH(double, widthMm);
    QFETCH(double, fontPt);
    QFETCH(double, dpi);
    ExportSpec spec;
    spec.widthMm = widthMm;
    spec.fontPt = fontPt;
    spec.dpi = dpi;
    const auto error = errorOf([&] { exportFigure(sample(), spec, path("absurd.png")); });
    QVERIFY(error);
    QCOMPARE(error->code(), ErrorCode::Domain);
    QVERIFY(!QFile::exists(path("absurd.png")));
}

void TestExportFigure::unwritableFolderIsNamed()
{
    const QString file = path("no/such/folder/figure.pdf");
    const auto error = errorOf([&] { exportFigure(sample(), {}, file); });
    QVERIFY(error);
    QCOMPARE(error->code(), ErrorCode::Io);
    QVERIFY(error->message().find(file.toStdString()) != std::string::npos);
}

void TestExportFigure::fullDiskLeavesNothing()
{
    if (!QFile::exists(QStringLiteral("/dev/full")))
        QSKIP("there is no /dev/full here");
    // The device has no suffix of a figure, a link to it has.
    for (const char* name : {"full.pdf", "full.svg", "full.png", "full.csv"}) {
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), path(name)));
        const QStringList before = QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden);
        const auto error = errorOf([&] { exportFigure(sample(), {}, path(name)); });
        QVERIFY2(error, name);
        QCOMPARE(error->code(), ErrorCode::Io);
        QVERIFY2(error->message().find("space") != std::string::npos, error->what());
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::System | QDir::Hidden), before);
    }
}

void TestExportFigure::failedWriteKeepsTheOldFile()
{
    QDir().mkpath(path("taken.svg/inside")); // a folder of that name cannot be replaced
    const auto error = errorOf([&] { exportFigure(sample(), {}, path("taken.svg")); });
    QVERIFY(error);
    QCOMPARE(error->code(), ErrorCode::Io);
    QVERIFY(QDir(path("taken.svg/inside")).exists());
    exportFigure(sample(), {}, path("twice.png"));
    const QByteArray first = contents(path("twice.png"));
    QVERIFY(errorOf([&] {
        ExportSpec spec;
        spec.dpi = -1;
        exportFigure(sample(), spec, path("twice.png"));
    }));
    QCOMPARE(contents(path("twice.png")), first);
}

QTEST_MAIN(TestExportFigure)
#include "tst_exportfigure.moc"
