// SPDX-FileCopyrightText: 2026 The Brink authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include "core/base/rng.h"
#include "core/data/idxfile.h"
#include "core/data/imageio.h"
#include "core/data/npyfile.h"
#include "tests/core/data/testfiles.h"

#include <QDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace brink;
using brink::test::Scratch;

namespace {

using Indices = std::vector<std::int64_t>;

Image greyImage(int height, int width, float first)
{
    Image image{1, height, width, {}, {}, {}};
    for (int i = 0; i < height * width; ++i)
        image.pixels.push_back(float(std::lround(255 * first) + i) / 255.0f);
    return image;
}

/// An IDX file of unsigned bytes with the values 0, 1, 2 ...
Bytes idxFile(const std::vector<int>& sizes, int values)
{
    Bytes bytes{0, 0, 8, std::uint8_t(sizes.size())};
    for (const int size : sizes)
        bytes.insert(bytes.end(), {std::uint8_t(size >> 24), std::uint8_t(size >> 16), std::uint8_t(size >> 8), std::uint8_t(size)});
    for (int i = 0; i < values; ++i)
        bytes.push_back(std::uint8_t(i));
    return bytes;
}

/// A .npy file with the given dictionary and data; version 1, 2 or 3.
Bytes npyFile(const std::string& dictionary, const void* data, std::size_t count, int version = 1)
{
    Bytes bytes{0x93, 'N', 'U', 'M', 'P', 'Y', std::uint8_t(version), 0};
    const std::size_t length = dictionary.size() + 1;
    bytes.insert(bytes.end(), {std::uint8_t(length), std::uint8_t(length >> 8)});
    if (version >= 2)
        bytes.insert(bytes.end(), {0, 0});
    bytes.insert(bytes.end(), dictionary.begin(), dictionary.end());
    bytes.push_back('\n');
    const auto* begin = static_cast<const std::uint8_t*>(data);
    bytes.insert(bytes.end(), begin, begin + count);
    return bytes;
}

std::string dictionary(const std::string& type, const std::string& shape, const std::string& order = "False")
{
    return "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }";
}

template <typename Value>
Bytes npyOf(const std::string& type, const std::string& shape, const std::vector<Value>& values)
{
    return npyFile(dictionary(type, shape), values.data(), values.size() * sizeof(Value));
}

/// CIFAR records with the given labels; every picture has red = 1, green = 2, blue = 3 (of 255).
Bytes cifarFile(const std::vector<Bytes>& labels)
{
    Bytes bytes;
    for (const Bytes& label : labels) {
        bytes.insert(bytes.end(), label.begin(), label.end());
        for (const int value : {1, 2, 3})
            bytes.insert(bytes.end(), 1024, std::uint8_t(value));
    }
    return bytes;
}

Indices labelsOf(const Dataset& dataset)
{
    Indices labels;
    for (std::int64_t i = 0; i < dataset.size(); ++i)
        labels.push_back(dataset.label(i).value_or(-1));
    return labels;
}

/// Three grey images with the classes cat, dog, frog and no labels of their own.
std::string writeUnlabelled(const Scratch& scratch)
{
    scratch.write("classes.txt", std::string_view("cat\ndog\nfrog\n"));
    return scratch.write("x-idx3-ubyte", idxFile({3, 1, 1}, 3));
}

void makeFolder(const Scratch& scratch, const std::string& name)
{
    QVERIFY(QDir().mkpath(QString::fromStdString(scratch.path(name))));
}

} // namespace

class TestDataset : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parsesSpecs_data();
    void parsesSpecs();
    void parsesRanges_data();
    void parsesRanges();
    void refusesRanges_data();
    void refusesRanges();

    void opensOneImage();
    void opensAFlatFolder();
    void opensAFolderPerClass();
    void numbersClassFolders_data();
    void numbersClassFolders();
    void refusesFoldersWithoutImages();

    void readsIdx_data();
    void readsIdx();
    void refusesIdx_data();
    void refusesIdx();
    void refusesIdxLabelsThatDoNotFit();

    void readsCifar_data();
    void readsCifar();
    void refusesCifar();

    void readsManifest_data();
    void readsManifest();
    void refusesManifest_data();
    void refusesManifest();

    void readsNpyShapes_data();
    void readsNpyShapes();
    void readsNpyVersions_data();
    void readsNpyVersions();
    void readsNpyDoublesAndClamps();
    void refusesNpy_data();
    void refusesNpy();
    void writesNpy();
    void reportsUnwritableNpy();

    void readsLabelFiles_data();
    void readsLabelFiles();
    void refusesLabelFiles_data();
    void refusesLabelFiles();
    void checksLabelsAgainstClasses();

    void refusesUnknownFiles();
    void refusesIndicesOutside();
    void survivesCorruption_data();
    void survivesCorruption();
    void listsFormats();
};

void TestDataset::parsesSpecs_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("range");
    QTest::addRow("path alone") << "a/b.npy" << "a/b.npy" << "";
    QTest::addRow("path and range") << "a/b.npy#0:10" << "a/b.npy" << "0:10";
    QTest::addRow("hash in a folder name") << "no#1/b.npy#3,7" << "no#1/b.npy" << "3,7";
}

void TestDataset::parsesSpecs()
{
    QFETCH(QString, text);
    const ImageSpec spec = ImageSpec::parse(text.toStdString());
    QTEST(QString::fromStdString(spec.path), "path");
    QTEST(QString::fromStdString(spec.range), "range");
    const Scratch scratch;
    const std::string existing = scratch.write("image#5", std::string_view("x"));
    QCOMPARE(ImageSpec::parse(existing).path, existing);
    QCOMPARE(ImageSpec::parse(existing + "#2").range, std::string("2"));
    verifyError(ImageSpec::parse("file#"), ErrorCode::Usage, "names no file or no range");
    verifyError(ImageSpec::parse("#3"), ErrorCode::Usage, "names no file or no range");
    verifyError(ImageSpec::parse(""), ErrorCode::Usage, "empty");
}

void TestDataset::parsesRanges_data()
{
    QTest::addColumn<QString>("range");
    QTest::addColumn<QList<qint64>>("expected");
    QTest::addRow("all") << "" << QList<qint64>{0, 1, 2, 3, 4};
    QTest::addRow("one") << "4" << QList<qint64>{4};
    QTest::addRow("half-open") << "1:3" << QList<qint64>{1, 2};
    QTest::addRow("open beginning") << ":2" << QList<qint64>{0, 1};
    QTest::addRow("open end") << "3:" << QList<qint64>{3, 4};
    QTest::addRow("list in the order written, with repetition") << "3, 0,3" << QList<qint64>{3, 0, 3};
    QTest::addRow("mixed") << "4,0:2" << QList<qint64>{4, 0, 1};
}

void TestDataset::parsesRanges()
{
    QFETCH(QString, range);
    const Indices indices = parseIndexRange(range.toStdString(), 5);
    QTEST(QList<qint64>(indices.begin(), indices.end()), "expected");
}

void TestDataset::refusesRanges_data()
{
    QTest::addColumn<QString>("range");
    QTest::addColumn<int>("code");
    QTest::addRow("after the end") << "5" << int(ErrorCode::Domain);
    QTest::addRow("end after the end") << "0:6" << int(ErrorCode::Domain);
    QTest::addRow("negative") << "-1" << int(ErrorCode::Domain);
    QTest::addRow("negative first") << "-2:3" << int(ErrorCode::Domain);
    QTest::addRow("too large for a number") << "99999999999999999999" << int(ErrorCode::Usage);
    QTest::addRow("empty") << "3:3" << int(ErrorCode::Usage);
    QTest::addRow("backwards") << "3:1" << int(ErrorCode::Usage);
    QTest::addRow("words") << "first" << int(ErrorCode::Usage);
    QTest::addRow("missing number") << "1,,2" << int(ErrorCode::Usage);
    QTest::addRow("three parts") << "0:1:2" << int(ErrorCode::Usage);
}

void TestDataset::refusesRanges()
{
    QFETCH(QString, range);
    QFETCH(int, code);
    verifyError(parseIndexRange(range.toStdString(), 5), ErrorCode(code), qPrintable("#" + range));
}

void TestDataset::opensOneImage()
{
    const Scratch scratch;
    saveImage(greyImage(3, 4, 0.1f), scratch.path("one.png"));
    const auto dataset = openDataset(scratch.path("one.png"));
    QCOMPARE(dataset->size(), std::int64_t(1));
    QCOMPARE(dataset->image(0).width, 4);
    QVERIFY(!dataset->label(0));
    verifyError(openDataset(scratch.write("bad.png", std::string_view("hello"))), ErrorCode::Format, "bad.png: this is not an image");
}

void TestDataset::opensAFlatFolder()
{
    const Scratch scratch;
    for (const char* name : {"b.png", "a.PNG", ".hidden.png", "notes.txt"})
        saveImage(greyImage(2, 2, name[0] == 'a' ? 0.25f : 0.5f), scratch.path(name));
    const auto dataset = openDataset(scratch.path(""));
    QCOMPARE(dataset->size(), std::int64_t(2));
    QVERIFY(dataset->image(0).source.ends_with("a.PNG"));
    QVERIFY(!dataset->label(0) && dataset->classNames().empty());
}

void TestDataset::opensAFolderPerClass()
{
    const Scratch scratch;
    for (const char* name : {"dog", "cat", "empty"})
        makeFolder(scratch, name);
    saveImage(greyImage(2, 2, 0.1f), scratch.path("dog/1.png"));
    saveImage(greyImage(2, 2, 0.2f), scratch.path("cat/2.png"));
    saveImage(greyImage(2, 2, 0.3f), scratch.path("cat/1.png"));
    const auto dataset = openDataset(scratch.path(""));
    QVERIFY(labelsOf(*dataset) == (Indices{0, 0, 1}));
    QVERIFY(dataset->classNames() == (std::vector<std::string>{"cat", "dog"}));
    QVERIFY(dataset->image(0).source.ends_with("cat/1.png"));
    scratch.write("classes.txt", std::string_view("bird\ndog\nfrog\ncat\n"));
    const auto listed = openDataset(scratch.path(""));
    QVERIFY(labelsOf(*listed) == (Indices{1, 3, 3}));
    QCOMPARE(listed->classNames().size(), std::size_t(4));
}

void TestDataset::numbersClassFolders_data()
{
    QTest::addColumn<QStringList>("folders");
    QTest::addColumn<QList<qint64>>("expected");
    QTest::addRow("numbers") << QStringList{"10", "2", "0"} << QList<qint64>{0, 2, 10};
    QTest::addRow("a number and a word") << QStringList{"10", "2", "x"} << QList<qint64>{0, 1, 2};
}

void TestDataset::numbersClassFolders()
{
    QFETCH(QStringList, folders);
    const Scratch scratch;
    for (const QString& folder : folders) {
        makeFolder(scratch, folder.toStdString());
        saveImage(greyImage(2, 2, 0.1f), scratch.path(folder.toStdString() + "/1.png"));
    }
    const auto dataset = openDataset(scratch.path(""));
    const Indices labels = labelsOf(*dataset);
    QTEST(QList<qint64>(labels.begin(), labels.end()), "expected");
    for (std::int64_t i = 0; i < dataset->size(); ++i)
        QVERIFY(dataset->image(i).source.ends_with("/" + dataset->classNames().at(std::size_t(labels[std::size_t(i)])) + "/1.png"));
}

void TestDataset::refusesFoldersWithoutImages()
{
    const Scratch scratch;
    verifyError(openDataset(scratch.path("")), ErrorCode::Format, "holds no images");
    makeFolder(scratch, "images");
    saveImage(greyImage(2, 2, 0.1f), scratch.path("images/1.png"));
    verifyError(openDataset(scratch.path("")), ErrorCode::Format, "images instead");
}

void TestDataset::readsIdx_data()
{
    QTest::addColumn<QString>("images");
    QTest::addColumn<QString>("labels");
    QTest::addRow("both gzip") << "t10k-images-idx3-ubyte.gz" << "t10k-labels-idx1-ubyte.gz";
    QTest::addRow("dots in the name") << "t10k-images.idx3-ubyte.gz" << "t10k-labels.idx1-ubyte.gz";
}

void TestDataset::readsIdx()
{
    QFETCH(QString, images);
    QFETCH(QString, labels);
    const Scratch scratch;
    const std::vector<Image> written{greyImage(2, 3, 0.0f), greyImage(2, 3, 0.5f)};
    writeIdxImages(scratch.path(images.toStdString()), written);
    writeIdxLabels(scratch.path(labels.toStdString()), Indices{7, 1});
    const auto dataset = openDataset(scratch.path(images.toStdString()));
    QCOMPARE(dataset->size(), std::int64_t(2));
    QVERIFY(labelsOf(*dataset) == (Indices{7, 1}));
    const Image second = dataset->image(1);
    QVERIFY(second.pixels == written[1].pixels);
    QCOMPARE(second.channels * 100 + second.height * 10 + second.width, 123);
    QCOMPARE(QString::fromStdString(second.source), images + "#1");
    // Plain images beside compressed labels.
    const std::string plain = scratch.write("other-images-idx3-ubyte", idxFile({2, 1, 3}, 6));
    writeIdxLabels(scratch.path("other-labels-idx1-ubyte.gz"), Indices{0, 3});
    QVERIFY(labelsOf(*openDataset(plain)) == (Indices{0, 3}));
    QCOMPARE(openDataset(plain)->image(1).pixels.at(2), 5 / 255.f);
}

void TestDataset::refusesIdx_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const Bytes& bytes, ErrorCode code, const char* says) {
        QTest::addRow("%s", name) << QByteArray(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size())) << int(code) << says;
    };
    row("promises more than there is", idxFile({3, 2, 2}, 11), ErrorCode::Format, "promises 3 x 2 x 2 bytes, but only 11 follow");
    row("promises less than there is", idxFile({3, 2, 2}, 13), ErrorCode::Format, "more follow");
    row("promises terabytes", idxFile({2147483647, 30000, 30000}, 4), ErrorCode::Resource, "4 GiB");
    row("sizes whose product overflows", idxFile({65536, 65536, 65536, 65536}, 4), ErrorCode::Resource, "4 GiB");
    row("ends inside the header", Bytes{0, 0, 8, 3, 0, 0}, ErrorCode::Format, "truncated inside its IDX header");
    row("images without pixels", idxFile({3, 0, 2}, 0), ErrorCode::Format, "nothing to show");
    row("labels instead of images", idxFile({3}, 3), ErrorCode::Shape, "holds no images");
    row("floats", Bytes{0, 0, 13, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0}, ErrorCode::Unsupported, "unsigned bytes");
    row("something else under the name", Bytes{'h', 'e', 'l', 'l', 'o'}, ErrorCode::Format, "not an IDX file");
    row("cut gzip", Bytes{0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0x63}, ErrorCode::Format, "gzip data are truncated or corrupted");
}

void TestDataset::refusesIdx()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Scratch scratch;
    const std::string path = scratch.write("odd-images-idx3-ubyte", std::string_view(content.constData(), std::size_t(content.size())));
    verifyError(openDataset(path), ErrorCode(code), qPrintable(says));
    verifyError(openDataset(path), ErrorCode(code), "odd-images-idx3-ubyte: ");
}

void TestDataset::refusesIdxLabelsThatDoNotFit()
{
    const Scratch scratch;
    const std::string images = scratch.write("x-images-idx3-ubyte", idxFile({2, 1, 1}, 2));
    scratch.write("x-labels-idx1-ubyte", idxFile({3}, 3));
    verifyError(openDataset(images), ErrorCode::Shape, "3 labels for the 2 images");
    scratch.write("x-labels-idx1-ubyte", idxFile({2}, 2));
    scratch.write("classes.txt", std::string_view("only one\n"));
    verifyError(openDataset(images), ErrorCode::Domain, "image 1 has the label 1, but there are only 1 class names");
}

void TestDataset::readsCifar_data()
{
    QTest::addColumn<bool>("isFine");
    QTest::addRow("CIFAR-10") << false;
    QTest::addRow("CIFAR-100, fine labels") << true;
}

void TestDataset::readsCifar()
{
    QFETCH(bool, isFine);
    const Scratch scratch;
    const auto bytes = isFine ? cifarFile({{19, 99}, {1, 0}}) : cifarFile({{9}, {0}});
    const auto dataset = openDataset(scratch.write("batch.bin", bytes));
    QVERIFY(labelsOf(*dataset) == (isFine ? Indices{99, 0} : Indices{9, 0}));
    const Image image = dataset->image(1);
    QCOMPARE(image.channels * 10000 + image.height * 100 + image.width, 33232);
    QCOMPARE(image.pixels.front(), 1 / 255.f);
    QCOMPARE(image.pixels.at(1024), 2 / 255.f);
    QCOMPARE(image.pixels.back(), 3 / 255.f);
    scratch.write("classes.txt", std::string_view("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n"));
    if (!isFine)
        QCOMPARE(openDataset(scratch.path("batch.bin"))->classNames().back(), std::string("j"));
}

void TestDataset::refusesCifar()
{
    const Scratch scratch;
    Bytes bytes = cifarFile({{9}, {0}});
    bytes.pop_back();
    verifyError(openDataset(scratch.write("short.bin", bytes)), ErrorCode::Format, "short.bin: 6145 bytes are no whole number");
    verifyError(openDataset(scratch.write("empty.bin", Bytes{})), ErrorCode::Format, "0 bytes");
    verifyError(openDataset(scratch.write("label.bin", cifarFile({{1}, {10}}))), ErrorCode::Domain, "record 1 has the label 10");
}

void TestDataset::readsManifest_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<qint64>>("labels");
    QTest::addColumn<QStringList>("names");
    const QStringList none;
    QTest::addRow("numbers") << "a.png,3\nb.png,1\n" << QList<qint64>{3, 1} << none;
    QTest::addRow("header, CRLF and byte order mark") << "\uFEFFpath,label\r\na.png,3\r\nb.png,1\r\n" << QList<qint64>{3, 1} << none;
    QTest::addRow("other columns between") << "file,note,index\na.png,x,3\nb.png,y,1\n" << QList<qint64>{3, 1} << none;
    QTest::addRow("class names") << "a.png,dog\nb.png,cat\n" << QList<qint64>{1, 0} << QStringList{"cat", "dog"};
    QTest::addRow("quoted name with comma and quote") << "a.png,\"tench, \"\"big\"\"\"\nb.png,cat\n" << QList<qint64>{1, 0}
                                                       << QStringList{"cat", "tench, \"big\""};
    QTest::addRow("no labels") << "path\na.png\nb.png\n" << QList<qint64>{-1, -1} << none;
    QTest::addRow("a label missing, no last newline") << "a.png,\nb.png,1" << QList<qint64>{-1, 1} << none;
}

void TestDataset::readsManifest()
{
    QFETCH(QString, text);
    QFETCH(QStringList, names);
    const Scratch scratch;
    saveImage(greyImage(1, 1, 0.2f), scratch.path("a.png"));
    saveImage(greyImage(1, 1, 0.4f), scratch.path("b.png"));
    const auto dataset = openDataset(scratch.write("set.csv", text.toStdString()));
    const Indices labels = labelsOf(*dataset);
    QTEST(QList<qint64>(labels.begin(), labels.end()), "labels");
    QCOMPARE(dataset->image(1).pixels.at(0), 0.4f);
    QCOMPARE(dataset->classNames().size(), std::size_t(names.size()));
    for (qsizetype i = 0; i < names.size(); ++i)
        QCOMPARE(QString::fromStdString(dataset->classNames()[std::size_t(i)]), names[i]);
}

void TestDataset::refusesManifest_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    QTest::addRow("empty") << "\n" << int(ErrorCode::Format) << "is empty";
    QTest::addRow("header only") << "path,label\n" << int(ErrorCode::Format) << "header line only";
    QTest::addRow("no name") << "a.png,1\n,2\n" << int(ErrorCode::Format) << "row 2 names no image";
    QTest::addRow("negative label") << "a.png,-1\n" << int(ErrorCode::Domain) << "label -1";
}

void TestDataset::refusesManifest()
{
    QFETCH(QString, text);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Scratch scratch;
    verifyError(openDataset(scratch.write("set.csv", text.toStdString())), ErrorCode(code), qPrintable(says));
    const auto dangling = openDataset(scratch.write("set.csv", std::string_view("gone.png,1\n")));
    verifyError(dangling->image(0), ErrorCode::Io, "gone.png: cannot be read");
    scratch.write("classes.txt", std::string_view("cat\ndog\n"));
    verifyError(openDataset(scratch.write("set.csv", std::string_view("a.png,dgo\n"))), ErrorCode::Domain, "did you mean \"dog\"");
    verifyError(openDataset(scratch.write("set.csv", std::string_view("a.png,2\n"))), ErrorCode::Domain, "only 2 class names");
}

void TestDataset::readsNpyShapes_data()
{
    QTest::addColumn<QString>("shape");
    QTest::addColumn<QString>("images"); ///< N x C x H x W
    QTest::addColumn<int>("second");     ///< value that comes second in the first picture's first channel
    QTest::addRow("[N,C,H,W]") << "2, 3, 1, 2" << "2 x 3 x 1 x 2" << 1;
    QTest::addRow("[N,H,W,C]") << "1, 2, 2, 3" << "1 x 3 x 2 x 2" << 3;
    QTest::addRow("[C,H,W]") << "3, 2, 2" << "1 x 3 x 2 x 2" << 1;
    QTest::addRow("[H,W,C]") << "2, 2, 3" << "1 x 3 x 2 x 2" << 3;
    QTest::addRow("grey [N,H,W]") << "2, 3, 2" << "2 x 1 x 3 x 2" << 1;
    QTest::addRow("grey [H,W]") << "4, 3" << "1 x 1 x 4 x 3" << 1;
}

void TestDataset::readsNpyShapes()
{
    QFETCH(QString, shape);
    QFETCH(int, second);
    const Scratch scratch;
    Bytes bytes(12);
    std::vector<float> floats(12);
    for (int i = 0; i < 12; ++i)
        floats[std::size_t(i)] = float(bytes[std::size_t(i)] = std::uint8_t(i)) / 255.0f;
    for (const auto& path : {scratch.write("bytes.npy", npyOf("|u1", shape.toStdString(), bytes)),
             scratch.write("floats.npy", npyOf("<f4", shape.toStdString(), floats))}) {
        const auto dataset = openDataset(path);
        const Image image = dataset->image(0);
        QTEST(QStringLiteral("%1 x %2 x %3 x %4").arg(dataset->size()).arg(image.channels).arg(image.height).arg(image.width), "images");
        QCOMPARE(image.pixels.at(1), float(second) / 255.0f);
        QVERIFY(image.notes.empty());
    }
}

void TestDataset::readsNpyVersions_data()
{
    QTest::addColumn<int>("version");
    for (int version = 1; version <= 3; ++version)
        QTest::addRow("version %d", version) << version;
}

void TestDataset::readsNpyVersions()
{
    QFETCH(int, version);
    const Scratch scratch;
    const std::vector<float> values{0.0f, 0.5f, 1.0f, 0.25f};
    const std::string path = scratch.write("x.npy", npyFile(dictionary("<f4", "1, 1, 2, 2"), values.data(), 16, version));
    QVERIFY(openDataset(path)->image(0).pixels == values);
}

void TestDataset::readsNpyDoublesAndClamps()
{
    const Scratch scratch;
    const auto dataset = openDataset(scratch.write("x.npy", npyOf<double>("<f8", "1, 1, 1, 3", {-5e-7, 0.1, 1 + 5e-7})));
    const Image image = dataset->image(0);
    QVERIFY(image.pixels == (std::vector<float>{0.0f, 0.1f, 1.0f}));
    QCOMPARE(image.notes.size(), std::size_t(1));
    QCOMPARE(image.notes[0].code, std::string("clamped"));
}

void TestDataset::refusesNpy_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const Bytes& bytes, ErrorCode code, const char* says) {
        QTest::addRow("%s", name) << QByteArray(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size())) << int(code) << says;
    };
    const std::vector<float> four{0, 0, 0, 0};
    const auto floats = [&](const std::string& shape, float last) {
        return npyOf<float>("<f4", shape, {0, 0, 0, last});
    };
    row("no .npy", Bytes{'h', 'e', 'l', 'l', 'o', ' ', 'w', 'o', 'r', 'l', 'd', '!'}, ErrorCode::Format, "not a .npy file");
    row("values of 0 to 255", floats("1, 1, 2, 2", 255), ErrorCode::Domain, "values run from 0 to 255");
    row("normalised values", floats("1, 1, 2, 2", -2), ErrorCode::Domain, "values run from -2 to 0");
    row("just outside the tolerance", floats("1, 1, 2, 2", 1.00001f), ErrorCode::Domain, "values run from");
    row("not a number", floats("1, 1, 2, 2", std::nanf("")), ErrorCode::Domain, "NaN");
    row("infinite", floats("1, 1, 2, 2", std::numeric_limits<float>::infinity()), ErrorCode::Domain, "to inf");
    row("shape promises more", floats("1, 1, 2, 3", 0), ErrorCode::Format, "[1,1,2,3] of f4, but 16 bytes follow");
    row("shape promises less", floats("1, 1, 1, 2", 0), ErrorCode::Format, "but 16 bytes follow");
    row("shape overflows", floats("4294967296, 4294967296, 3, 3", 0), ErrorCode::Format, "promises the shape");
    row("alpha", npyOf<float>("<f4", "1, 4, 2, 2", std::vector<float>(16)), ErrorCode::Shape, "neither 1 nor 3 channels");
    row("bytes with channels first or last?", npyOf<std::uint8_t>("|u1", "1, 1, 2, 3", Bytes(6)), ErrorCode::Shape, "channels first or last");
    row("one dimension", floats("4,", 0), ErrorCode::Shape, "holds no images");
    row("no pixels", npyOf<float>("<f4", "1, 1, 0, 4", {}), ErrorCode::Format, "nothing to show");
    row("Fortran order", npyFile(dictionary("<f4", "1, 1, 2, 2", "True"), four.data(), 16), ErrorCode::Unsupported, "ascontiguousarray");
    row("big-endian", npyFile(dictionary(">f4", "1, 1, 2, 2"), four.data(), 16), ErrorCode::Unsupported, "little-endian");
    row("half precision", npyFile(dictionary("<f2", "1, 1, 2, 4"), four.data(), 16), ErrorCode::Unsupported, "type f2");
    row("objects", npyFile(dictionary("|O", "1, 1, 2, 2"), four.data(), 16), ErrorCode::Unsupported, "plain little-endian");
    row("no dictionary", npyFile("hello", four.data(), 16), ErrorCode::Format, "header cannot be read");
    row("negative size", floats("1, 1, -2, -2", 0), ErrorCode::Format, "header cannot be read");
    row("header longer than the file", Bytes{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 255, 255, '{', '}'}, ErrorCode::Format, "truncated inside");
}

void TestDataset::refusesNpy()
{
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Scratch scratch;
    const std::string path = scratch.write("odd.npy", std::string_view(content.constData(), std::size_t(content.size())));
    verifyError(openDataset(path), ErrorCode(code), qPrintable(says));
    verifyError(openDataset(path), ErrorCode(code), "odd.npy: ");
}

void TestDataset::writesNpy()
{
    const Scratch scratch;
    const std::vector<Image> images{greyImage(2, 3, 0.0f), greyImage(2, 3, 0.5f)};
    writeNpy(scratch.path("out.npy"), images);
    const Bytes bytes = readFile(scratch.path("out.npy"), 1 << 20);
    const std::string header(bytes.begin() + 10, bytes.begin() + 128);
    QVERIFY(header.starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1, 2, 3), }"));
    QVERIFY(header.ends_with('\n'));
    QCOMPARE(bytes.size(), std::size_t(128 + 2 * 6 * 4)); // the data begin at a multiple of 64
    const auto dataset = openDataset(scratch.path("out.npy"));
    QVERIFY(dataset->image(0).pixels == images[0].pixels && dataset->image(1).pixels == images[1].pixels);
    writeNpyLabels(scratch.path("labels.npy"), Indices{4, -1});
    QVERIFY(readNpyLabels(scratch.path("labels.npy")) == (Indices{4, -1}));
    writeNpy(scratch.path("none.npy"), {});
    QCOMPARE(readFile(scratch.path("none.npy"), 1 << 20).size() % 64, std::size_t(0));
}

void TestDataset::reportsUnwritableNpy()
{
    const Scratch scratch;
    const std::vector<Image> images{greyImage(2, 3, 0.0f), greyImage(3, 2, 0.5f)};
    verifyError(writeNpy(scratch.path("out.npy"), images), ErrorCode::Shape, "out.npy: images of different sizes");
    QVERIFY(QDir(QString::fromStdString(scratch.path(""))).isEmpty());
    verifyError(writeNpy(scratch.path("no/out.npy"), std::span(images).first(1)), ErrorCode::Io, "out.npy: cannot be written");
    if (QFile::exists(QStringLiteral("/dev/full")))
        verifyError(writeNpy("/dev/full", std::span(images).first(1)), ErrorCode::Io, "/dev/full: cannot be written");
}

void TestDataset::readsLabelFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    const auto bytes = [](const Bytes& content) { return QByteArray(reinterpret_cast<const char*>(content.data()), qsizetype(content.size())); };
    QTest::addRow("text of numbers") << "labels.txt" << QByteArray("2\n0\n1\n");
    QTest::addRow("text of names") << "labels.txt" << QByteArray("frog\ncat\r\n dog\n\n");
    QTest::addRow("table without header") << "labels.csv" << QByteArray("a.png,2\nb.png,0\nc.png,1\n");
    QTest::addRow("table with header") << "labels.csv" << QByteArray("label,note\n2,x\n0,y\n1,z\n");
    QTest::addRow("IDX") << "labels-idx1-ubyte" << bytes(Bytes{0, 0, 8, 1, 0, 0, 0, 3, 2, 0, 1});
    QTest::addRow("int64 array") << "labels.npy" << bytes(npyOf<std::int64_t>("<i8", "3,", {2, 0, 1}));
    QTest::addRow("int32 array") << "labels.npy" << bytes(npyOf<std::int32_t>("<i4", "3,", {2, 0, 1}));
    QTest::addRow("uint8 array") << "labels.npy" << bytes(npyOf<std::uint8_t>("|u1", "3,", {2, 0, 1}));
}

void TestDataset::readsLabelFiles()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    const Scratch scratch;
    DatasetOptions options;
    options.labelsPath = scratch.write(name.toStdString(), std::string_view(content.constData(), std::size_t(content.size())));
    const auto dataset = openDataset(writeUnlabelled(scratch), options);
    QVERIFY(labelsOf(*dataset) == (Indices{2, 0, 1}));
    QCOMPARE(dataset->image(2).pixels.at(0), 2 / 255.f);
    QCOMPARE(dataset->classNames().size(), std::size_t(3));
}

void TestDataset::refusesLabelFiles_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto floats = npyOf<float>("<f4", "3,", {0, 1, 2});
    QTest::addRow("too few") << "l.txt" << QByteArray("0\n1\n") << int(ErrorCode::Shape) << "l.txt: holds 2 labels for the 3 images";
    QTest::addRow("outside the classes") << "l.txt" << QByteArray("0\n1\n3\n") << int(ErrorCode::Domain) << "l.txt: image 2 has the label 3";
    QTest::addRow("negative") << "l.txt" << QByteArray("0\n-1\n2\n") << int(ErrorCode::Domain) << "l.txt: image 1 has the label -1";
    QTest::addRow("no class") << "l.txt" << QByteArray("cat\nhorse\ndog\n") << int(ErrorCode::Domain) << "label 1: Unknown class \"horse\"";
    QTest::addRow("fractions") << "l.npy" << QByteArray(reinterpret_cast<const char*>(floats.data()), qsizetype(floats.size()))
                               << int(ErrorCode::Unsupported) << "whole numbers";
    QTest::addRow("no known file") << "l.bin" << QByteArray("hello") << int(ErrorCode::Format) << "l.bin: this is not an IDX file";
    QTest::addRow("ragged table") << "l.csv" << QByteArray("a,0\nb\nc,1\n") << int(ErrorCode::Format) << "row 2";
}

void TestDataset::refusesLabelFiles()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(int, code);
    QFETCH(QString, says);
    const Scratch scratch;
    DatasetOptions options;
    options.labelsPath = scratch.write(name.toStdString(), std::string_view(content.constData(), std::size_t(content.size())));
    verifyError(openDataset(writeUnlabelled(scratch), options), ErrorCode(code), qPrintable(says));
}

void TestDataset::checksLabelsAgainstClasses()
{
    const Scratch scratch;
    const auto dataset = openDataset(scratch.write("x.bin", cifarFile({{3}, {9}})));
    checkLabels(*dataset, 10);
    verifyError(checkLabels(*dataset, 9), ErrorCode::Domain, "x.bin: image 1 has the label 9, but the model has the classes 0 to 8");
}

void TestDataset::refusesUnknownFiles()
{
    const Scratch scratch;
    verifyError(openDataset(scratch.path("none.png")), ErrorCode::Io, "none.png: there is no such file");
    verifyError(openDataset(scratch.write("notes.txt", std::string_view("hello"))), ErrorCode::Unsupported, "notes.txt: this is neither");
    verifyError(openDataset(scratch.write("empty", Bytes{})), ErrorCode::Unsupported, "empty: this is neither");
}

void TestDataset::refusesIndicesOutside()
{
    const Scratch scratch;
    const auto dataset = openDataset(scratch.write("x.bin", cifarFile({{3}})));
    verifyError(dataset->image(1), ErrorCode::Domain, "x.bin: there is no image 1; the set has 1");
    verifyError(dataset->label(-1), ErrorCode::Domain, "there is no image -1");
}

void TestDataset::survivesCorruption_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"x-images-idx3-ubyte", "x-images-idx3-ubyte.gz", "x.bin", "x.npy", "x.csv"})
        QTest::addRow("%s", name) << name;
}

void TestDataset::survivesCorruption()
{
    QFETCH(QString, name);
    const Scratch scratch;
    const std::string path = scratch.path(name.toStdString());
    const std::vector<Image> images{greyImage(5, 5, 0.1f), greyImage(5, 5, 0.2f)};
    if (path.ends_with(".gz"))
        writeIdxImages(path, images);
    else if (path.ends_with(".npy"))
        writeNpy(path, images);
    else if (path.ends_with(".bin"))
        scratch.write(name.toStdString(), cifarFile({{3}, {9}}));
    else if (path.ends_with(".csv"))
        scratch.write(name.toStdString(), std::string_view("path,label\na.png,3\n\"b.png\",1\n"));
    else
        scratch.write(name.toStdString(), idxFile({2, 5, 5}, 50));
    const Bytes whole = readFile(path, 1 << 20);
    Rng rng(13);
    for (int trial = 0; trial < 200; ++trial) {
        Bytes bytes = whole;
        if (trial % 2)
            bytes.resize(std::size_t(rng.below(bytes.size())));
        for (std::uint64_t change = rng.below(6); change > 0 && !bytes.empty(); --change)
            bytes[std::size_t(rng.below(std::min<std::size_t>(bytes.size(), 150)))] = std::uint8_t(rng.bits());
        scratch.write(name.toStdString(), bytes);
        const auto error = test::errorOf([&] {
            const auto dataset = openDataset(path);
            for (std::int64_t i = 0; i < std::min<std::int64_t>(dataset->size(), 3); ++i)
                (void)dataset->image(i);
        });
        if (error)
            QVERIFY2(!error->message().empty() && error->message().ends_with('.'), error->what());
    }
}

void TestDataset::listsFormats()
{
    const auto formats = datasetFormats();
    QCOMPARE(formats.size(), std::size_t(6));
    for (const DatasetFormat& format : formats)
        QVERIFY(!format.name.empty() && !format.summary.empty());
}

QTEST_APPLESS_MAIN(TestDataset)
#include "tst_dataset.moc"
