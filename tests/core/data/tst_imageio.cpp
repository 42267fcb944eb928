// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/imageio.h"

#include "core/base/rng.h"
#include "core/data/imageheader.h"
#include "tests/core/data/testfiles.h"

#include <QTest>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include <zlib.h>

#include <algorithm>
#include <cmath>

using namespace brink;

namespace {

cv::Mat noise(int type, int height = 19, int width = 23)
{
    cv::Mat samples(height, width, type);
    cv::RNG rng(7);
    rng.fill(samples, cv::RNG::UNIFORM, 0, CV_MAT_DEPTH(type) == CV_16U ? 65536 : 256);
    return samples;
}

/// Smooth, so that lossy formats keep it.
cv::Mat ramp()
{
    cv::Mat samples(40, 48, CV_8UC3);
    for (int y = 0; y < samples.rows; ++y)
        for (int x = 0; x < samples.cols; ++x)
            samples.at<cv::Vec3b>(y, x) = {std::uint8_t(4 * x), std::uint8_t(5 * y), std::uint8_t(100 + x)};
    return samples;
}

Bytes encoded(const std::string& ending, const cv::Mat& samples, const std::vector<int>& options = {})
{
    Bytes bytes;
    cv::imencode(ending, samples, bytes, options);
    return bytes;
}

/// One stored value as a number in [0,1]; `channel` in RGB order.
double stored(const cv::Mat& samples, int channel, int y, int x)
{
    const int at = samples.channels() == 1 ? 0 : 2 - channel;
    if (samples.depth() == CV_16U)
        return samples.ptr<std::uint16_t>(y)[x * samples.channels() + at] / 65535.0;
    return samples.ptr<std::uint8_t>(y)[x * samples.channels() + at] / 255.0;
}

double largestDifference(const Image& image, const cv::Mat& samples)
{
    double largest = 0;
    for (int c = 0; c < image.channels; ++c)
        for (int y = 0; y < image.height; ++y)
            for (int x = 0; x < image.width; ++x)
                largest = std::max(largest,
                    std::abs(double(image.pixels[std::size_t((c * image.height + y) * image.width + x)]) - stored(samples, c, y, x)));
    return largest;
}

bool hasNote(const Image& image, const std::string& code)
{
    return std::ranges::any_of(image.notes, [&](const Warning& note) { return note.code == code; });
}

void setBigEndian(Bytes& bytes, std::size_t at, std::uint32_t value, int count)
{
    for (int i = 0; i < count; ++i)
        bytes[at + std::size_t(i)] = std::uint8_t(value >> 8 * (count - 1 - i));
}

void setLittleEndian(Bytes& bytes, std::size_t at, std::uint32_t value, int count)
{
    for (int i = 0; i < count; ++i)
        bytes[at + std::size_t(i)] = std::uint8_t(value >> 8 * i);
}

/// The same file, but its header claims another size.
Bytes withSize(const std::string& ending, std::uint32_t side)
{
    Bytes bytes = encoded(ending, ramp());
    if (ending == ".png") {
        setBigEndian(bytes, 16, side, 4);
        setBigEndian(bytes, 20, side, 4);
        setBigEndian(bytes, 29, std::uint32_t(crc32(0, bytes.data() + 12, 17)), 4);
    } else if (ending == ".jpg") {
        const std::uint8_t frame[] = {0xFF, 0xC0, 0x00, 0x11};
        const auto at = std::size_t(std::ranges::search(bytes, frame).begin() - bytes.begin());
        setBigEndian(bytes, at + 5, side, 2);
        setBigEndian(bytes, at + 7, side, 2);
    } else if (ending == ".bmp") {
        setLittleEndian(bytes, 18, side, 4);
        setLittleEndian(bytes, 22, side, 4);
    } else if (ending == ".tif") {
        const std::size_t directory = bytes[4] | std::size_t(bytes[5]) << 8 | std::size_t(bytes[6]) << 16;
        for (std::size_t entry = directory + 2; bytes[entry] == 0 || bytes[entry] == 1 || bytes[entry] == 254; entry += 12)
            if (bytes[entry + 1] == 1 && bytes[entry] <= 1) {
                setLittleEndian(bytes, entry + 2, 4, 2);
                setLittleEndian(bytes, entry + 8, side, 4);
            }
    }
    return bytes;
}

} // namespace

class TestImageIo : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryFormat_data();
    void readsEveryFormat();
    void readsKnownBytes();
    void namesAndDropsAlpha_data();
    void namesAndDropsAlpha();
    void keepsGreyWithAlphaGrey();
    void notesTheOrientationTag();
    void refusesTruncated_data() { formats(); }
    void refusesTruncated();
    void survivesCorruption_data() { formats(); }
    void survivesCorruption();
    void refusesBadSizes_data();
    void refusesBadSizes();
    void refusesOtherFiles_data();
    void refusesOtherFiles();
    void refusesWrongChecksum();
    void refusesFloatTiff();
    void namesTheFile();
    void savesWhatItReads();
    void roundsToTheNearestGrey();
    void reportsUnwritablePlaces();
    void leavesNothingOnAFullDisk();
    void hashesPixelsAndShape();

private:
    static void formats();
};

void TestImageIo::formats()
{
    QTest::addColumn<QByteArray>("ending");
    for (const char* ending : {".png", ".jpg", ".bmp", ".tif", ".webp"})
        QTest::newRow(ending + 1) << QByteArray(ending);
}

void TestImageIo::readsEveryFormat_data()
{
    QTest::addColumn<QByteArray>("ending");
    QTest::addColumn<int>("type");
    QTest::addColumn<double>("tolerance");
    // Values are compared with v/255 or v/65535 as float32: half a unit in the last place of 1 is 6e-8.
    constexpr double exact = 6.1e-8;
    QTest::addRow("grey PNG of 8 bits") << QByteArray(".png") << CV_8UC1 << exact;
    QTest::addRow("colour PNG of 8 bits") << QByteArray(".png") << CV_8UC3 << exact;
    QTest::addRow("grey PNG of 16 bits") << QByteArray(".png") << CV_16UC1 << exact;
    QTest::addRow("colour PNG of 16 bits") << QByteArray(".png") << CV_16UC3 << exact;
    QTest::addRow("grey TIFF of 8 bits") << QByteArray(".tiff") << CV_8UC1 << exact;
    QTest::addRow("colour TIFF of 8 bits") << QByteArray(".tiff") << CV_8UC3 << exact;
    QTest::addRow("grey TIFF of 16 bits") << QByteArray(".tiff") << CV_16UC1 << exact;
    QTest::addRow("colour TIFF of 16 bits") << QByteArray(".tiff") << CV_16UC3 << exact;
    QTest::addRow("colour BMP") << QByteArray(".bmp") << CV_8UC3 << exact;
    QTest::addRow("smooth colour JPEG") << QByteArray(".jpg") << -1 << 0.03;
    QTest::addRow("smooth colour WebP") << QByteArray(".webp") << -1 << 0.05;
}

void TestImageIo::readsEveryFormat()
{
    QFETCH(QByteArray, ending);
    QFETCH(int, type);
    QFETCH(double, tolerance);
    const cv::Mat samples = type < 0 ? ramp() : noise(type);
    const Image image = decodeImage(encoded(ending.toStdString(), samples), "picture");
    QCOMPARE(image.channels, samples.channels());
    QCOMPARE(image.height, samples.rows);
    QCOMPARE(image.width, samples.cols);
    QVERIFY2(largestDifference(image, samples) <= tolerance, qPrintable(QString::number(largestDifference(image, samples))));
    QCOMPARE(hasNote(image, "image-16-bit"), samples.depth() == CV_16U);
    QVERIFY(!hasNote(image, "alpha-dropped"));
}

void TestImageIo::readsKnownBytes()
{
    // A BMP of 2 x 1 pixels: blue-green-red (10,20,30) and (200,150,100).
    const Bytes bytes{'B', 'M', 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 20, 30, 200, 150, 100, 0, 0};
    const Image image = decodeImage(bytes, "two.bmp");
    const std::vector<float> expected{30 / 255.f, 100 / 255.f, 20 / 255.f, 150 / 255.f, 10 / 255.f, 200 / 255.f};
    QVERIFY(image.pixels == expected);
    QCOMPARE(QString::fromStdString(image.source), QStringLiteral("two.bmp"));
}

void TestImageIo::namesAndDropsAlpha_data()
{
    QTest::addColumn<QByteArray>("ending");
    QTest::addColumn<int>("type");
    QTest::addRow("PNG of 8 bits") << QByteArray(".png") << CV_8UC4;
    QTest::addRow("PNG of 16 bits") << QByteArray(".png") << CV_16UC4;
    QTest::addRow("TIFF of 8 bits") << QByteArray(".tiff") << CV_8UC4;
}

void TestImageIo::namesAndDropsAlpha()
{
    QFETCH(QByteArray, ending);
    QFETCH(int, type);
    const cv::Mat samples = noise(type);
    const Image image = decodeImage(encoded(ending.toStdString(), samples), "picture");
    QCOMPARE(image.channels, 3);
    QVERIFY(hasNote(image, "alpha-dropped"));
    QVERIFY(largestDifference(image, samples) < 6.1e-8);
}

void TestImageIo::keepsGreyWithAlphaGrey()
{
    // OpenCV writes no grey PNG with alpha, so make one: 1 x 1, colour type 4, grey 51, alpha 128.
    Bytes bytes{0x89, 'P', 'N', 'G', 13, 10, 26, 10};
    const auto append = [&](const std::string& name, const Bytes& data) {
        const std::size_t at = bytes.size();
        bytes.resize(at + 4);
        setBigEndian(bytes, at, std::uint32_t(data.size()), 4);
        bytes.insert(bytes.end(), name.begin(), name.end());
        bytes.insert(bytes.end(), data.begin(), data.end());
        const auto checksum = std::uint32_t(crc32(0, bytes.data() + at + 4, unsigned(4 + data.size())));
        bytes.resize(bytes.size() + 4);
        setBigEndian(bytes, bytes.size() - 4, checksum, 4);
    };
    const Bytes row{0, 51, 128};
    uLongf length = 64;
    Bytes packed(length);
    QCOMPARE(compress(packed.data(), &length, row.data(), row.size()), Z_OK);
    packed.resize(length);
    append("IHDR", {0, 0, 0, 1, 0, 0, 0, 1, 8, 4, 0, 0, 0});
    append("IDAT", packed);
    append("IEND", {});
    const Image image = decodeImage(bytes, "grey.png");
    QCOMPARE(image.channels, 1);
    QCOMPARE(image.pixels.at(0), 51 / 255.f);
    QVERIFY(hasNote(image, "alpha-dropped"));
}

void TestImageIo::notesTheOrientationTag()
{
    Bytes bytes = encoded(".jpg", ramp());
    const Bytes exif{0xFF, 0xE1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0,
        0, 0, 0, 0};
    bytes.insert(bytes.begin() + 2, exif.begin(), exif.end());
    const Image image = decodeImage(bytes, "turned.jpg");
    QVERIFY(hasNote(image, "orientation-ignored"));
    QCOMPARE(image.width, 48); // not turned by 90 degrees
}

void TestImageIo::refusesTruncated()
{
    QFETCH(QByteArray, ending);
    const Bytes whole = encoded(ending.toStdString(), ramp());
    (void)decodeImage(whole, "whole");
    for (int percent = 2; percent < 100; percent += 2) {
        const ByteView part = ByteView(whole).first(whole.size() * std::size_t(percent) / 100);
        if (!imageFormatOf(part))
            continue;
        verifyError(decodeImage(part, "part"), ErrorCode::Format, "part: the image is truncated");
    }
    verifyError(decodeImage(ByteView(whole).first(whole.size() - 2), "part"), ErrorCode::Format, "truncated");
}

void TestImageIo::survivesCorruption()
{
    QFETCH(QByteArray, ending);
    const Bytes whole = encoded(ending.toStdString(), ramp());
    Rng rng(11);
    int read = 0;
    for (int trial = 0; trial < 200; ++trial) {
        Bytes bytes = whole;
        if (trial % 2)
            bytes.resize(std::size_t(rng.below(bytes.size())));
        for (std::uint64_t change = rng.below(6); change > 0 && !bytes.empty(); --change)
            bytes[std::size_t(rng.below(bytes.size()))] = std::uint8_t(rng.bits());
        const auto error = test::errorOf([&] {
            const Image image = decodeImage(bytes, "noise");
            ++read;
            QCOMPARE(image.size(), std::size_t(image.channels) * std::size_t(image.height) * std::size_t(image.width));
            QVERIFY(std::ranges::all_of(image.pixels, [](float value) { return value >= 0 && value <= 1; }));
        });
        if (error)
            QVERIFY2(QString::fromStdString(error->message()).startsWith(QStringLiteral("noise: ")), error->what());
    }
    QVERIFY2(read < 200, "no corruption was noticed");
}

void TestImageIo::refusesBadSizes_data()
{
    QTest::addColumn<QByteArray>("ending");
    QTest::addColumn<int>("side");
    for (const char* ending : {".png", ".jpg", ".bmp", ".tif"})
        for (const int side : {0, 30000})
            QTest::addRow("%s of %d x %d", ending + 1, side, side) << QByteArray(ending) << side;
}

void TestImageIo::refusesBadSizes()
{
    QFETCH(QByteArray, ending);
    QFETCH(int, side);
    const Bytes bytes = withSize(ending.toStdString(), std::uint32_t(side));
    const QByteArray size = QByteArray::number(side) + " x " + QByteArray::number(side) + " pixels";
    verifyError(decodeImage(bytes, "odd"), side ? ErrorCode::Resource : ErrorCode::Format, size.constData());
}

void TestImageIo::refusesOtherFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("says");
    QTest::addRow("empty file") << QByteArray() << QByteArray("empty");
    QTest::addRow("text") << QByteArray("BMore of a letter than a picture") << QByteArray("not an image");
    QTest::addRow("zip archive") << QByteArray("PK\x03\x04 and so on") << QByteArray("not an image");
    QTest::addRow("PNG signature alone") << QByteArray("\x89PNG\r\n\x1a\n", 8) << QByteArray("truncated");
    QTest::addRow("JPEG without picture") << QByteArray("\xFF\xD8\xFF\xD9", 4) << QByteArray("damaged");
}

void TestImageIo::refusesOtherFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, says);
    const Bytes bytes(content.begin(), content.end());
    verifyError(decodeImage(bytes, "letter.png"), ErrorCode::Format, says.constData());
}

void TestImageIo::refusesWrongChecksum()
{
    Bytes bytes = encoded(".png", ramp());
    bytes[bytes.size() / 2] ^= 1;
    verifyError(decodeImage(bytes, "flipped.png"), ErrorCode::Format, "checksum");
}

void TestImageIo::refusesFloatTiff()
{
    const cv::Mat samples(4, 4, CV_32FC1, cv::Scalar(0.5));
    verifyError(decodeImage(encoded(".tiff", samples), "float.tiff"), ErrorCode::Unsupported, "float.tiff: only images of 8 or 16 bits");
}

void TestImageIo::namesTheFile()
{
    const test::Scratch scratch;
    verifyError(readImage(scratch.path("none.png")), ErrorCode::Io, "none.png: cannot be read");
    verifyError(readImage(scratch.write("note.png", std::string_view("hello"))), ErrorCode::Format, "note.png: this is not an image");
    verifyError(readImage(scratch.path("")), ErrorCode::Io, "is a folder");
}

void TestImageIo::savesWhatItReads()
{
    const test::Scratch scratch;
    const Image image = decodeImage(encoded(".png", noise(CV_8UC3)), "picture");
    saveImage(image, scratch.path("copy.png"));
    const Image copy = readImage(scratch.path("copy.png"));
    QVERIFY(copy.pixels == image.pixels);
    QCOMPARE(QString::fromStdString(copy.source), QString::fromStdString(scratch.path("copy.png")));
}

void TestImageIo::roundsToTheNearestGrey()
{
    const Image image{1, 1, 4, {-0.5f, 0.5f / 255 - 1e-5f, 0.5f / 255 + 1e-5f, 2.0f}, {}, {}};
    const Image saved = decodeImage(encodePng(image), "grey");
    const std::vector<float> expected{0, 0, 1 / 255.f, 1};
    QVERIFY(saved.pixels == expected);
    verifyError(encodePng(Image{2, 1, 1, {0, 0}, {}, {}}), ErrorCode::Shape, "grey or RGB");
}

void TestImageIo::reportsUnwritablePlaces()
{
    const Image image{1, 1, 1, {0.5f}, {}, {}};
    const test::Scratch scratch;
    verifyError(saveImage(image, scratch.path("no/such/folder.png")), ErrorCode::Io, "folder.png: cannot be written");
    verifyError(saveImage(image, scratch.path("")), ErrorCode::Io, "is a folder");
}

void TestImageIo::leavesNothingOnAFullDisk()
{
    if (!QFile::exists(QStringLiteral("/dev/full")))
        QSKIP("This system has no /dev/full to stand for a full disk.");
    verifyError(saveImage(Image{1, 1, 1, {0.5f}, {}, {}}, "/dev/full"), ErrorCode::Io, "/dev/full: cannot be written");
    QVERIFY(QFile::exists(QStringLiteral("/dev/full")));
    const test::Scratch scratch;
    {
        AtomicFile abandoned(scratch.path("half.bin"));
        abandoned.write("half");
    }
    QVERIFY(QDir(QString::fromStdString(scratch.path(""))).isEmpty());
}

void TestImageIo::hashesPixelsAndShape()
{
    // printf '1,1,2\n\0\0\0\0\0\0\200\77' | sha256sum
    const Image flat{1, 1, 2, {0, 1}, "a", {}};
    QCOMPARE(QString::fromStdString(imageSha256(flat)), QStringLiteral("e95254a2bc4f10e916d0ae012d7f3b8894acf6af8adaea00d9149c2a72ea9567"));
    Image tall = flat;
    std::swap(tall.height, tall.width);
    QVERIFY(imageSha256(tall) != imageSha256(flat));
    Image renamed = flat;
    renamed.source = std::string("b");
    QCOMPARE(imageSha256(renamed), imageSha256(flat));
}

QTEST_APPLESS_MAIN(TestImageIo)
#include "tst_imageio.moc"
